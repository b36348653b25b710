"""A run: plan shards, process them, commit them in order. The same functions run directly, under Prefect and on Dask.

    with open_job(inputs, output, settings) as job:     # recovers the dataset, takes its lock, plans
        for shard in job.shards:                        # any order, any number at once
            for part in job.process(shard):             # stages the shard's rows in files, a part of bounded size at a time
                job.commit(part)                        # in order of shard and part, by one caller
        report = job.finish()
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from copydesk.errors import CopydeskError, PluginError, SettingsError
from copydesk.file_states import FileStates, FileTally
from copydesk.layout import attempts, retry, storage
from copydesk.planning import Plan
from copydesk.report import RunReport, merge
from copydesk.settings import Settings
from copydesk.shards import Shard
from copydesk.values import Status

if TYPE_CHECKING:
    from copydesk.commits import Commit
    from copydesk.committing import Committer
    from copydesk.planning import Inputs
    from copydesk.process import Pipeline
    from copydesk.shard_work import ShardWork
    from copydesk.staging import Staged
    from copydesk.store import Store
    from copydesk.workers import PagePool

__all__ = ["Job", "Progress", "Shard", "StagedPart", "open_job", "run"]
PAGES_A_WORKER = 40
"""Pages that pay for another page process: one starts in about a second, a page takes about 30 ms."""


@dataclass(frozen=True, slots=True)
class StagedPart:
    """Where the rows of a part of a shard are staged; the ``last`` part ends its shard. Small and picklable: paths travel, never
    documents."""

    shard: int
    number: int
    folder: str
    last: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: inputs done, inputs planned, and outcomes so far (duplicates count as written until their commit)."""

    done: int
    planned: int
    counts: dict[str, int]


class Teller:
    """Counts outcomes as they come and tells a listener."""

    def __init__(self, planned: int, listener: Callable[[Progress], None] | None) -> None:
        self._planned = planned
        self._listener = listener
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, status: Status) -> None:
        """Hear of one outcome."""
        if self._listener is None:
            return
        with self._lock:
            self._counts[str(status)] += 1
            done = self._counts.total()
            self._listener(Progress(done, max(done, self._planned), dict(self._counts)))


class Job:
    """One run on one output folder. `process` may be called from several threads; the rest by one caller."""

    def __init__(self, store: Store, pipeline: Pipeline, plan: Plan, work: ShardWork, committer: Committer, states: FileStates,
                 ending: ExitStack) -> None:
        self.shards: Sequence[Shard] = plan.shards
        self._store = store
        self._pipeline = pipeline
        self._work = work
        self._committer = committer
        self._states = states
        self._ending = ending
        self._started = time.monotonic()
        self._report = RunReport(output=store.url, fingerprint=pipeline.fingerprint, inputs=plan.unchanged + plan.ignored,
                                 counts={**{str(status): 0 for status in Status}, str(Status.UNCHANGED): plan.unchanged,
                                         str(Status.IGNORED): plan.ignored}, settling=plan.settling)
        self._next = (0, 0)

    def __enter__(self) -> Job:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.close()

    def process(self, shard: Shard) -> Iterator[StagedPart]:
        """Work on a shard's pages and stage their rows, part by part. May be called again for a shard that failed: parts that are
        committed are left out by `commit`.

        Raises:
            DatasetError: the output folder cannot be written.
            OSError: storage failed in a way that may pass.
        """
        with storage(self._store.url):
            folder = Path(tempfile.mkdtemp(prefix=f"shard-{shard.number:06}-", dir=self._store.layout.staging))
            for part in self._work.run(shard, folder):
                yield StagedPart(shard.number, part.number, str(part.folder), part.last)

    def commit(self, part: StagedPart) -> None:
        """Make a part of a shard part of the dataset; one without anything new makes no commit.

        Raises:
            CopydeskError: it is not the next part.
            DatasetError: the output folder cannot be written.
            AccountingError: its outcomes do not add up to its inputs; it is not committed.
        """
        if part.shard == self._next[0] and part.number < self._next[1]:
            return  # a shard that failed was processed again
        if (part.shard, part.number) != self._next:
            raise CopydeskError(f"part {part.number} of shard {part.shard} cannot be committed: part {self._next[1]} of shard "
                                f"{self._next[0]} is next")
        from copydesk import staging
        from copydesk.committing import Place

        with storage(self._store.url):
            staged = retry(lambda: staging.read(Path(part.folder)))
            self._states.forget({page.source.partition("\t")[0] for page in staged.pages})
            made = self._committer.commit(staged, Place(part.shard, part.number, part.last and part.shard + 1 == len(self.shards)))
            staged.remove()
            if part.last:
                shutil.rmtree(Path(part.folder).parent, ignore_errors=True)
        self._states.note(FileTally(*tally) for tally in staged.account.files)
        self._add(staged, made)
        self._next = (part.shard + 1, 0) if part.last else (part.shard, part.number + 1)

    def stop(self) -> None:
        """End what is under way in other threads; who waits for a part there gets a `CopydeskError`."""
        self._work.stop()

    def finish(self) -> RunReport:
        """The account of the run, after all its commits; tells it to the plugins.

        Raises:
            AccountingError: the outcomes do not add up to the inputs.
            CopydeskError: shards were left out.
        """
        if self._next != (len(self.shards), 0):
            raise CopydeskError(f"the run is not done: {self._next[0]} of {len(self.shards)} shards are committed")
        report = replace(self._report, elapsed=time.monotonic() - self._started)
        report.check()
        self._committer.finish()
        self._states.keep()
        for name in self._pipeline.plugins.order("run_finished"):
            self._tell_plugin(name, report)
        return report

    def _tell_plugin(self, name: str, report: RunReport) -> None:
        try:
            self._pipeline.plugins.call(name, "run_finished", report=report)
        except PluginError as error:
            logging.getLogger("copydesk").error("%s (the commits stand)", error)

    def _add(self, staged: Staged, made: Commit | None) -> None:
        report, account = self._report, staged.account
        counts = made.counts if made else {Status.UNCHANGED: account.unchanged, Status.IGNORED: account.ignored}
        seconds = {name: report.seconds.get(name, 0.0) + account.seconds.get(name, 0.0) for name in {*report.seconds, *account.seconds}}
        report = replace(report, inputs=report.inputs + account.inputs, seconds=dict(sorted(seconds.items())),
                         counts=merge(report.counts, {str(key): value for key, value in counts.items()}))
        if made is not None:
            report = replace(report, rows=merge(report.rows, made.rows), codes=merge(report.codes, made.codes),
                             removals=merge(report.removals, made.removals), commits=(*report.commits, made.number))
        self._report = report


@dataclass(frozen=True, slots=True)
class Again:
    """What a run processes again: everything, or what was rejected or quarantined."""

    refresh: bool = False
    retry: bool = False


def open_job(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
             retry: bool = False, on_progress: Callable[[Progress], None] | None = None) -> Job:
    """Recover the dataset, lock it, load the plugins and plan the shards. ``refresh`` processes again what is unchanged, ``retry`` what
    was rejected or quarantined.

    Raises:
        SettingsError: an input does not exist or lies in the output folder, that folder is no dataset, or the settings make no sense.
        PluginError: a plugin cannot be loaded.
        LockedError: another run holds the output folder.
        DatasetError: the output folder cannot be written, or holds a damaged dataset.
    """
    settings = settings or Settings()
    if not os.fspath(output):
        raise SettingsError("the output is an empty string; name a folder")
    from copydesk import store

    place = store.at(output)
    with ExitStack() as ending, storage(place.url):
        job = _opened(inputs, place, settings, Again(refresh, retry), on_progress, ending)
        job._ending = ending.pop_all()
        return job


def _opened(inputs: Sequence[str | Path], store: Store, settings: Settings, again: Again,
            listener: Callable[[Progress], None] | None, ending: ExitStack) -> Job:
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
    from copydesk.page_rows import plugin_tables
    from copydesk.process import Pipeline
    from copydesk.readers import RangeReader, ReadHere
    from copydesk.shard_work import ShardWork
    from copydesk.workers import InProcess

    state = retry(lambda: store.recover(ledger))
    if pool is not None and state.number == 0:
        pool.warm()
    pipeline = Pipeline(settings)
    reader = ReadHere(pipeline.plugins) if pool is None else RangeReader(settings, pipeline.plugins)
    ending.callback(reader.close)
    tables = plugin_tables(pipeline)
    schemas = staging.schemas_with({table.name: table.schema for _, table in tables})
    states = FileStates(store.layout.ledger / "files.sqlite")
    ending.callback(states.close)
    plan = _planned(given, store, pipeline, states, len(inputs) > 1, again=again != Again(), ending=ending)
    if pool is not None:
        pool.size = min(pool.size, 1 + plan.planned // PAGES_A_WORKER)
    if plan.shards:
        reader.warm()
    identity = f"{plan.digest}-{pipeline.fingerprint}{'-refresh' if again.refresh else ''}{'-retry' if again.retry else ''}"
    base = _base(state.commit, identity, ledger.finished())
    clock = {"id": uuid.uuid4().hex, "started": datetime.now(UTC).isoformat(timespec="seconds")}
    who = committing.RunIdentity(identity, base, len(plan.shards), pipeline.fingerprint, again.refresh, clock)
    committer = committing.Committer(store, ledger, state, schemas, who, settings.dataset.keep_commits)
    work = ShardWork(reader, ledger, pool or InProcess(pipeline), schemas, pipeline.fingerprint, base, again.refresh, plan.twins,
                     Cut(settings.dataset.batch_files, settings.dataset.batch_bytes), Teller(plan.planned, listener), again.retry)
    return Job(store, pipeline, plan, work, committer, states, ending)


def _planned(given: Inputs, store: Store, pipeline: Pipeline, states: FileStates, several: bool, again: bool, ending: ExitStack) -> Plan:
    """The plan of a run; ``again`` leaves no file out because of its state."""
    from copydesk.planning import Planner
    from copydesk.shards import ShardFile

    states.begin(pipeline.fingerprint)
    shards = ShardFile(store.layout.staging / "plan")
    ending.callback(shards.close)
    known = (lambda _path, _state: None) if again else states.known
    return Planner(given.beside, pipeline.plugins, pipeline.settings, several, known).plan(given, shards)


def _pool(settings: Settings, ending: ExitStack) -> PagePool | None:
    if settings.run.workers == 0:
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
    with open_job(inputs, output, settings, refresh=refresh, retry=retry, on_progress=on_progress) as job:
        with closing(_one_ahead(job)) as parts:
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
