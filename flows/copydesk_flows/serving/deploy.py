"""``copydesk deploy``: register schedules as deployments of a work pool, whose workers do the runs."""

from __future__ import annotations

from copydesk import SettingsError
from copydesk_flows.console.exits import say
from copydesk_flows.serving import server
from copydesk_flows.settings.inboxes import WatchedInbox


def deploy(watches: tuple[WatchedInbox, ...], pool: str, prune: bool) -> None:
    """Register deployments at the configured server.

    Args:
        watches: the deployments.
        pool: the name of the work pool, which is created if there is none of that name.
        prune: whether to delete deployments of an earlier call that are not among ``watches``.

    Raises:
        SettingsError: no server is configured, or the pool is of another type.
        CopydeskError: the server does not answer.
    """
    if server.configured_server() is None:
        raise SettingsError("deploy needs a Prefect server that stays: start one (prefect server start) and set PREFECT_API_URL")
    with server.server(temporary=False, silent=True) as url:
        from copydesk_flows.flow_steps import lost_runs
        from copydesk_flows.serving import deployments

        for told in lost_runs.end_before_start(watch.parameters["output"] for watch in watches):
            say(f"ended the lost run {told}")
        if deployments.ensure_pool(pool):
            say(f"made the work pool {pool}")
        for watch in watches:
            deployments.deployment_of(watch, deployments.DEPLOYED).apply(work_pool_name=pool)
            say(f"deployed {watch.told}")
        for name, identity in deployments.others(watches).items():
            if prune:
                deployments.delete(identity)
            say(f"deleted {name}" if prune else f"{name} was deployed before and is not in the settings now; --prune deletes it")
        say(f"at {url}; runs are done by a worker: prefect worker start --pool {pool}")
