"""End flow runs that a dead machine or process left in the state "Running".

The next run on the same output does this, and the next start of ``serve`` or ``deploy``. Each run is labelled with its machine and
process. On that machine, the run is lost when its process is gone. On other machines, and without a label, it is lost when the server has
not heard of it for `SILENT_MINUTES`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import psutil
from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runtime import flow_run
from prefect.states import Crashed

from copydesk_flows.flow_steps.artifacts import spared

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

FLOWS = ("process", "retry", "reprocess", "backfill", "compact")
"""The names of copydesk's flows."""
HOST, PROCESS = "copydesk.host", "copydesk.process"
"""The labels of a run: the name of its machine; the id of its process and the process's start, in seconds since 1970."""
SILENT_MINUTES = 15
"""A run on another machine is lost when the server has not heard of it for this long."""
SAME_SECONDS = 60
"""A process that started at most this much earlier or later than its label says is the same one: the clock may have been set. Another
process with the same id starts later than that."""
MANY = 200
"""The number of running flow runs that the server is asked for."""


def begin(output: str) -> None:
    """Label the current flow run, and end the lost runs on its output."""
    with spared():
        with get_client(sync_client=True) as client:
            client.update_flow_run_labels(UUID(str(flow_run.id)), {HOST: socket.gethostname(), PROCESS: _mark(psutil.Process())})
        for told in _end(output, f"found by {flow_run.name}"):
            get_run_logger().warning("ended the lost run %s", told)


def end_before_start(outputs: Iterable[str]) -> list[str]:
    """End the lost runs on these outputs, and return their names.

    Otherwise a lost run would take up the place of its deployment, and no other run could start for minutes.
    """
    return [told for output in sorted(set(outputs)) for told in _end(output, f"found at the start of process {os.getpid()}")]


def _mark(process: psutil.Process) -> str:
    return f"{process.pid} {process.create_time():.0f}"


def _end(output: str, why: str) -> Iterator[str]:
    with get_client(sync_client=True) as client:
        for run in _running(client, output):
            if _is_gone(run) if run.labels.get(HOST) == socket.gethostname() else _is_silent(client, run):
                client.set_flow_run_state(run.id, Crashed(message=f"lost with its machine or process: {why}"), force=True)
                yield f"{run.name} ({run.id})"


def _running(client: SyncPrefectClient, output: str) -> list[FlowRun]:
    """Return the runs on an output that are running according to the server."""
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.CANCELLING]))
    flows = FlowFilter(name=FlowFilterName(any_=list(FLOWS)))
    found = client.read_flow_runs(flow_filter=flows, flow_run_filter=FlowRunFilter(state=states), limit=MANY,
                                  sort=FlowRunSort.START_TIME_ASC)
    return [run for run in found if run.parameters.get("output") == output]


def _is_gone(run: FlowRun) -> bool:
    """Tell whether the process of a run on this machine is gone."""
    try:
        identity, _, start = str(run.labels[PROCESS]).partition(" ")
        process = psutil.Process(int(identity))
        return bool(process.status() == psutil.STATUS_ZOMBIE or abs(process.create_time() - float(start)) > SAME_SECONDS)
    except (KeyError, ValueError, psutil.NoSuchProcess):
        return True
    except psutil.AccessDenied:
        return False


def _is_silent(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Tell whether the server has not heard of a run for long: no state, no task, no log, no heartbeat."""
    since = datetime.now(UTC) - timedelta(minutes=SILENT_MINUTES)
    if run.start_time is None or run.start_time > since:
        return False
    logs = client.request("POST", "/logs/filter", json={"logs": {"flow_run_id": {"any_": [str(run.id)]}, "timestamp": {
        "after_": since.isoformat()}}, "limit": 1})
    told = client.request("POST", "/events/filter", json={"limit": 1, "filter": {
        "occurred": {"since": since.isoformat()}, "related": {"id": [f"prefect.flow-run.{run.id}"]}}})
    own = client.request("POST", "/events/filter", json={"limit": 1, "filter": {
        "occurred": {"since": since.isoformat()}, "resource": {"id": [f"prefect.flow-run.{run.id}"]}}})
    return not (logs.json() or told.json()["total"] or own.json()["total"])
