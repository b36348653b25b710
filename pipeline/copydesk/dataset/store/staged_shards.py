"""Fetch and delete what workers on other machines have staged in the output's object store."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from copydesk.dataset.store.staged_part import StagedPart
from copydesk.storage.objects import Objects

STAGING = "_staging"
"""The folder for staged shards below a dataset's URL."""


def fetch_staged(part: StagedPart, objects: Objects, into: Path) -> StagedPart:
    """Fetch a part that was staged in an object store.

    Args:
        part: the part; its folder is a URL.
        objects: the objects of the dataset.
        into: a local folder, in which the part gets a folder of its own.

    Returns:
        The part with its local folder.

    Raises:
        DatasetError: the store cannot be read.
    """
    name = part.folder.removeprefix(f"{objects.url}/")
    folder = into / name.rpartition("/")[2] / f"{part.number:06}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in _files(objects, name, part.number):
        (folder / file.partition("-")[2]).write_bytes(objects.read(f"{name}/{file}"))
    return StagedPart(part.shard, part.number, str(folder), part.last)


def remove_staged(part: StagedPart, objects: Objects) -> None:
    """Delete the staged objects of a part, after its commit."""
    name = part.folder.removeprefix(f"{objects.url}/")
    objects.delete([f"{name}/{file}" for file in _files(objects, name, part.number)])


def _files(objects: Objects, name: str, number: int) -> Collection[str]:
    return [file for entry in objects.entries(name) if (file := entry.path.rpartition("/")[2]).startswith(f"{number:06}-")]


def stale_shards(objects: Objects, before_ns: int) -> Iterator[str]:
    """Yield the folders of staged shards in which the last write was before a time; ``before_ns`` is in nanoseconds since 1970."""
    for folder in objects.folders(STAGING):
        if all(0 < entry.mtime_ns < before_ns for entry in objects.entries(f"{STAGING}/{folder}")):
            yield f"{STAGING}/{folder}"
