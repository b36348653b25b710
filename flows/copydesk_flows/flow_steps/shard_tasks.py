"""The tasks of a flow: one task for each shard, a few at a time, with their parts in order."""

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


RETRIES = 2
"""How often Prefect repeats a task after an error that may pass."""
RETRY_SECONDS: list[float] = [1, 10]
"""The pauses before these attempts."""
LOGGED = 100
"""The log names this many quarantined pages of a part."""
POLL_SECONDS = 0.5
"""How long to wait for a part before looking at the state of its task."""
WIDTH = 2
"""Shards in progress at a time. The second one keeps the page processes busy while the rows of the first one are written."""


class Work:
    """The argument of a task. Prefect does not look into it: it holds no future, and nothing that is worth recording.

    Attributes:
        job: the run.
        shard: the shard.
        parts: the staged parts that wait for their commit.
    """

    __slots__ = ("job", "parts", "shard")

    def __init__(self, job: Job, shard: Shard) -> None:
        self.job = job
        self.shard = shard
        self.parts: SimpleQueue[StagedPart] = SimpleQueue()


def is_worth_another_try(_task: object, _run: TaskRun, state: State[Any]) -> bool:
    """Tell whether another attempt at a failed shard may succeed."""
    try:
        state.result()
    except Exception as error:  # noqa: BLE001  # any other error would come again
        return is_transient(error)
    return False


@task(name="shard", task_run_name="shard-{number}", retries=RETRIES, retry_delay_seconds=RETRY_SECONDS,
      retry_condition_fn=is_worth_another_try, cache_policy=NO_CACHE, persist_result=False)
def process_shard(work: Work, number: int) -> int:
    """Process one shard and stage its rows, part by part. The flow commits the parts. The log names quarantined pages."""
    count = 0
    for part in work.job.process(work.shard):
        log_quarantined(Path(part.folder))
        work.parts.put(part)
        count += 1
    return count


def log_quarantined(folder: Path) -> None:
    """Log the quarantined pages of a staged part with file and record, at most `LOGGED` of them."""
    logger = get_run_logger()
    rows = [page.reject for page in read_staged(folder).pages if page.status is Status.QUARANTINED]
    for row in rows[:LOGGED]:
        place = f"{row['source_path']}" + (f" record {row['record']}" if row.get("record") else "")
        logger.warning("quarantined %s: %s: %s", inert(place), row["code"], inert(f"{row['message']}"))
    if len(rows) > LOGGED:
        logger.warning("and %d more quarantined in this part of the shard: the table rejects has them all", len(rows) - LOGGED)


def in_order(job: Job, meanwhile: Callable[[], None] = lambda: None) -> Generator[StagedPart]:
    """Yield the staged parts in order, while a few shards are processed at a time. Before it ends, it waits for every submitted shard.

    Args:
        job: the run. After an error, its work is stopped.
        meanwhile: called now and then while a part is waited for.
    """
    pending: deque[tuple[Work, PrefectConcurrentFuture[int]]] = deque()
    try:
        for shard in job.shards:
            if len(pending) == WIDTH:
                yield from _parts(*pending.popleft(), meanwhile)
            work = Work(job, shard)
            pending.append((work, cast("PrefectConcurrentFuture[int]", process_shard.submit(work, shard.number))))  # on the thread runner
        while pending:
            yield from _parts(*pending.popleft(), meanwhile)
    except BaseException:
        job.stop()
        raise
    finally:
        for _, future in pending:
            future.wait()


def _parts(work: Work, future: PrefectConcurrentFuture[int], meanwhile: Callable[[], None]) -> Generator[StagedPart]:
    """Yield the parts of a shard as they come. A shard that is processed again yields its first parts again; the job passes over them.

    Raises:
        CopydeskError: the task of the shard ended without a last part.
    """
    while True:
        meanwhile()
        try:
            part = work.parts.get(timeout=POLL_SECONDS)
        except Empty:
            if future.wrapped_future.done():  # asking the future for its state would ask the server, which may be gone
                future.result()
                if work.parts.empty():
                    raise CopydeskError(f"shard {work.shard.number} ended without its last part") from None
            continue
        yield part
        if part.last:
            future.wait()
            return
