"""The flows that process pages: ``process`` takes in new ones, ``retry`` and ``reprocess`` work on known ones again.

A flow plans shards, runs a task for each of them, commits in order, and shows what happened. The engine does the work: a direct run and a
flow run call the same functions and write the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated

from prefect import flow, get_run_logger, tags
from prefect.events.worker import EventsWorker
from prefect.exceptions import TerminationSignal
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Cancelled
from pydantic import Field

from copydesk import LockedError, RunReport
from copydesk.operations import InputSelection, Job, Progress, StagedPart, open_job
from copydesk_flows.console.exits import Exit
from copydesk_flows.flow_steps import artifacts, dask_tasks, lost_runs
from copydesk_flows.flow_steps.shard_tasks import in_order
from copydesk_flows.run_summary.outdated_rows import OutdatedRows, outdated_rows
from copydesk_flows.settings.overrides import Overrides, resolve

Inputs = Annotated[list[str], Field(min_length=1, description="files, folders, or s3://bucket/prefix")]
Output = Annotated[str, Field(min_length=1, description="the dataset's folder, or s3://bucket/prefix")]
Config = Annotated[str | None, Field(description="settings file, as an absolute path")]
Below = Annotated[list[str], Field(description="only what lies at or below these paths in the inputs")]
_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("copydesk_listener", default=None)
"""Called with the progress of a flow run of this process."""
_left: ContextVar[Callable[[OutdatedRows], None] | None] = ContextVar("copydesk_left", default=None)
"""Called with the rows of an older fingerprint that a flow run of this process left."""
SEND_SECONDS = 10
"""How long to wait at the end of a flow until the server has its events, and then until it has its logs."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a flow was asked for.

    Attributes:
        inputs: files, folders and URLs of object stores.
        output: the dataset: a folder, or a URL of an object store.
        config: the settings file; None for the defaults.
        settings: what is set over the settings file; None for nothing.
        refresh: whether unchanged inputs are processed again.
        retry: whether rejected and quarantined inputs are processed again.
        selection: which inputs the run looks at.
    """

    inputs: list[str]
    output: str
    config: str | None
    settings: Overrides | None
    refresh: bool = False
    retry: bool = False
    selection: InputSelection = field(default_factory=InputSelection)


@flow(name="process", description="Scraped pages in, committed batches of the dataset out.", persist_result=False)
def process(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None,
            refresh: bool = False, retry: bool = False, below: Below = []) -> RunReport:  # noqa: B006  # Prefect shows the default; no code changes it
    """Run once over files and folders. ``config`` is a settings file, ``settings`` is set over it.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, refresh, retry, InputSelection(below=tuple(below))))


@flow(name="retry", description="Only what was rejected or quarantined is tried again.", persist_result=False)
def retry(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None) -> RunReport:
    """Run over those files of the inputs in which something was rejected or quarantined.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, selection=InputSelection(rejects=True)))


@flow(name="reprocess", description="Rows of an older fingerprint are made anew where their sources still stand.", persist_result=False)
def reprocess(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None) -> RunReport:
    """Run over those files of the inputs that gave rows under another fingerprint.

    Afterwards the flow lists the rows that still have another fingerprint: their sources are not in the inputs, or hold other bytes.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, selection=InputSelection(older=True)))


def _done(order: Order) -> RunReport:
    """Do the run. If another run holds the dataset, a scheduled run is cancelled and does not fail: the next one does its work."""
    try:
        return _work(order)
    except LockedError as error:
        if not artifacts.is_deployed():
            raise
        return Cancelled(message=f"{error}")  # type: ignore[return-value]  # prefect takes a state in place of the value


def _work(order: Order) -> RunReport:
    """Do the run, and show its progress and its report at the server."""
    logger = get_run_logger()
    watcher, settings = artifacts.Watcher(_listener.get()), resolve(order.config, order.settings)
    lost_runs.begin(order.output)
    with tags(*artifacts.TAGS), open_job(
            order.inputs, order.output, settings, refresh=order.refresh, retry=order.retry,
            on_progress=watcher.hear, selection=order.selection, note=artifacts.note()) as job:
        logger.info("%d shards planned", len(job.shards))
        with _parts(job, order, settings.run.workers, watcher) as parts:
            for part in parts:
                watcher.count(part)
                job.commit(part)
                watcher.hear_of(job)
                watcher.show()
        report = job.finish()
        outdated = outdated_rows(job) if order.selection.older else None
        with artifacts.spared():
            artifacts.show(report, watcher, outdated)
    if outdated is not None and (hear := _left.get()) is not None:
        hear(outdated)
    logger.info("%d inputs: %s", report.inputs, dict(report.counts))
    return report


@contextmanager
def _parts(job: Job, order: Order, workers: int | str, watcher: artifacts.Watcher) -> Iterator[Iterator[StagedPart]]:
    """Yield the staged parts of a job in order, from page processes on this machine or from workers of Dask."""
    if not isinstance(workers, str):
        with closing(in_order(job, watcher.show)) as parts:
            yield parts
        return
    watcher.counts_commits = True
    with dask_tasks.cluster(job, workers, order.inputs) as cluster, closing(cluster.in_order(watcher.show)) as parts:
        yield map(dask_tasks.show_part, parts)


def run_flow(work: Callable[[], RunReport], listener: Callable[[Progress], None] | None = None,
             left: Callable[[OutdatedRows], None] | None = None) -> RunReport:
    """Run a flow in this process, without heartbeats.

    The thread of heartbeats would delay the end by a second. It is not needed: the user of a command sees when the command dies.

    Args:
        work: runs the flow.
        listener: called with the progress; None for no calls.
        left: called with the rows of an older fingerprint that a reprocessing run left; None for no calls.

    Returns:
        The report of the run.
    """
    token, other = _listener.set(listener), _left.set(left)
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}), tags(*artifacts.TAGS):
            return work()
    except TerminationSignal as error:
        raise SystemExit(Exit.TERMINATED) from error
    finally:
        _listener.reset(token)
        _left.reset(other)
        send_the_rest()


def send_the_rest() -> None:
    """Wait until the server has the events and logs that Prefect still holds. A server that this command started ends right after this."""
    logging.getLogger(EventsWorker.__name__).setLevel(logging.ERROR)  # it would warn that events wait
    EventsWorker.drain_all(timeout=SEND_SECONDS)
    APILogWorker.drain_all(timeout=SEND_SECONDS)
