"""A run's shards on other machines: what is sent there, who works there, and how the rows come back.

    errand = job.errand()                               # here: what every worker needs, once
    desk = Desk(errand, processes)                      # there: the same plugins, or an error
    keys = desk.keys(shard)                             # there: which records a shard holds
    known = job.known(keys)                             # here, where the ledger is: which of them need no work
    for part in desk.process(shard, known):             # there: staged in the output's own staging folder, or in its store
        job.commit(job.fetched(part))                   # here
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.again import Again
from copydesk.errors import DatasetError, PluginError
from copydesk.files import is_remote
from copydesk.filling import Cut
from copydesk.layout import Layout, storage
from copydesk.shards import Shard
from copydesk.staged_part import StagedPart

if TYPE_CHECKING:
    from copydesk.process import Pipeline
    from copydesk.remote_objects import Objects
    from copydesk.settings import Settings
    from copydesk.shard_work import ShardWork

STAGING = "_staging"
Keys = list[tuple[str, str]]
"""Of each record its hash, and the place that the ledger knows it by."""
Known = frozenset[bytes]
"""Records that need no work, by `digest`."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a worker elsewhere needs to work on the shards of a run. ``inputs`` and ``output`` are as the run has them."""

    settings: Settings
    fingerprint: str
    base: int
    again: Again
    twins: Mapping[str, int]
    inputs: tuple[str, ...]
    output: str


def digest(key: str, source: str) -> bytes:
    """A record in 16 bytes."""
    return hashlib.blake2b(f"{key}\0{source}".encode("utf-8", "backslashreplace"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """Stands where the ledger is not: it was asked before."""

    digests: Known

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False, older: bool = False) -> bool:
        """Whether a record needs no work. What the run asks for was said to the ledger."""
        return digest(key, source) in self.digests


def check_here(errand: Errand) -> Pipeline:
    """See that work on a run can be done in this process: the same plugins in the same versions, and its inputs and output in sight.

    Raises:
        PluginError: a plugin cannot be loaded here, or they are not those of the run.
        DatasetError: an input or the output is not here.
    """
    from copydesk.process import Pipeline

    pipeline = Pipeline(errand.settings)
    if pipeline.fingerprint != errand.fingerprint:
        names = ", ".join(f"{info.name} {info.version}".strip() for info in sorted(pipeline.plugins.infos, key=lambda info: info.name))
        raise PluginError("copydesk", "", f"the plugins here are not those of the run: their fingerprint is {pipeline.fingerprint}, the "
                                          f"run's {errand.fingerprint}; install the same versions (here: {names})")
    unseen = [given for given in errand.inputs if not is_remote(given) and not os.path.lexists(given)]
    if unseen or not (is_remote(errand.output) or Layout(Path(errand.output)).staging.is_dir()):
        raise DatasetError(f"{(unseen or [errand.output])[0]} is not on this machine: several machines need inputs and outputs that all "
                           "of them see at one path, or in an object store")
    return pipeline


class Desk:
    """Works on the shards of one run, in ``processes`` page processes. May be called from several threads.

    Raises:
        PluginError, DatasetError: as `check_here` says.
    """

    def __init__(self, errand: Errand, processes: int) -> None:
        from copydesk import staging
        from copydesk.own_tables import plugin_tables
        from copydesk.readers import RangeReader
        from copydesk.workers import PagePool

        self._errand = errand
        pipeline = check_here(errand)
        self._schemas = staging.schemas_with({table.name: table.schema for _, table in plugin_tables(pipeline)})
        self._reader = RangeReader(pipeline.settings, pipeline.plugins)
        self._pages = PagePool(pipeline.settings, processes)

    def keys(self, shard: Shard) -> Keys:
        """The records of a shard, in order."""
        return list(self._work(frozenset()).keys(shard))

    def process(self, shard: Shard, known: Known) -> list[StagedPart]:
        """Stage a shard. A shard that is processed again is staged in another place.

        Raises:
            DatasetError: the output cannot be written.
            OSError: storage failed in a way that may pass.
        """
        with storage(self._errand.output):
            if is_remote(self._errand.output):
                with tempfile.TemporaryDirectory(prefix="copydesk-shard-") as own:
                    return self._uploaded(shard, self._work(known), Path(own))
            place = Layout(Path(self._errand.output)).staging
            folder = Path(tempfile.mkdtemp(prefix=f"shard-{shard.number:06}-", dir=place))
            return [StagedPart(shard.number, part.number, str(part.folder), part.last) for part in self._work(known).run(shard, folder)]

    def close(self) -> None:
        """End what is under way; who waits for it gets a `CopydeskError`."""
        self._reader.close()
        self._pages.close()

    def _work(self, known: Known) -> ShardWork:
        from copydesk.progress import Teller
        from copydesk.shard_work import ShardWork

        errand, limits = self._errand, self._errand.settings.dataset
        return ShardWork(self._reader, KnownRecords(known), self._pages, self._schemas, errand.fingerprint, errand.base, errand.again,
                         errand.twins, Cut(limits.batch_files, limits.batch_bytes), Teller(0, None))

    def _uploaded(self, shard: Shard, work: ShardWork, folder: Path) -> list[StagedPart]:
        from copydesk.remote_objects import Objects

        objects, parts = Objects(self._errand.output), []
        name = f"{STAGING}/shard-{shard.number:06}-{uuid.uuid4().hex[:12]}"
        for part in work.run(shard, folder):
            for file in sorted(part.folder.iterdir()):
                objects.upload(f"{name}/{part.number:06}-{file.name}", file)
            shutil.rmtree(part.folder)
            parts.append(StagedPart(shard.number, part.number, f"{objects.url}/{name}", part.last))
        return parts


def fetched(part: StagedPart, objects: Objects, into: Path) -> StagedPart:
    """A part that was staged in a store, in a local folder.

    Raises:
        DatasetError: it is gone or cannot be read.
    """
    name = part.folder.removeprefix(f"{objects.url}/")
    folder = into / name.rpartition("/")[2] / f"{part.number:06}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in _files(objects, name, part.number):
        (folder / file.partition("-")[2]).write_bytes(objects.read(f"{name}/{file}"))
    return StagedPart(part.shard, part.number, str(folder), part.last)


def removed(part: StagedPart, objects: Objects) -> None:
    """Delete what was staged in a store for a part; it is committed."""
    name = part.folder.removeprefix(f"{objects.url}/")
    objects.delete([f"{name}/{file}" for file in _files(objects, name, part.number)])


def _files(objects: Objects, name: str, number: int) -> Collection[str]:
    return [file for entry in objects.entries(name) if (file := entry.path.rpartition("/")[2]).startswith(f"{number:06}-")]


def stale(objects: Objects, before_ns: int) -> Iterator[str]:
    """Folders of staged shards in a store that nobody has written to since a time."""
    for folder in objects.folders(STAGING):
        if all(0 < entry.mtime_ns < before_ns for entry in objects.entries(f"{STAGING}/{folder}")):
            yield f"{STAGING}/{folder}"
