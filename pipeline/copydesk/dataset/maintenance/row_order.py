"""Read the rows of a table in another order. They lie uncompressed in a file on disk, so memory holds only the rows being read."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

PORTION = 1_000
"""Rows that are read or written at a time."""


class Rows:
    """Rows in a file. Use `laid_out` to get them."""

    def __init__(self, batches: Sequence[pa.RecordBatch]) -> None:
        self._batches = batches
        self._starts = [0]
        for batch in batches:
            self._starts.append(self._starts[-1] + batch.num_rows)

    def __len__(self) -> int:
        return self._starts[-1]

    def values(self, column: str) -> Iterator[Any]:
        """Yield a column's values in the order of the rows; nothing when there is no such column."""
        for batch in self._batches:
            if column in batch.schema.names:
                yield from batch.column(column).to_pylist()

    def taken(self, order: Sequence[int]) -> Iterator[pa.Table]:
        """Yield the rows with these numbers, in this order, in portions."""
        for start in range(0, len(order), PORTION):
            yield self._portion(order[start:start + PORTION])

    def _portion(self, order: Sequence[int]) -> pa.Table:
        by_batch: dict[int, list[int]] = {}
        for position, row in enumerate(order):
            by_batch.setdefault(bisect_right(self._starts, row) - 1, []).append(position)
        pieces, positions = [], list[int]()
        for index, wanted in by_batch.items():
            pieces.append(self._batches[index].take(pa.array([order[position] - self._starts[index] for position in wanted], pa.int64())))
            positions += wanted
        back = sorted(range(len(positions)), key=positions.__getitem__)
        return pa.Table.from_batches(pieces).take(pa.array(back, pa.int64()))


@contextmanager
def laid_out(path: Path, schema: pa.Schema, portions: Iterable[pa.Table]) -> Iterator[Rows]:
    """Write rows into a file, and give access to them for the time of a ``with`` block. Then the file is deleted."""
    try:
        with path.open("wb") as file, pa.ipc.new_file(file, schema) as writer:
            for portion in portions:
                for start in range(0, portion.num_rows, PORTION):
                    writer.write_table(portion.slice(start, PORTION).combine_chunks())
        with pa.memory_map(os.fspath(path)) as source, pa.ipc.open_file(source) as reader:
            yield Rows([reader.get_batch(index) for index in range(reader.num_record_batches)])
    finally:
        path.unlink(missing_ok=True)
