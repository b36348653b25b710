"""Flow runs that a dead machine left "Running": ended by the next run on the same output, or by the next start."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runtime import flow_run
from prefect.states import Crashed

from copydesk import LockedError, store
from copydesk.files import is_remote

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

FLOWS = ("process", "retry", "reprocess")
WAITING = ("backfill", "compact")
"""Flows that run without the lock while they wait for it."""
HOST = "copydesk.host"
"""The label of a run that names the machine it is on."""
SILENT_MINUTES = 15
"""A run on an object store or on another machine, of which no lock tells, is lost when the server has not heard of it for so long."""
MANY = 200
PAUSE_SECONDS = 5.0
"""So long a run has that seems lost: it may be about to find the dataset locked, or be done with it and not yet have told the server."""


def sign() -> None:
    """Label the flow run under way with its machine."""
    with get_client(sync_client=True) as client:
        client.update_flow_run_labels(UUID(str(flow_run.id)), {HOST: socket.gethostname()})


def end_runs(output: str) -> None:
    """End other runs on this output that the server takes for running. Call it in a flow, with the dataset's lock held: on a folder
    nobody else on this machine can be at work then; of those that may wait for the lock, of runs on other machines (whose folder may be
    another one of this path), and on an object store, whose lock is a machine's own, only runs that were silent for long are ended."""
    ours = frozenset({str(flow_run.id), str(flow_run.parent_flow_run_id)})
    for told in _end(output, f"found by {flow_run.name}, which holds the dataset now", ours):
        get_run_logger().warning("ended the lost run %s", told)


def end_before_start(outputs: Iterable[str]) -> list[str]:
    """End what a machine left running before it started again, on outputs in folders that nobody holds; the names of the runs. A run
    that seems to be under way keeps its deployment's place, so that no other would start for minutes."""
    found: list[str] = []
    for output in sorted({each for each in outputs if not is_remote(each)}):
        place = store.at(output)
        if place.layout.ledger.is_dir():
            with suppress(LockedError), place.lock():
                found += _end(output, "nobody holds the dataset", frozenset())
    return found


def _end(output: str, why: str, ours: Set[str]) -> Iterator[str]:
    with get_client(sync_client=True) as client:
        for names, lock_tells in ((FLOWS, not is_remote(output)), (WAITING, False)):
            for run in _still_running(client, names, output, ours):
                if (lock_tells and _is_here(run)) or _is_silent(client, run):
                    client.set_flow_run_state(run.id, Crashed(message=f"lost with its machine or process: {why}"), force=True)
                    yield f"{run.name} ({run.id})"


def _still_running(client: SyncPrefectClient, names: Sequence[str], output: str, ours: Set[str]) -> list[FlowRun]:
    """Those of the running ones that are no further after a pause."""
    if not (found := _running(client, names, output, ours)):
        return []
    time.sleep(PAUSE_SECONDS)
    before = {run.id for run in found}
    return [run for run in _running(client, names, output, ours) if run.id in before]


def _running(client: SyncPrefectClient, names: Sequence[str], output: str, ours: Set[str]) -> list[FlowRun]:
    """Other runs on this output, by the names of their flows, that the server takes for running."""
    states = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.CANCELLING]))
    flows = FlowFilter(name=FlowFilterName(any_=list(names)))
    found = client.read_flow_runs(flow_filter=flows, flow_run_filter=FlowRunFilter(state=states), limit=MANY,
                                  sort=FlowRunSort.START_TIME_ASC)
    return [run for run in found if str(run.id) not in ours and run.parameters.get("output") == output]


def _is_here(run: FlowRun) -> bool:
    """Whether a run is on this machine, or does not say where it is."""
    here = socket.gethostname()
    return run.labels.get(HOST, here) == here


def _is_silent(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether nothing was heard of a run: no state, no task, no log, no heartbeat."""
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
