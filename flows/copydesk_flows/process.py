"""The flow ``process``: plan shards, one task a shard, commit in order, leave the run's report as an artifact.

The work itself is the engine's: a direct run and a flow run call the same functions and give the same bytes.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from contextvars import ContextVar
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Annotated, Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events.worker import EventsWorker
from prefect.exceptions import TerminationSignal
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from pydantic import Field

from copydesk import CopydeskError, RunReport, Status, inert, staging
from copydesk.engine import Job, Progress, Shard, StagedPart, open_job
from copydesk.layout import is_passing
from copydesk_flows.exits import Exit
from copydesk_flows.options import Overrides, resolve
from copydesk_flows.report import as_markdown

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.futures import PrefectFuture

ARTIFACT = "copydesk-run"
_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("copydesk_listener", default=None)


@flow(name="process", description="Scraped pages in, committed batches of the dataset out.", persist_result=False)
def process(inputs: Annotated[list[str], Field(min_length=1)], output: str = "output", config: str | None = None,
            settings: Overrides | None = None, refresh: bool = False, retry: bool = False) -> RunReport:
    """One run over files and folders; ``config`` is a settings file, ``settings`` what is set over it.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    logger = get_run_logger()
    with open_job(inputs, output, resolve(config, settings), refresh=refresh, retry=retry,
                  on_progress=_listener.get()) as job:
        logger.info("%d shards planned", len(job.shards))
        with closing(_in_order(job)) as parts:
            for part in parts:
                job.commit(part)
        report = job.finish()
    create_markdown_artifact(as_markdown(report), key=ARTIFACT, description=f"copydesk: {report.inputs} inputs")
    logger.info("%d inputs: %s", report.inputs, dict(report.counts))
    return report


class Work:
    """A shard with its job, opaque to Prefect: nothing in it is a future, and nothing of it is worth recording. ``parts`` are the staged
    parts that wait for their commit."""

    __slots__ = ("job", "parts", "shard")

    def __init__(self, job: Job, shard: Shard) -> None:
        self.job = job
        self.shard = shard
        self.parts: SimpleQueue[StagedPart] = SimpleQueue()


def is_worth_another_try(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed shard is worth another try."""
    try:
        state.result()
    except Exception as error:  # noqa: BLE001  # whatever else the shard died of will be there again
        return is_passing(error)
    return False


@task(name="shard", task_run_name="shard-{number}", retries=2, retry_delay_seconds=[1, 10], retry_condition_fn=is_worth_another_try,
      cache_policy=NO_CACHE, persist_result=False)
def process_shard(work: Work, number: int) -> int:
    """Process one shard; its rows are staged, part by part, and committed by the flow. The log names each quarantined page."""
    count = 0
    for part in work.job.process(work.shard):
        _log_quarantined(Path(part.folder))
        work.parts.put(part)
        count += 1
    return count


def _log_quarantined(folder: Path) -> None:
    logger = get_run_logger()
    rows = [page.reject for page in staging.read(folder).pages if page.status is Status.QUARANTINED]
    for row in rows[:LOGGED]:
        place = f"{row['source_path']}" + (f" record {row['record']}" if row.get("record") else "")
        logger.warning("quarantined %s: %s: %s", inert(place), row["code"], inert(f"{row['message']}"))
    if len(rows) > LOGGED:
        logger.warning("and %d more quarantined in this part of the shard: the table rejects has them all", len(rows) - LOGGED)


LOGGED = 100


def _in_order(job: Job) -> Generator[StagedPart]:
    """The staged parts in order, a few shards under way at once; on the way out every submitted shard is ended and waited for."""
    pending: deque[tuple[Work, PrefectFuture[int]]] = deque()
    try:
        for shard in job.shards:
            if len(pending) == WIDTH:
                yield from _parts(*pending.popleft())
            work = Work(job, shard)
            pending.append((work, process_shard.submit(work, shard.number)))
        while pending:
            yield from _parts(*pending.popleft())
    except BaseException:
        job.stop()
        raise
    finally:
        for _, future in pending:
            future.wait()


def _parts(work: Work, future: PrefectFuture[int]) -> Generator[StagedPart]:
    """The parts of a shard as they come. One that is tried again gives its first parts again; the job leaves them out.

    Raises:
        CopydeskError: the shard's task ended without an end.
    """
    while True:
        try:
            part = work.parts.get(timeout=POLL_SECONDS)
        except Empty:
            if future.state.is_final():
                future.result()
                if work.parts.empty():
                    raise CopydeskError(f"shard {work.shard.number} ended without its last part") from None
            continue
        yield part
        if part.last:
            future.wait()
            return


POLL_SECONDS = 0.5
WIDTH = 2
"""Shards under way at once: the second one keeps the page processes busy while the first one's rows are written."""
SEND_SECONDS = 10


def run_flow(inputs: list[str], output: str, config: str | None, settings: Overrides, refresh: bool,
             listener: Callable[[Progress], None] | None = None, retry: bool = False) -> RunReport:
    """The flow in this process; ``listener`` hears of its progress. Without heartbeats: their thread delays the end by a second,
    and who runs a command sees it die."""
    token = _listener.set(listener)
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            return process(inputs, output, config, settings, refresh, retry)
    except TerminationSignal as error:
        raise SystemExit(Exit.TERMINATED) from error
    finally:
        _listener.reset(token)
        _send_the_rest()


def _send_the_rest() -> None:
    """Wait until the server has what prefect still holds for it: logs and events. A server of our own ends right after this."""
    logging.getLogger(EventsWorker.__name__).setLevel(logging.ERROR)  # it warns of what we wait for
    EventsWorker.drain_all(timeout=SEND_SECONDS)
    APILogWorker.drain_all(timeout=SEND_SECONDS)
