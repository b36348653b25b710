"""Deployments of copydesk's flows at a Prefect server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType
from pydantic import ValidationError

from copydesk import SettingsError
from copydesk_flows.process import process, reprocess, retry
from copydesk_flows.settings.inboxes import FlowName, WatchedInbox
from copydesk_flows.upkeep_flows import backfill, compact

TAG = "copydesk"
"""The tag of all deployments."""
DEPLOYED = "copydesk-deploy"
"""The tag of deployments of ``copydesk deploy``, which uses it to find those that are no longer in the settings file."""
POOL_TYPE = "process"
"""The type of work pool whose workers run a flow in a process of its own."""
PAGE = 200
"""Deployments per request: the most that the server returns."""


def flow_of(name: FlowName) -> Flow[..., Any]:
    """Return a flow by its name."""
    flows: dict[FlowName, Flow[..., Any]] = {"process": process, "retry": retry, "reprocess": reprocess, "backfill": backfill,
                                             "compact": compact}
    return flows[name]


def deployment_of(watch: WatchedInbox, *tags: str) -> RunnerDeployment:
    """Make a deployment. Only one run of it is active at a time; a run that becomes due meanwhile is cancelled.

    Raises:
        SettingsError: Prefect does not take its schedule.
    """
    try:
        return RunnerDeployment.from_flow(
            flow_of(watch.flow), watch.name, parameters=watch.parameters, cron=watch.timing.cron, interval=watch.timing.every, paused=False,
            tags=[TAG, *tags], entrypoint_type=EntrypointType.MODULE_PATH,
            concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW))
    except ValidationError as error:
        raise SettingsError(f"{watch.name}: Prefect does not take its schedule: {error.errors()[0]['msg']}") from error


def ensure_pool(name: str) -> bool:
    """Create a process work pool if there is none of its name.

    Returns:
        Whether it was created.

    Raises:
        SettingsError: there is a pool of that name with another type.
    """
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=name, type=POOL_TYPE, description="copydesk's flows"))
        except ObjectAlreadyExists:
            pool = client.read_work_pool(name)
            if pool.type != POOL_TYPE:
                raise SettingsError(f"the work pool {name} is of type {pool.type}, not {POOL_TYPE}: name another one") from None
            return False
    return True


def others(watches: tuple[WatchedInbox, ...]) -> dict[str, Any]:
    """Return deployments of earlier calls of ``copydesk deploy`` from the same settings file that are not among ``watches``.

    Returns:
        The ids of the deployments, by name.
    """
    names = {(watch.flow, watch.name) for watch in watches}
    files = {watch.parameters["config"] for watch in watches}
    found = {}
    with get_client(sync_client=True) as client:
        for deployment in _deployed(client):
            flow = client.read_flow(deployment.flow_id).name
            if (flow, deployment.name) not in names and deployment.parameters.get("config") in files:
                found[f"{flow}/{deployment.name}"] = deployment.id
    return found


def _deployed(client: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    """Yield all deployments of ``copydesk deploy``."""
    wanted, read = DeploymentFilter(tags=DeploymentFilterTags(all_=[DEPLOYED])), 0
    while page := client.read_deployments(deployment_filter=wanted, limit=PAGE, offset=read):
        yield from page
        read += len(page)


def delete(identity: Any) -> None:
    """Delete a deployment. The server keeps its runs."""
    with get_client(sync_client=True) as client:
        client.delete_deployment(identity)
