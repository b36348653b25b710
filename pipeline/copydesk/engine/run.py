"""Run: plan shards, process them, commit them in order. Direct runs, Prefect flows and Dask workers use the same functions.

    with open_job(inputs, output, settings) as job:     # recovers and locks the dataset, and plans the shards
        for shard in job.shards:                        # shards may be processed in any order, and several at once
            for part in job.process(shard):             # stages the rows of the shard in files, in parts of bounded size
                job.commit(part)                        # one thread commits, in the order of shards and parts
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
    """Process scraped files into a dataset, without an orchestrator.

    Args:
        inputs: files, folders and URLs of object stores.
        output: the dataset: a folder, or a URL of an object store.
        settings: the settings of the run; None for the defaults.
        refresh: process unchanged inputs again.
        retry: process again what was rejected or quarantined.
        on_progress: called for each outcome; None for no calls.

    Returns:
        What the run did, in numbers.

    Raises:
        CopydeskError: as `open_job` and `Job` say.
    """
    check_workers(settings or Settings())
    with open_job(inputs, output, settings, refresh=refresh, retry=retry, on_progress=on_progress) as job:
        return drive(job)


def check_workers(settings: Settings) -> None:
    """Check that a run can process its pages on this machine.

    Raises:
        SettingsError: the settings name workers of Dask.
    """
    if isinstance(settings.run.workers, str):
        raise SettingsError(f"[run] workers = {settings.run.workers!r} is for runs as a flow: copydesk run --prefect; say a number here")


def drive(job: Job) -> RunReport:
    """Process and commit all shards of a job, and finish it.

    Returns:
        The report of the run.

    Raises:
        CopydeskError: as `Job` says.
    """
    with closing(_one_ahead(job) if job.is_interruptible else _parts(job)) as parts:
        for part in parts:
            job.commit(part)
    return job.finish()


def _parts(job: Job) -> Generator[StagedPart]:
    """Yield all parts of a job, in order. After a storage error that may pass, the shard is processed again."""
    for shard in job.shards:
        for attempt in attempts():
            with attempt:
                yield from job.process(shard)


def _one_ahead(job: Job) -> Generator[StagedPart]:
    """Yield the same parts, but process the next one in a thread while the caller works on the current one."""
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
