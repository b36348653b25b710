"""A run: plan shards, process them, commit them in order. The same functions run directly, under Prefect and on Dask.

    with open_job(inputs, output, settings) as job:     # recovers the dataset, takes its lock, plans
        for shard in job.shards:                        # any order, any number at once
            for part in job.process(shard):             # stages the shard's rows in files, a part of bounded size at a time
                job.commit(part)                        # in order of shard and part, by one caller
        report = job.finish()
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from copydesk.dataset.store.staged_part import StagedPart
from copydesk.engine.job import Job
from copydesk.engine.opening import open_job
from copydesk.engine.progress import Progress
from copydesk.errors import SettingsError
from copydesk.report import RunReport
from copydesk.settings.schema import Settings
from copydesk.storage.retry import attempts


def run(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
        retry: bool = False, on_progress: Callable[[Progress], None] | None = None) -> RunReport:
    """The direct way: no orchestrator. Scraped files in, committed batches of the dataset in ``output`` out.

    Raises:
        CopydeskError: as `open_job` and `Job` say.
    """
    check_workers(settings or Settings())
    with open_job(inputs, output, settings, refresh=refresh, retry=retry, on_progress=on_progress) as job:
        return drive(job)


def check_workers(settings: Settings) -> None:
    """See that a run can do its work itself.

    Raises:
        SettingsError: its workers are Dask's.
    """
    if isinstance(settings.run.workers, str):
        raise SettingsError(f"[run] workers = {settings.run.workers!r} is for runs as a flow: copydesk run --prefect; say a number here")


def drive(job: Job) -> RunReport:
    """All of a job in this process."""
    with closing(_one_ahead(job) if job.is_interruptible else _parts(job)) as parts:
        for part in parts:
            job.commit(part)
    return job.finish()


def _parts(job: Job) -> Generator[StagedPart]:
    """All parts of a job, in order; a shard whose storage failed in a way that may pass is processed again."""
    for shard in job.shards:
        for attempt in attempts():
            with attempt:
                yield from job.process(shard)


def _one_ahead(job: Job) -> Generator[StagedPart]:
    """The same parts; the next one is worked on while the caller has one in hand."""
    parts = _parts(job)
    with ThreadPoolExecutor(1, "copydesk-parts") as thread:
        try:
            coming = thread.submit(next, parts, None)
            while (part := coming.result()) is not None:
                coming = thread.submit(next, parts, None)
                yield part
        except BaseException:
            job.stop()
            raise
        finally:
            thread.submit(parts.close)
