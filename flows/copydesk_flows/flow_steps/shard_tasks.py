"""The tasks of a flow: one a shard, a few under way at once, their parts in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from copydesk import CopydeskError, Status, inert
from copydesk.operations import Job, Shard, StagedPart, is_transient, read_staged

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun
    from prefect.futures import PrefectConcurrentFuture


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
        return is_transient(error)
    return False


@task(name="shard", task_run_name="shard-{number}", retries=2, retry_delay_seconds=[1, 10], retry_condition_fn=is_worth_another_try,
      cache_policy=NO_CACHE, persist_result=False)
def process_shard(work: Work, number: int) -> int:
    """Process one shard; its rows are staged, part by part, and committed by the flow. The log names each quarantined page."""
    count = 0
    for part in work.job.process(work.shard):
        log_quarantined(Path(part.folder))
        work.parts.put(part)
        count += 1
    return count


def log_quarantined(folder: Path) -> None:
    """Name each quarantined page of a staged part in the run's log, with file and record."""
    logger = get_run_logger()
    rows = [page.reject for page in read_staged(folder).pages if page.status is Status.QUARANTINED]
    for row in rows[:LOGGED]:
        place = f"{row['source_path']}" + (f" record {row['record']}" if row.get("record") else "")
        logger.warning("quarantined %s: %s: %s", inert(place), row["code"], inert(f"{row['message']}"))
    if len(rows) > LOGGED:
        logger.warning("and %d more quarantined in this part of the shard: the table rejects has them all", len(rows) - LOGGED)


LOGGED = 100


def in_order(job: Job, meanwhile: Callable[[], None] = lambda: None) -> Generator[StagedPart]:
    """The staged parts in order, a few shards under way at once; on the way out every submitted shard is ended and waited for.
    ``meanwhile`` is called now and then while a part is waited for."""
    pending: deque[tuple[Work, PrefectConcurrentFuture[int]]] = deque()
    try:
        for shard in job.shards:
            if len(pending) == WIDTH:
                yield from _parts(*pending.popleft(), meanwhile)
            work = Work(job, shard)
            pending.append((work, cast("PrefectConcurrentFuture[int]", process_shard.submit(work, shard.number))))  # of its thread runner
        while pending:
            yield from _parts(*pending.popleft(), meanwhile)
    except BaseException:
        job.stop()
        raise
    finally:
        for _, future in pending:
            future.wait()


def _parts(work: Work, future: PrefectConcurrentFuture[int], meanwhile: Callable[[], None]) -> Generator[StagedPart]:
    """The parts of a shard as they come. One that is tried again gives its first parts again; the job leaves them out.

    Raises:
        CopydeskError: the shard's task ended without an end.
    """
    while True:
        meanwhile()
        try:
            part = work.parts.get(timeout=POLL_SECONDS)
        except Empty:
            if future.wrapped_future.done():  # the future's own state would ask the server, which may be gone
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
