"""Shards that a worker on another machine staged in the output's object store."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from copydesk.dataset.store.staged_part import StagedPart
from copydesk.storage.objects import Objects

STAGING = "_staging"


def fetch_staged(part: StagedPart, objects: Objects, into: Path) -> StagedPart:
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


def remove_staged(part: StagedPart, objects: Objects) -> None:
    """Delete what was staged in a store for a part; it is committed."""
    name = part.folder.removeprefix(f"{objects.url}/")
    objects.delete([f"{name}/{file}" for file in _files(objects, name, part.number)])


def _files(objects: Objects, name: str, number: int) -> Collection[str]:
    return [file for entry in objects.entries(name) if (file := entry.path.rpartition("/")[2]).startswith(f"{number:06}-")]


def stale_shards(objects: Objects, before_ns: int) -> Iterator[str]:
    """Folders of staged shards in a store that nobody has written to since a time."""
    for folder in objects.folders(STAGING):
        if all(0 < entry.mtime_ns < before_ns for entry in objects.entries(f"{STAGING}/{folder}")):
            yield f"{STAGING}/{folder}"
