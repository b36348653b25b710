"""A run: plan shards, process them, commit them in order. The same functions run directly, under Prefect and on Dask.

    with open_job(inputs, output, settings) as job:     # recovers the dataset, takes its lock, plans
        for shard in job.shards:                        # any order, any number at once
            for part in job.process(shard):             # stages the shard's rows in files, a part of bounded size at a time
                job.commit(part)                        # in order of shard and part, by one caller
        report = job.finish()
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.again import Again, Choice
from copydesk.errors import DatasetError, SettingsError
from copydesk.file_states import FileStates
from copydesk.job import Job
from copydesk.layout import attempts, retry, storage
from copydesk.progress import Progress, Teller, Telling
from copydesk.report import RunReport
from copydesk.settings import Settings
from copydesk.shards import Shard
from copydesk.staged_part import StagedPart

if TYPE_CHECKING:
    from copydesk.commits import Commit
    from copydesk.planning import Known
    from copydesk.process import Pipeline
    from copydesk.store import Store
    from copydesk.workers import PagePool

__all__ = ["Choice", "Job", "Progress", "Shard", "StagedPart", "drive", "open_job", "run"]
PAGES_A_WORKER = 40
BYTES_A_WORKER = 400_000
"""Pages, or bytes of archives, that pay for another page process: one starts in about a second, a page takes about 30 ms, and one of
plain text takes about 5,000 bytes of an archive (one of HTML, packed, ten times as many)."""


def open_job(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
             retry: bool = False, on_progress: Callable[[Progress], None] | None = None, choice: Choice | None = None,
             note: Mapping[str, str] | None = None) -> Job:
    """Recover the dataset, lock it, load the plugins and plan the shards. ``refresh`` processes again what is unchanged, ``retry`` what
    was rejected or quarantined; ``choice`` says which inputs are looked at. ``note`` goes into the commit files beside the run's id.

    Raises:
        SettingsError: an input does not exist or lies in the output folder, that folder is no dataset, or the settings make no sense.
        PluginError: a plugin cannot be loaded, or its table has columns of other types than in the dataset.
        LockedError: another run holds the output folder.
        DatasetError: the output folder cannot be written, or holds a damaged dataset.
    """
    settings = settings or Settings()
    if not os.fspath(output):
        raise SettingsError("the output is an empty string; name a folder")
    from copydesk import store

    place = store.at(output)
    with ExitStack() as ending, storage(place.url):
        job = _opened(inputs, place, settings, Again(refresh, retry, choice or Choice()), Telling(on_progress, note or {}), ending)
        job._ending = ending.pop_all()
        return job


def _opened(inputs: Sequence[str | Path], store: Store, settings: Settings, again: Again, telling: Telling, ending: ExitStack) -> Job:
    from copydesk import planning
    from copydesk.ledger import Ledger

    given = planning.list_inputs(inputs, store.url, settings)
    store.prepare()
    ending.enter_context(store.lock())
    ledger = Ledger(store.layout.ledger / "ledger.sqlite")
    ending.callback(ledger.close)
    pool = _pool(settings, ending)
    from copydesk import committing, staging
    from copydesk.filling import Cut
    from copydesk.own_tables import check_types, plugin_tables
    from copydesk.planning import Planner
    from copydesk.process import Pipeline
    from copydesk.readers import RangeReader, ReadHere
    from copydesk.shard_work import ShardWork
    from copydesk.shards import ShardFile
    from copydesk.workers import InProcess

    state = retry(lambda: store.recover(ledger))
    if pool is not None and state.number == 0 and not settings.plugin_settings:
        pool.warm()
    pipeline = Pipeline(settings)
    settings = pipeline.settings  # with the files that plugins' settings name: every process works with what was read here
    if pool is not None:
        pool.take(settings)
    reader = ReadHere(pipeline.plugins) if pool is None else RangeReader(settings, pipeline.plugins)
    ending.callback(reader.close)
    tables = plugin_tables(pipeline)
    schemas = staging.schemas_with({table.name: table.schema for _, table in tables})
    states = FileStates(store.layout.ledger / "files.sqlite")
    ending.callback(states.close)
    shards = ShardFile(store.layout.staging / "plan")
    ending.callback(shards.close)
    planner = Planner(given.beside, pipeline.plugins, settings, len(inputs) > 1, _known(store, pipeline, states, state.number, again),
                      again.wanted(ledger, state, pipeline.fingerprint))
    plan = planner.plan(given, shards)
    if pool is not None:
        pool.size = min(pool.size, 1 + max(plan.planned // PAGES_A_WORKER, plan.size // BYTES_A_WORKER))
    if plan.shards:
        check_types(tables, store, state)
        reader.warm()
    identity = f"{plan.digest}-{pipeline.fingerprint}{again.word}"
    base = _base(state.commit, identity, ledger.finished())
    clock = {"id": uuid.uuid4().hex, "started": datetime.now(UTC).isoformat(timespec="seconds"), **telling.note}
    who = committing.RunIdentity(identity, base, len(plan.shards), pipeline.fingerprint, again.replaces, clock)
    committer = committing.Committer(store, ledger, state, schemas, who, settings.dataset.keep_commits)
    work = ShardWork(reader, ledger, pool or InProcess(pipeline), schemas, pipeline.fingerprint, base, again, plan.twins,
                     Cut(settings.dataset.batch_files, settings.dataset.batch_bytes), Teller(plan.planned, telling.listener))
    return Job(store, pipeline, plan, work, committer, states, ending)


def _known(store: Store, pipeline: Pipeline, states: FileStates, newest: int, again: Again) -> Known:
    """The question whether a file need not be opened; states count only for a dataset that still holds the commit they were noted at."""
    states.begin(pipeline.fingerprint, lambda number, batch: number == 0 or (number <= newest and _batch(store, number) == batch))
    return (lambda _path, _state: None) if again.opens_known else states.known


def _batch(store: Store, number: int) -> str | None:
    """The batch of a commit; None when that cannot be read."""
    from copydesk import commits

    try:
        return commits.read_commit(store.layout, number).batch
    except DatasetError:
        return None


def _pool(settings: Settings, ending: ExitStack) -> PagePool | None:
    if settings.run.workers == 0 or isinstance(settings.run.workers, str):  # elsewhere
        return None
    from copydesk.workers import PagePool

    pool = PagePool(settings, settings.run.workers)
    ending.callback(pool.close)
    return pool


def _base(newest: Commit | None, plan: str, finished: int) -> int:
    """The first commit of this run: of the run that was cut off, when this one was given the same; else the next. ``finished`` is the
    newest commit at the end of the last run that came to its end."""
    if newest is None:
        return 1
    cut_off = newest.plan == plan and not newest.final and finished < newest.number
    return newest.base if cut_off else newest.number + 1


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
