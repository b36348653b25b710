"""Shards: the portions that a run is divided into. They are cut from the planned items and kept on disk until they are processed."""

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
    """A planned input that cannot be read.

    Attributes:
        reject: why it cannot be read.
        copy_number: its number among the inputs with the same source path: 1 for the first.
    """

    reject: Reject
    copy_number: int


PlannedItem = SourceRange | Refused | Ignored


@dataclass(frozen=True, slots=True)
class Shard:
    """A portion of a run. Its boundaries depend on the inputs alone.

    Attributes:
        number: the number of the shard, from 0.
        ranges: the ranges of sources to read, in order.
        rejects: the inputs that cannot be read.
        ignored: the number of items that are no inputs by their nature.
        copy_numbers: for each of ``rejects``, its number among the inputs with the same source path: 1 for the first.
    """

    number: int
    ranges: tuple[SourceRange, ...]
    rejects: tuple[Reject, ...] = ()
    ignored: int = 0
    copy_numbers: tuple[int, ...] = ()


def cut(items: Iterable[PlannedItem], limits: DatasetSettings) -> Iterator[Shard]:
    """Yield shards of at most ``batch_files`` items and ``batch_bytes`` bytes as stored. A range that is larger is a shard of its own."""
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
    """Return the bytes of a range as stored; 0 for other items."""
    if not isinstance(item, SourceRange):
        return 0
    return (item.location.size if item.end is None else item.end) - item.start


def _shard(number: int, items: Sequence[PlannedItem]) -> Shard:
    refused = [item for item in items if isinstance(item, Refused)]
    return Shard(number, tuple(item for item in items if isinstance(item, SourceRange)), tuple(item.reject for item in refused),
                 sum(isinstance(item, Ignored) for item in items), tuple(item.copy_number for item in refused))


class ShardFile(Sequence[Shard]):
    """A sequence of shards in a file, so that a plan of millions of files needs little memory. Several threads may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("w+b")
        self._starts = array("Q")
        self._lock = threading.Lock()

    def add(self, shard: Shard) -> None:
        """Append a shard."""
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
            shard = pickle.load(self._file)  # noqa: S301  # this object wrote the file
        assert isinstance(shard, Shard)  # noqa: S101  # the same
        return shard

    def close(self) -> None:
        """Delete the file."""
        with suppress(OSError):  # `add` has raised errors of writing; the next run deletes a file that stays
            self._file.close()
            self._path.unlink(missing_ok=True)
