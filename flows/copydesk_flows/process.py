"""The flow ``process``: plan shards, one task a shard, commit in order, leave the run's report as an artifact.

The work itself is the engine's: a direct run and a flow run call the same functions and give the same bytes.
"""

from __future__ import annotations

import errno
import logging
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from contextvars import ContextVar
from pathlib import Path
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
from copydesk.engine import Job, Progress, Shard, ShardResult, open_job
from copydesk_flows.exits import Exit
from copydesk_flows.options import Overrides, resolve
from copydesk_flows.report import as_markdown

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.futures import PrefectFuture

ARTIFACT = "copydesk-run"
PASSING = frozenset({errno.EAGAIN, errno.EINTR, errno.EIO, errno.EBUSY, errno.ESTALE, errno.ETIMEDOUT, errno.ENETDOWN,
                     errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED})
"""Errors of storage that may be gone a moment later; a full disk or a missing permission is not."""

_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("copydesk_listener", default=None)


@flow(name="process", description="Scraped pages in, committed batches of the dataset out.", persist_result=False)
def process(inputs: Annotated[list[str], Field(min_length=1)], output: str = "output", config: str | None = None,
            settings: Overrides | None = None, refresh: bool = False) -> RunReport:
    """One run over files and folders; ``config`` is a settings file, ``settings`` what is set over it.

    Raises:
        CopydeskError: as `copydesk.run` does.
    """
    logger = get_run_logger()
    with open_job(inputs, output, resolve(config, settings), refresh=refresh, on_progress=_listener.get()) as job:
        logger.info("%d shards planned", len(job.shards))
        with closing(_in_order(job)) as results:
            for result in results:
                job.commit(result)
        report = job.finish()
    create_markdown_artifact(as_markdown(report), key=ARTIFACT, description=f"copydesk: {report.inputs} inputs")
    logger.info("%d inputs: %s", report.inputs, dict(report.counts))
    return report


class Work:
    """A shard with its job, opaque to Prefect: nothing in it is a future, and nothing of it is worth recording."""

    __slots__ = ("job", "shard")

    def __init__(self, job: Job, shard: Shard) -> None:
        self.job = job
        self.shard = shard


def is_passing(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Whether a failed shard is worth another try."""
    try:
        state.result()
    except OSError as error:
        return error.errno in PASSING or isinstance(error, ConnectionError | TimeoutError)
    except Exception:  # noqa: BLE001  # whatever else the shard died of will be there again
        return False
    return False


@task(name="shard", task_run_name="shard-{number}", retries=2, retry_delay_seconds=[1, 10], retry_condition_fn=is_passing,
      cache_policy=NO_CACHE, persist_result=False)
def process_shard(work: Work, number: int) -> ShardResult:
    """Process one shard; its rows are staged, not yet committed. The log names each quarantined page."""
    result = work.job.process(work.shard)
    _log_quarantined(Path(result.folder))
    return result


def _log_quarantined(folder: Path) -> None:
    logger = get_run_logger()
    rows = [page.reject for page in staging.read(folder).pages if page.status is Status.QUARANTINED]
    for row in rows[:LOGGED]:
        place = f"{row['source_path']}" + (f" record {row['record']}" if row.get("record") else "")
        logger.warning("quarantined %s: %s: %s", inert(place), row["code"], inert(f"{row['message']}"))
    if len(rows) > LOGGED:
        logger.warning("and %d more quarantined in this shard: the table rejects has them all", len(rows) - LOGGED)


LOGGED = 100


def _in_order(job: Job) -> Generator[ShardResult]:
    """The shards' results in order, a few shards under way at once; on the way out every submitted one is waited for."""
    width = WIDTH
    pending: deque[tuple[int, PrefectFuture[ShardResult]]] = deque()
    try:
        for shard in job.shards:
            if len(pending) == width:
                yield _result(*pending.popleft())
            pending.append((shard.number, process_shard.submit(Work(job, shard), shard.number)))
        while pending:
            yield _result(*pending.popleft())
    finally:
        for _, future in pending:
            future.wait()


WIDTH = 2
"""Shards under way at once: the second one keeps the page processes busy while the first one's rows are written."""
SEND_SECONDS = 10


def _result(number: int, future: PrefectFuture[ShardResult]) -> ShardResult:
    future.wait()
    if not future.state.is_final():
        raise CopydeskError(f"shard {number} ended without an end: its task is {future.state.name}")
    return future.result()


def run_flow(inputs: list[str], output: str, config: str | None, settings: Overrides, refresh: bool,
             listener: Callable[[Progress], None] | None = None) -> RunReport:
    """The flow in this process; ``listener`` hears of its progress. Without heartbeats: their thread delays the end by a second,
    and who runs a command sees it die."""
    token = _listener.set(listener)
    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            return process(inputs, output, config, settings, refresh)
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
