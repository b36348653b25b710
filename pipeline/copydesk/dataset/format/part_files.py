"""Part files: Parquet whose bytes depend on the rows alone. One writer, fixed options, fixed row groups."""

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
OTHER_GROUP_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class PartFile:
    """A part file as its commit records it."""

    rows: int
    sha256: str
    bytes: int


def part_name(table: str, part: int) -> str:
    """The file name of a part.

    >>> part_name("quotes", 0)
    'quotes-00000.parquet'
    """
    return f"{table}-{part:05}.parquet"


def table_of(name: str) -> str:
    """The table that a part file belongs to.

    >>> table_of("quotes-00000.parquet")
    'quotes'
    """
    return name.rpartition("-")[0]


def write_part(path: Path, schema: pa.Schema, portions: Iterable[pa.Table]) -> PartFile:
    """Write a part file to disk, all the way."""
    size = GROUP_ROWS.get(table_of(path.name), OTHER_GROUP_ROWS)
    rows = 0
    with path.open("wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd", compression_level=3, version="2.6", data_page_version="1.0",
                              write_page_index=True) as writer:
            for group in regroup(portions, size):
                writer.write_table(group.cast(schema), row_group_size=size)
                rows += group.num_rows
        file.flush()
        os.fsync(file.fileno())
    return PartFile(rows, file_sha256(path), path.stat().st_size)


def regroup(portions: Iterable[pa.Table], size: int) -> Iterator[pa.Table]:
    """The same rows in tables of exactly ``size`` rows (the last one may be shorter), each in one piece."""
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
    """The rows of a part file, a row group at a time; some columns of them when named."""
    with pq.ParquetFile(path) as file:
        for index in range(file.num_row_groups):
            yield file.read_row_group(index, columns=columns, use_threads=False)


def open_part(folder: Callable[[], Path], name: str) -> pq.ParquetFile:
    """A part file of a batch that may move (it is retired) between its finding, ``folder``, and its opening.

    Raises:
        DatasetError: it is missing, or cannot be read.
    """
    tried = None
    while (path := folder() / name) != tried:
        tried = path
        try:
            return pq.ParquetFile(path)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:  # Arrow's errors are of both kinds
            raise DatasetError(f"cannot read {path}: {error}") from error
    raise DatasetError(f"{path} is missing")


def part_schema(path: Path) -> pa.Schema:
    """The Arrow schema of a part file."""
    return pq.read_schema(path)


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def row_count(path: Path) -> int:
    """How many rows a part file has."""
    return int(pq.read_metadata(path).num_rows)
