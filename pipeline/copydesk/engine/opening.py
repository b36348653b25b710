"""Open a run: recover the dataset, start the workers, plan the shards. `copydesk.engine.run` runs it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.ledger.file_states import FileStates
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.opening import open_store
from copydesk.engine.committer import Committer, RunIdentity
from copydesk.engine.job import Job
from copydesk.engine.open_part import PartLimits
from copydesk.engine.planning import FileLookup, Plan, Planner
from copydesk.engine.progress import Progress, ProgressCounter, RunListener
from copydesk.engine.reprocessing import InputSelection, Reprocessing
from copydesk.engine.shard_work import ShardWork
from copydesk.engine.shards import ShardFile
from copydesk.engine.table_types import check_types
from copydesk.engine.workers.page_pool import InProcess, PagePool
from copydesk.engine.workers.reader_pool import RangeReader, Reader, ReadHere
from copydesk.errors import DatasetError, SettingsError
from copydesk.pipeline import Pipeline
from copydesk.rows.plugin_tables import Owned, plugin_tables, schemas_with
from copydesk.settings.schema import Settings
from copydesk.sources.inputs import Inputs, list_inputs
from copydesk.storage.retry import dataset_errors, retry

PAGES_A_WORKER = 40
"""This many pages pay for another page process: a process takes about a second to start, a page about 30 ms."""
BYTES_A_WORKER = 400_000
"""This many bytes of archives pay for another page process. A page of plain text takes about 5,000 bytes of an archive, a compressed page
of HTML about ten times as many."""


def open_job(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
             retry: bool = False, on_progress: Callable[[Progress], None] | None = None, selection: InputSelection | None = None,
             note: Mapping[str, str] | None = None) -> Job:
    """Recover the dataset, lock it, load the plugins and plan the shards.

    Args:
        inputs: files, folders and URLs of object stores.
        output: the dataset: a folder, or a URL of an object store.
        settings: the settings of the run; None for the defaults.
        refresh: process unchanged inputs again.
        retry: process again what was rejected or quarantined.
        on_progress: called for each outcome; None for no calls.
        selection: which inputs the run looks at; None for all.
        note: written into the commit files beside the id of the run.

    Returns:
        The open run. It holds the lock of the dataset until its context ends.

    Raises:
        SettingsError: an input does not exist or lies in the output folder, that folder is no dataset, or the settings are invalid.
        PluginError: a plugin cannot be loaded, or a column of its table has another type in the dataset.
        LockedError: another run holds the output folder.
        DatasetError: the output folder cannot be written, or holds a damaged dataset.
    """
    settings = settings or Settings()
    if not os.fspath(output):
        raise SettingsError("the output is an empty string; name a folder")
    store = open_store(output)
    with ExitStack() as ending, dataset_errors(store.url):
        given = list_inputs(inputs, store.url, settings)
        held = _recover(store, ending)
        workers = _workers(settings, held, ending)
        reprocessing = Reprocessing(refresh, retry, selection or InputSelection())
        planned = _plan(given, len(inputs) > 1, held, workers, reprocessing, ending)
        return _job(held, workers, planned, reprocessing, RunListener(on_progress, note or {}), ending)


@dataclass(frozen=True, slots=True)
class _Held:
    """The locked dataset as this run found it: its files, its ledger and its newest state."""

    store: Store
    ledger: Ledger
    state: State


@dataclass(frozen=True, slots=True)
class _Workers:
    """What processes this run's inputs: the pipeline, the page processes, the reader of sources, and the tables of plugins.

    ``pool`` is None when this process itself processes the pages, or other machines do.
    """

    pipeline: Pipeline
    pool: PagePool | None
    reader: Reader
    tables: tuple[Owned, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    """The plan of a run, and the states of files that the planner compared."""

    plan: Plan
    states: FileStates


def _recover(store: Store, ending: ExitStack) -> _Held:
    """Lock the dataset, and complete or undo what a killed run left."""
    store.prepare()
    ending.enter_context(store.lock())
    ledger = Ledger(store.layout.ledger / "ledger.sqlite")
    ending.callback(ledger.close)
    return _Held(store, ledger, retry(lambda: store.recover(ledger)))


def _workers(settings: Settings, held: _Held, ending: ExitStack) -> _Workers:
    """Load the plugins, at the same time here and in the first page process.

    Loading adds the files that the settings of plugins name to the settings. All processes get these settings, so that they work with the
    same contents of the files.
    """
    pool = None
    if settings.run.workers != 0 and not isinstance(settings.run.workers, str):  # a string names workers on other machines
        pool = PagePool(settings, settings.run.workers)
        ending.callback(pool.close)
        if held.state.number == 0 and not settings.plugin_settings:
            pool.warm()
    pipeline = Pipeline(settings)
    if pool is not None:
        pool.take(pipeline.settings)
    reader = ReadHere(pipeline.plugins) if pool is None else RangeReader(pipeline.settings, pipeline.plugins)
    ending.callback(reader.close)
    return _Workers(pipeline, pool, reader, plugin_tables(pipeline))


def _plan(given: Inputs, several: bool, held: _Held, workers: _Workers, reprocessing: Reprocessing, ending: ExitStack) -> _Planned:
    """Plan the shards, and set the number of page processes that this many pages need."""
    pipeline, pool, layout = workers.pipeline, workers.pool, held.store.layout
    states = FileStates(layout.ledger / "files.sqlite")
    ending.callback(states.close)
    shards = ShardFile(layout.staging / "plan")
    ending.callback(shards.close)
    planner = Planner(given.index, pipeline.plugins, pipeline.settings, several, _known_files(held, pipeline, states, reprocessing),
                      reprocessing.wanted(held.ledger, held.state, pipeline.fingerprint))
    plan = planner.plan(given, shards)
    if pool is not None:
        pool.size = min(pool.size, 1 + max(plan.planned // PAGES_A_WORKER, plan.size // BYTES_A_WORKER))
    if plan.shards:
        check_types(workers.tables, held.store, held.state)
        workers.reader.warm()
    return _Planned(plan, states)


def _job(held: _Held, workers: _Workers, planned: _Planned, reprocessing: Reprocessing, listener: RunListener, ending: ExitStack) -> Job:
    """Make the open run. It takes over ``ending``, which closes everything that the run holds."""
    pipeline, plan, dataset = workers.pipeline, planned.plan, workers.pipeline.settings.dataset
    schemas = schemas_with({table.name: table.schema for _, table in workers.tables})
    identity = f"{plan.digest}-{pipeline.fingerprint}{reprocessing.word}"
    base = _first_commit(held.state.commit, identity, held.ledger.finished())
    clock = {"id": uuid.uuid4().hex, "started": datetime.now(UTC).isoformat(timespec="seconds"), **listener.note}
    run = RunIdentity(identity, base, len(plan.shards), pipeline.fingerprint, reprocessing.replaces, clock)
    committer = Committer(held.store, held.ledger, held.state, schemas, run, dataset.keep_commits)
    work = ShardWork(workers.reader, held.ledger, workers.pool or InProcess(pipeline), schemas, pipeline.fingerprint, base, reprocessing,
                     plan.copy_numbers, PartLimits(dataset.batch_files, dataset.batch_bytes),
                     ProgressCounter(plan.planned, listener.listener))
    return Job(held.store, pipeline, plan, work, committer, planned.states, ending.pop_all())


def _known_files(held: _Held, pipeline: Pipeline, states: FileStates, reprocessing: Reprocessing) -> FileLookup:
    """Return the function that tells which files need not be opened.

    The recorded states count only when the dataset still holds the commit at which they were recorded.
    """
    newest = held.state.number
    states.begin(pipeline.fingerprint, lambda number, batch: number == 0 or (number <= newest and _batch(held.store, number) == batch))
    return (lambda _path, _state: None) if reprocessing.opens_known else states.known


def _batch(store: Store, number: int) -> str | None:
    """Return the batch of a commit; None when the commit cannot be read."""
    try:
        return commits.read_commit(store.layout, number).batch
    except DatasetError:
        return None


def _first_commit(newest: Commit | None, plan: str, finished: int) -> int:
    """Return the number of this run's first commit.

    A run that was given the same as an interrupted run continues it, and keeps its first commit. Any other run begins at the next number.

    Args:
        newest: the newest commit of the dataset.
        plan: the identity of this run's plan.
        finished: the number of the newest commit when a run finished last.
    """
    if newest is None:
        return 1
    cut_off = newest.plan == plan and not newest.final and finished < newest.number
    return newest.base if cut_off else newest.number + 1
