"""A run's shards on other machines: what is sent there, who works there, and how the rows come back.

    spec = job.run_spec()                                # here: what every worker needs, once
    worker = ShardWorker(spec, processes)                # there: the same plugins, or an error
    keys = worker.keys(shard)                             # there: which records a shard holds
    known = job.known(keys)                             # here, where the ledger is: which of them need no work
    for part in worker.process(shard, known):             # there: staged in the output's own staging folder, or in its store
        job.commit(job.fetched(part))                   # here
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from copydesk.dataset.format.layout import Layout
from copydesk.dataset.store.staged_part import StagedPart
from copydesk.dataset.store.staged_shards import STAGING
from copydesk.engine.open_part import PartLimits
from copydesk.engine.progress import ProgressCounter
from copydesk.engine.reprocessing import Reprocessing
from copydesk.engine.shard_work import ShardWork
from copydesk.engine.shards import Shard
from copydesk.engine.workers.page_pool import PagePool
from copydesk.engine.workers.reader_pool import RangeReader
from copydesk.errors import DatasetError, PluginError
from copydesk.pipeline import Pipeline
from copydesk.rows.plugin_tables import plugin_tables, schemas_with
from copydesk.settings.schema import Settings
from copydesk.storage.locations import is_remote
from copydesk.storage.objects import Objects
from copydesk.storage.retry import dataset_errors

Keys = list[tuple[str, str]]
"""Of each record its hash, and the place that the ledger knows it by."""
KnownDigests = frozenset[bytes]
"""Records that need no work, by `digest`."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a worker elsewhere needs to work on the shards of a run. ``inputs`` and ``output`` are as the run has them."""

    settings: Settings
    fingerprint: str
    base: int
    reprocessing: Reprocessing
    copy_numbers: Mapping[str, int]
    inputs: tuple[str, ...]
    output: str


def digest(key: str, source: str) -> bytes:
    """A record in 16 bytes."""
    return hashlib.blake2b(f"{key}\0{source}".encode("utf-8", "backslashreplace"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Stands where the ledger is not: it was asked before."""

    digests: KnownDigests

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False, older: bool = False) -> bool:
        """Whether a record needs no work. What the run asks for was said to the ledger."""
        return digest(key, source) in self.digests


def check_here(spec: RunSpec) -> Pipeline:
    """See that work on a run can be done in this process: the same plugins in the same versions, and its inputs and output in sight.

    Raises:
        PluginError: a plugin cannot be loaded here, or they are not those of the run.
        DatasetError: an input or the output is not here.
    """
    pipeline = Pipeline(spec.settings)
    if pipeline.fingerprint != spec.fingerprint:
        names = ", ".join(f"{info.name} {info.version}".strip() for info in sorted(pipeline.plugins.infos, key=lambda info: info.name))
        raise PluginError("copydesk", "", f"the plugins here are not those of the run: their fingerprint is {pipeline.fingerprint}, the "
                                          f"run's {spec.fingerprint}; install the same versions (here: {names})")
    unseen = [given for given in spec.inputs if not is_remote(given) and not os.path.lexists(given)]
    if unseen or not (is_remote(spec.output) or Layout(Path(spec.output)).staging.is_dir()):
        raise DatasetError(f"{(unseen or [spec.output])[0]} is not on this machine: several machines need inputs and outputs that all "
                           "of them see at one path, or in an object store")
    return pipeline


class ShardWorker:
    """Works on the shards of one run, in ``processes`` page processes. May be called from several threads.

    Raises:
        PluginError, DatasetError: as `check_here` says.
    """

    def __init__(self, spec: RunSpec, processes: int) -> None:
        self._spec = spec
        pipeline = check_here(spec)
        self._schemas = schemas_with({table.name: table.schema for _, table in plugin_tables(pipeline)})
        self._reader = RangeReader(pipeline.settings, pipeline.plugins)
        self._pages = PagePool(pipeline.settings, processes)

    def keys(self, shard: Shard) -> Keys:
        """The records of a shard, in order."""
        return list(self._work(frozenset()).keys(shard))

    def process(self, shard: Shard, known: KnownDigests) -> list[StagedPart]:
        """Stage a shard. A shard that is processed again is staged in another place.

        Raises:
            DatasetError: the output cannot be written.
            OSError: storage failed in a way that may pass.
        """
        with dataset_errors(self._spec.output):
            if is_remote(self._spec.output):
                with tempfile.TemporaryDirectory(prefix="copydesk-shard-") as own:
                    return self._uploaded(shard, self._work(known), Path(own))
            place = Layout(Path(self._spec.output)).staging
            folder = Path(tempfile.mkdtemp(prefix=f"shard-{shard.number:06}-", dir=place))
            return [StagedPart(shard.number, part.number, str(part.folder), part.last) for part in self._work(known).run(shard, folder)]

    def close(self) -> None:
        """End what is under way; who waits for it gets a `CopydeskError`."""
        self._reader.close()
        self._pages.close()

    def _work(self, known: KnownDigests) -> ShardWork:
        spec, limits = self._spec, self._spec.settings.dataset
        return ShardWork(self._reader, KnownRecords(known), self._pages, self._schemas, spec.fingerprint, spec.base, spec.reprocessing,
                         spec.copy_numbers, PartLimits(limits.batch_files, limits.batch_bytes), ProgressCounter(0, None))

    def _uploaded(self, shard: Shard, work: ShardWork, folder: Path) -> list[StagedPart]:
        objects, parts = Objects(self._spec.output), []
        name = f"{STAGING}/shard-{shard.number:06}-{uuid.uuid4().hex[:12]}"
        for part in work.run(shard, folder):
            for file in sorted(part.folder.iterdir()):
                objects.upload(f"{name}/{part.number:06}-{file.name}", file)
            shutil.rmtree(part.folder)
            parts.append(StagedPart(shard.number, part.number, f"{objects.url}/{name}", part.last))
        return parts
