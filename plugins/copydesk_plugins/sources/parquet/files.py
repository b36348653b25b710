"""Parquet files opened with care: what is none is told apart from what is damaged, and the footer is bounded before it is parsed."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk import Status, inert
from copydesk_plugins.sources.parquet.columns import FAILURES
from copydesk_plugins.sources.parquet.thrift import ThriftReader, Value, Wanted, inner, structs, whole

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"
MOST_FOOTER = 16 << 20
MOST_STRING = 16 << 20
MOST_ITEMS = 1_000_000
BUFFER = 1 << 20
LARGEST = 2**63 - 1
ROW_GROUPS, ROWS, CHUNKS, CHUNK = 4, 3, 1, 3
PATH, VALUES, UNPACKED, PACKED, DATA_AT, DICTIONARY_AT = 3, 5, 6, 7, 9, 11
_CHUNK: Wanted = {field: {} for field in (PATH, VALUES, UNPACKED, PACKED, DATA_AT, DICTIONARY_AT)}
_FOOTER: Wanted = {ROW_GROUPS: {CHUNKS: {CHUNK: _CHUNK}, ROWS: {}}}
"""The numbers of fields in parquet.thrift (FileMetaData, RowGroup, ColumnChunk, ColumnMetaData)."""


class UnreadableParquet(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file, or a row group, gives no pages: a code, a message and a status."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column in a row group by the footer: its path, first byte, bytes as stored and unpacked, and how many values it has."""

    path: str
    start: int
    packed: int
    unpacked: int
    values: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row group: its number, its rows, how many rows stand before it, its columns, and the place of its first byte in the file."""

    number: int
    rows: int
    before: int
    chunks: tuple[Chunk, ...]

    @property
    def start(self) -> int:
        """The place of the first byte of its first column."""
        return self.chunks[0].start if self.chunks else 0


def groups(file: BinaryIO, most_footer: int = MOST_FOOTER) -> list[RowGroup]:
    """The row groups of a Parquet file in order.

    Raises:
        Unreadable: it is empty, no Parquet file, cut off, damaged, or its footer is beyond measure.
    """
    footer = _footer(file, most_footer)
    found: list[RowGroup] = []
    before = 0
    try:
        for number, group in enumerate(structs(ThriftReader(footer).struct(_FOOTER), ROW_GROUPS)):
            rows = whole(group, ROWS)
            if not 0 <= rows <= LARGEST:
                raise _damaged(f"row group {number} says that it has {rows} rows")
            found.append(RowGroup(number, rows, before, tuple(_chunk(inner(each, CHUNK)) for each in structs(group, CHUNKS))))
            before = min(before + rows, LARGEST)
    except (IndexError, ValueError, RecursionError) as error:
        raise _damaged(f"the footer cannot be read: {words(error)}") from error
    return found


def _footer(file: BinaryIO, most: int) -> bytes:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(4)
    if not head:
        raise UnreadableParquet("empty", "the file is empty", Status.REJECTED)
    if head == ENCRYPTED:
        raise _damaged("the file is encrypted")
    if head != MAGIC:
        raise UnreadableParquet("not_parquet", "the file does not begin as Parquet files do", Status.REJECTED)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if size < 12 or tail[4:] != MAGIC:
        raise _damaged("the file has no footer: it is cut off, or its writer did not finish")
    length = struct.unpack("<I", tail[:4])[0]
    if length > size - 12:
        raise _damaged(f"the footer says that it has {length} bytes, in a file of {size}")
    if length > most:
        raise UnreadableParquet("limit_footer", f"a footer of {length} bytes, the limit is {most}", Status.QUARANTINED)
    file.seek(size - 8 - length)
    return read(file, length)


def _chunk(column: dict[int, Value]) -> Chunk:
    parts = column.get(PATH)
    path = ".".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes)) if isinstance(parts, list) else ""
    start, dictionary = whole(column, DATA_AT), whole(column, DICTIONARY_AT)
    first = dictionary if 0 < dictionary < start else start
    return Chunk(path, first, whole(column, PACKED), whole(column, UNPACKED), whole(column, VALUES))


def open_parquet(file: BinaryIO) -> pq.ParquetFile:
    """The reader of a file whose footer `groups` could read. It holds pages, not row groups.

    Raises:
        Unreadable: its schema or footer is damaged.
    """
    try:
        return pq.ParquetFile(pa.PythonFile(file, mode="r"), memory_map=False, pre_buffer=False, buffer_size=BUFFER,
                              thrift_string_size_limit=MOST_STRING, thrift_container_size_limit=MOST_ITEMS)
    except FAILURES as error:
        raise _damaged(f"the footer cannot be read: {words(error)}") from error


def read(file: BinaryIO, size: int) -> bytes:
    """So many bytes, fewer only at the file's end."""
    pieces: list[bytes] = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def words(error: BaseException) -> str:
    """An error's words on one line, bounded.

    >>> words(ValueError("no\\nway"))
    'no way'
    """
    return inert(" ".join(str(error).split())[:300]) or type(error).__name__


def _damaged(message: str) -> UnreadableParquet:
    return UnreadableParquet("parquet", message, Status.QUARANTINED)
