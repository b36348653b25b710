"""Write and read part files, the Parquet files of a dataset.

The same rows always give the same bytes: one writer, fixed options, fixed sizes of row groups.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import DatasetError

GROUP_ROWS = {"articles": 1_000}
"""Rows in a row group of these tables, whose rows are large. Readers hold a row group in memory."""
OTHER_GROUP_ROWS = 20_000
"""Rows in a row group of all other tables."""
COMPRESSION_LEVEL = 3
"""The level of zstd. Another level would give other bytes for the same rows."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """A part file as its commit records it.

    Attributes:
        rows: number of rows.
        sha256: hex digest of the file's bytes.
        bytes: size of the file in bytes.
    """

    rows: int
    sha256: str
    bytes: int


def part_name(table: str, part: int) -> str:
    """Return the file name of a part file.

    >>> part_name("quotes", 0)
    'quotes-00000.parquet'
    """
    return f"{table}-{part:05}.parquet"


def table_of(name: str) -> str:
    """Return the name of the table that a part file belongs to.

    >>> table_of("quotes-00000.parquet")
    'quotes'
    """
    return name.rpartition("-")[0]


def write_part(path: Path, schema: pa.Schema, portions: Iterable[pa.Table]) -> PartFile:
    """Write a part file and flush it to disk.

    Args:
        path: the file to write. Its name tells the table, which decides the size of the row groups.
        schema: all portions are cast to it.
        portions: the rows, in tables of any size.
    """
    size = GROUP_ROWS.get(table_of(path.name), OTHER_GROUP_ROWS)
    rows = 0
    with path.open("wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", compression_level=COMPRESSION_LEVEL, version="2.6", data_page_version="1.0",
                              write_page_index=True) as writer:
            for group in regroup(portions, size):
                writer.write_table(group.cast(schema), row_group_size=size)
                rows += group.num_rows
        file.flush()
        os.fsync(file.fileno())
    return PartFile(rows, file_sha256(path), path.stat().st_size)


def regroup(portions: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """Yield the same rows in tables of exactly ``size`` rows; the last one may be shorter. Each column is one contiguous chunk."""
    held: list[pa.Table] = []
    count = 0
    for portion in portions:
        while portion.num_rows:
            piece = portion.slice(0, size - count)
            portion = portion.slice(piece.num_rows)
            held.append(piece)
            count += piece.num_rows
            if count == size:
                yield pa.concat_tables(held).combine_chunks()
                held, count = [], 0
    if held:
        yield pa.concat_tables(held).combine_chunks()


def read_part(path: Path, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """Yield the rows of a part file, one row group at a time. Without ``columns``, all columns are read."""
    with pq.ParquetFile(path) as file:
        for index in range(file.num_row_groups):
            yield file.read_row_group(index, columns=columns, use_threads=False)


def open_part(folder: Callable[[], Path], name: str) -> pq.ParquetFile:
    """Open a part file of a batch that a running process may move to ``_retired`` at any time.

    Args:
        folder: finds the batch's folder. It is called again when the file is no longer in the folder it returned before.
        name: the file name.

    Raises:
        DatasetError: the file is missing or cannot be read.
    """
    tried = None
    while (path := folder() / name) != tried:
        tried = path
        try:
            return pq.ParquetFile(path)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:  # Arrow raises subclasses of both
            raise DatasetError(f"cannot read {path}: {error}") from error
    raise DatasetError(f"{path} is missing")


def part_schema(path: Path) -> pa.Schema:
    """Read the Arrow schema of a part file."""
    return pq.read_schema(path)


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def row_count(path: Path) -> int:
    """Read the number of rows from a part file's metadata."""
    return int(pq.read_metadata(path).num_rows)
