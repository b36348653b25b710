"""Shards: what a run is divided into, cut from the items of its inputs, and kept on disk until their turn comes."""

from __future__ import annotations

import pickle
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, SourceRange
from copydesk.settings.schema import DatasetSettings


@dataclass(frozen=True, slots=True)
class Refused:
    """A reject on its way into a shard, with its number among the inputs of its source path."""

    reject: Reject
    copy_number: int


PlannedItem = SourceRange | Refused | Ignored


@dataclass(frozen=True, slots=True)
class Shard:
    """A list of input ranges; its boundaries are a function of the input alone.

    ``rejects`` are inputs that cannot even be opened, ``ignored`` a number of things that are no inputs by nature. ``copy_numbers`` has a
    number for each of ``rejects``: 1, or more where inputs before it have the same source path.
    """

    number: int
    ranges: tuple[SourceRange, ...]
    rejects: tuple[Reject, ...] = ()
    ignored: int = 0
    copy_numbers: tuple[int, ...] = ()


def cut(items: Iterable[PlannedItem], limits: DatasetSettings) -> Iterator[Shard]:
    """Shards of at most ``batch_files`` items and about ``batch_bytes`` bytes; a range that is larger is a shard of its own."""
    number, held, size = 0, list[PlannedItem](), 0
    for item in items:
        weight = size_of(item)
        if held and (len(held) >= limits.batch_files or size + weight > limits.batch_bytes):
            yield _shard(number, held)
            number, held, size = number + 1, [], 0
        held.append(item)
        size += weight
    if held:
        yield _shard(number, held)


def size_of(item: PlannedItem) -> int:
    """Bytes as stored, of what has any."""
    if not isinstance(item, SourceRange):
        return 0
    return (item.location.size if item.end is None else item.end) - item.start


def _shard(number: int, items: Sequence[PlannedItem]) -> Shard:
    refused = [item for item in items if isinstance(item, Refused)]
    return Shard(number, tuple(item for item in items if isinstance(item, SourceRange)), tuple(item.reject for item in refused),
                 sum(isinstance(item, Ignored) for item in items), tuple(item.copy_number for item in refused))


class ShardFile(Sequence[Shard]):
    """Shards in a file of our own, so that a plan over millions of files needs no memory. May be read from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._starts = array("Q")
        self._lock = threading.Lock()

    def add(self, shard: Shard) -> None:
        """Put a shard behind the others."""
        with self._lock:
            self._starts.append(self._file.seek(0, 2))
            pickle.dump(shard, self._file, pickle.HIGHEST_PROTOCOL)
            self._file.flush()

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> Shard: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Shard]: ...

    def __getitem__(self, index: int | slice) -> Shard | Sequence[Shard]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        with self._lock:
            self._file.seek(self._starts[index])
            shard = pickle.load(self._file)  # noqa: S301  # we wrote it
        assert isinstance(shard, Shard)  # noqa: S101  # the same
        return shard

    def close(self) -> None:
        """Delete the file."""
        with suppress(OSError):  # what could not be written was told when it was added; what is left is swept by the next run
            self._file.close()
            self._path.unlink(missing_ok=True)
