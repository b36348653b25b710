"""The flows that bring pages in: ``process``, and over what is there already ``retry`` and ``reprocess``.

Plan shards, one task a shard, commit in order, show what happened. The work itself is the engine's: a direct run and a flow run call the
same functions and give the same bytes.
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
_left: ContextVar[Callable[[OutdatedRows], None] | None] = ContextVar("copydesk_left", default=None)
SEND_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What a flow was asked for."""

    inputs: list[str]
    output: str
    config: str | None
    settings: Overrides | None
    refresh: bool = False
    retry: bool = False
    selection: InputSelection = field(default_factory=InputSelection)


@flow(name="process", description="Scraped pages in, committed batches of the dataset out.", persist_result=False)
def process(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None,
            refresh: bool = False, retry: bool = False, below: Below = []) -> RunReport:  # noqa: B006  # Prefect shows it; nobody changes it
    """One run over files and folders; ``config`` is a settings file, ``settings`` what is set over it.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, refresh, retry, InputSelection(below=tuple(below))))


@flow(name="retry", description="Only what was rejected or quarantined is tried again.", persist_result=False)
def retry(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None) -> RunReport:
    """A run over those files of the inputs in which something was rejected or quarantined.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, selection=InputSelection(rejects=True)))


@flow(name="reprocess", description="Rows of an older fingerprint are made anew where their sources still stand.", persist_result=False)
def reprocess(inputs: Inputs, output: Output = "output", config: Config = None, settings: Overrides | None = None) -> RunReport:
    """A run over those files of the inputs that gave rows under another fingerprint. What stays of such rows is listed: their sources are
    gone from the inputs, or hold other bytes.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    return _done(Order(inputs, output, config, settings, selection=InputSelection(older=True)))


def _done(order: Order) -> RunReport:
    """The run. One on a schedule that finds the dataset in other hands is cancelled, not failed: its work is the next one's."""
    try:
        return _work(order)
    except LockedError as error:
        if not artifacts.is_deployed():
            raise
        return Cancelled(message=f"{error}")  # type: ignore[return-value]  # prefect takes a state in place of the value


def _work(order: Order) -> RunReport:
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
    """The staged parts of a job in order: from page processes here, or from Dask's workers."""
    if not isinstance(workers, str):
        with closing(in_order(job, watcher.show)) as parts:
            yield parts
        return
    watcher.counts_commits = True
    with dask_tasks.cluster(job, workers, order.inputs) as cluster, closing(cluster.in_order(watcher.show)) as parts:
        yield map(dask_tasks.show_part, parts)


def run_flow(work: Callable[[], RunReport], listener: Callable[[Progress], None] | None = None,
             left: Callable[[OutdatedRows], None] | None = None) -> RunReport:
    """A flow in this process; ``listener`` hears of its progress, ``left`` of rows that a reprocessing run left. Without heartbeats:
    their thread delays the end by a second, and who runs a command sees it die."""
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
    """Wait until the server has what prefect still holds for it: logs and events. A server of our own ends right after this."""
    logging.getLogger(EventsWorker.__name__).setLevel(logging.ERROR)  # it warns of what we wait for
    EventsWorker.drain_all(timeout=SEND_SECONDS)
    APILogWorker.drain_all(timeout=SEND_SECONDS)
