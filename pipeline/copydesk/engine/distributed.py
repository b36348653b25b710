"""Process the shards of a run on other machines.

The coordinator is the process that opened the run and holds the ledger. Workers run on other machines:

    spec = job.run_spec(inputs)                 # coordinator: what each worker needs, sent once
    worker = ShardWorker(spec, processes)       # worker: raises an error unless it has the same plugins
    keys = worker.keys(shard)                   # worker: the records of a shard
    known = job.known(keys)                     # coordinator: the ledger tells which records need no work
    for part in worker.process(shard, known):   # worker: stages rows in the output's staging folder, or in its object store
        job.commit(job.fetched(part))           # coordinator
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
"""The hash of each record, and its source as the ledger writes it."""
KnownDigests = frozenset[bytes]
"""The digests (`digest`) of records that need no work."""
DIGEST_BYTES = 16
"""The length of a digest: short to send, and long enough that two records do not share one."""
SUFFIX_DIGITS = 12
"""Random hexadecimal digits in the name of an upload, so that a shard that is processed again gets another name."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What a worker on another machine needs to process the shards of a run.

    Attributes:
        settings: the settings of the run, with the files that the settings of plugins name.
        fingerprint: the fingerprint of the run's plugins and settings.
        base: the number of the run's first commit.
        reprocessing: which known records the run processes again.
        copy_numbers: by path, a file's number among files with the same source path, where it is not 1.
        inputs: the inputs as they were given to the run.
        output: the URL or path of the dataset.
    """

    settings: Settings
    fingerprint: str
    base: int
    reprocessing: Reprocessing
    copy_numbers: Mapping[str, int]
    inputs: tuple[str, ...]
    output: str


def digest(key: str, source: str) -> bytes:
    """Return a short digest of a record.

    Args:
        key: the hash of the record.
        source: its source as the ledger writes it.
    """
    return hashlib.blake2b(f"{key}\0{source}".encode("utf-8", "backslashreplace"), digest_size=DIGEST_BYTES).digest()


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Replaces the ledger on a worker. The coordinator has asked the ledger before and has sent the answers.

    Attributes:
        digests: the digests of the records that need no work.
    """

    digests: KnownDigests

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False, older: bool = False) -> bool:
        """Tell whether a record needs no work. The other arguments are ignored: the ledger has considered them already."""
        return digest(key, source) in self.digests


def check_here(spec: RunSpec) -> Pipeline:
    """Check that this process can work for a run: it has the same plugins in the same versions, and can see the inputs and the output.

    Args:
        spec: what the run needs.

    Returns:
        The pipeline of the run, loaded in this process.

    Raises:
        PluginError: a plugin cannot be loaded here, or the plugins differ from those of the run.
        DatasetError: an input or the output cannot be found on this machine.
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
    """Processes shards of one run on a worker. Several threads may call it.

    Args:
        spec: what the run needs.
        processes: the largest number of page processes.

    Raises:
        PluginError, DatasetError: as in `check_here`.
    """

    def __init__(self, spec: RunSpec, processes: int) -> None:
        self._spec = spec
        pipeline = check_here(spec)
        self._schemas = schemas_with({table.name: table.schema for _, table in plugin_tables(pipeline)})
        self._reader = RangeReader(pipeline.settings, pipeline.plugins)
        self._pages = PagePool(pipeline.settings, processes)

    def keys(self, shard: Shard) -> Keys:
        """Return the hash and the source of each record of a shard, in order."""
        return list(self._work(frozenset()).keys(shard))

    def process(self, shard: Shard, known: KnownDigests) -> list[StagedPart]:
        """Process a shard and stage its rows. Each call stages them in a new place, also when it repeats an earlier call.

        Args:
            shard: the shard.
            known: the digests of those of its records that need no work.

        Returns:
            The staged parts of the shard, in order.

        Raises:
            DatasetError: the output cannot be written.
            OSError: the storage failed; another attempt may succeed.
        """
        with dataset_errors(self._spec.output):
            if is_remote(self._spec.output):
                with tempfile.TemporaryDirectory(prefix="copydesk-shard-") as own:
                    return self._uploaded(shard, self._work(known), Path(own))
            place = Layout(Path(self._spec.output)).staging
            folder = Path(tempfile.mkdtemp(prefix=f"shard-{shard.number:06}-", dir=place))
            return [StagedPart(shard.number, part.number, str(part.folder), part.last) for part in self._work(known).run(shard, folder)]

    def close(self) -> None:
        """Stop all work. Threads that wait for a result get a `CopydeskError`."""
        self._reader.close()
        self._pages.close()

    def _work(self, known: KnownDigests) -> ShardWork:
        spec, limits = self._spec, self._spec.settings.dataset
        return ShardWork(self._reader, KnownRecords(known), self._pages, self._schemas, spec.fingerprint, spec.base, spec.reprocessing,
                         spec.copy_numbers, PartLimits(limits.batch_files, limits.batch_bytes), ProgressCounter(0, None))

    def _uploaded(self, shard: Shard, work: ShardWork, folder: Path) -> list[StagedPart]:
        objects, parts = Objects(self._spec.output), []
        name = f"{STAGING}/shard-{shard.number:06}-{uuid.uuid4().hex[:SUFFIX_DIGITS]}"
        for part in work.run(shard, folder):
            for file in sorted(part.folder.iterdir()):
                objects.upload(f"{name}/{part.number:06}-{file.name}", file)
            shutil.rmtree(part.folder)
            parts.append(StagedPart(shard.number, part.number, f"{objects.url}/{name}", part.last))
        return parts
