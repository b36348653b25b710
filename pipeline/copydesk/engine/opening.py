"""Open a run: recover the dataset, start the workers, plan the shards. The run itself is `copydesk.engine.run`."""

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
BYTES_A_WORKER = 400_000
"""Pages, or bytes of archives, that pay for another page process: one starts in about a second, a page takes about 30 ms, and one of
plain text takes about 5,000 bytes of an archive (one of HTML, packed, ten times as many)."""


def open_job(inputs: Sequence[str | Path], output: str | Path, settings: Settings | None = None, *, refresh: bool = False,
             retry: bool = False, on_progress: Callable[[Progress], None] | None = None, selection: InputSelection | None = None,
             note: Mapping[str, str] | None = None) -> Job:
    """Recover the dataset, lock it, load the plugins and plan the shards.

    Args:
        inputs: files, folders and URLs of object stores.
        output: the dataset: a folder, or a URL of an object store.
        settings: those of a run; None for the defaults.
        refresh: process again what is unchanged.
        retry: process again what was rejected or quarantined.
        on_progress: hears of each outcome.
        selection: which inputs are looked at; None for all.
        note: goes into the commit files beside the run's id.

    Raises:
        SettingsError: an input does not exist or lies in the output folder, that folder is no dataset, or the settings make no sense.
        PluginError: a plugin cannot be loaded, or its table has columns of other types than in the dataset.
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
        return _job(held, workers, planned, reprocessing, RunListener(on_progress, note or {}), ending.pop_all())


@dataclass(frozen=True, slots=True)
class _Held:
    """The dataset as this run found it, locked: where it lies, its ledger, and its newest state."""

    store: Store
    ledger: Ledger
    state: State


@dataclass(frozen=True, slots=True)
class _Workers:
    """Who works for this run: the pipeline, the page processes (None: this process), the reader of sources, and plugins' tables."""

    pipeline: Pipeline
    pool: PagePool | None
    reader: Reader
    tables: tuple[Owned, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    """The plan of a run, and the states of files that it was made with."""

    plan: Plan
    states: FileStates


def _recover(store: Store, ending: ExitStack) -> _Held:
    """Lock the dataset and make it whole after a run that was killed."""
    store.prepare()
    ending.enter_context(store.lock())
    ledger = Ledger(store.layout.ledger / "ledger.sqlite")
    ending.callback(ledger.close)
    return _Held(store, ledger, retry(lambda: store.recover(ledger)))


def _workers(settings: Settings, held: _Held, ending: ExitStack) -> _Workers:
    """Load the plugins, here and in the first page process at once. From then on all settings are those with the files that plugins'
    settings name, so that every process works with what was read here."""
    pool = None
    if settings.run.workers != 0 and not isinstance(settings.run.workers, str):  # a string: on other machines
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
    """Plan the shards, and get the workers ready for that many."""
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


def _job(held: _Held, workers: _Workers, planned: _Planned, reprocessing: Reprocessing, told: RunListener, ending: ExitStack) -> Job:
    """The run, ready to go. ``ending`` closes all that it holds, and is its own from now on."""
    pipeline, plan, dataset = workers.pipeline, planned.plan, workers.pipeline.settings.dataset
    schemas = schemas_with({table.name: table.schema for _, table in workers.tables})
    identity = f"{plan.digest}-{pipeline.fingerprint}{reprocessing.word}"
    base = _first_commit(held.state.commit, identity, held.ledger.finished())
    clock = {"id": uuid.uuid4().hex, "started": datetime.now(UTC).isoformat(timespec="seconds"), **told.note}
    run = RunIdentity(identity, base, len(plan.shards), pipeline.fingerprint, reprocessing.replaces, clock)
    committer = Committer(held.store, held.ledger, held.state, schemas, run, dataset.keep_commits)
    work = ShardWork(workers.reader, held.ledger, workers.pool or InProcess(pipeline), schemas, pipeline.fingerprint, base, reprocessing,
                     plan.copy_numbers, PartLimits(dataset.batch_files, dataset.batch_bytes), ProgressCounter(plan.planned, told.listener))
    return Job(held.store, pipeline, plan, work, committer, planned.states, ending)


def _known_files(held: _Held, pipeline: Pipeline, states: FileStates, reprocessing: Reprocessing) -> FileLookup:
    """The question whether a file need not be opened. Its state counts only for a dataset that still holds the commit at which the state
    was noted."""
    newest = held.state.number
    states.begin(pipeline.fingerprint, lambda number, batch: number == 0 or (number <= newest and _batch(held.store, number) == batch))
    return (lambda _path, _state: None) if reprocessing.opens_known else states.known


def _batch(store: Store, number: int) -> str | None:
    """The batch of a commit; None when that cannot be read."""
    try:
        return commits.read_commit(store.layout, number).batch
    except DatasetError:
        return None


def _first_commit(newest: Commit | None, plan: str, finished: int) -> int:
    """The first commit of this run: that of the run that was cut off, when this one was given the same; else the next. ``finished`` is the
    newest commit at the end of the last run that came to its end."""
    if newest is None:
        return 1
    cut_off = newest.plan == plan and not newest.final and finished < newest.number
    return newest.base if cut_off else newest.number + 1
