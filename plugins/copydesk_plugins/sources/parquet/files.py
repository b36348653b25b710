"""Opens Parquet files with care.

A file that is no Parquet file is told apart from a damaged one, and the footer's size is checked before the footer is parsed.
"""

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
"""The first and the last bytes of a Parquet file (https://parquet.apache.org/docs/file-format/)."""
ENCRYPTED = b"PARE"
"""The first bytes of a file with an encrypted footer."""
MAGIC_BYTES, TAIL_BYTES = 4, 8
"""A file ends in the footer's length (4 bytes, little-endian) and the magic."""
MOST_FOOTER = 16 << 20
"""Bytes of a footer that is read."""
MOST_STRING = 16 << 20
"""Bytes of a string in the footer that Arrow accepts."""
MOST_ITEMS = 1_000_000
"""Items of a list in the footer that Arrow accepts."""
BUFFER = 1 << 20
"""Bytes that Arrow reads at a time."""
LARGEST = 2**63 - 1
"""The largest count that fits into 64 bits."""
MOST_WORDS = 300
"""Characters of an error's text in a message."""
ROW_GROUPS, ROWS, CHUNKS, CHUNK = 4, 3, 1, 3
"""Numbers of fields in parquet.thrift: FileMetaData, RowGroup (rows, chunks), ColumnChunk."""
PATH, VALUES, UNPACKED, PACKED, DATA_AT, DICTIONARY_AT = 3, 5, 6, 7, 9, 11
"""Numbers of fields in parquet.thrift: ColumnMetaData."""
_CHUNK: Wanted = {field: {} for field in (PATH, VALUES, UNPACKED, PACKED, DATA_AT, DICTIONARY_AT)}
_FOOTER: Wanted = {ROW_GROUPS: {CHUNKS: {CHUNK: _CHUNK}, ROWS: {}}}
"""The fields of the footer that are read."""


class UnreadableParquet(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file, or a row group, gives no pages: a code, a message and a status."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column in a row group, as the footer describes it.

    Attributes:
        path: the column's path with dots.
        start: offset of its first byte in the file.
        packed: bytes as stored.
        unpacked: bytes once unpacked.
        values: how many values it has.
    """

    path: str
    start: int
    packed: int
    unpacked: int
    values: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row group, as the footer describes it.

    Attributes:
        number: its place among the row groups, from 0.
        rows: how many rows it has.
        before: how many rows of the file stand before it.
        chunks: its columns.
    """

    number: int
    rows: int
    before: int
    chunks: tuple[Chunk, ...]

    @property
    def start(self) -> int:
        """The offset of the first byte of its first column; 0 without columns."""
        return self.chunks[0].start if self.chunks else 0


def groups(file: BinaryIO, most_footer: int = MOST_FOOTER) -> list[RowGroup]:
    """The row groups of a Parquet file in order.

    Raises:
        UnreadableParquet: the file is empty, no Parquet file, cut off, damaged, or its footer is too large.
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
    head = file.read(MAGIC_BYTES)
    if not head:
        raise UnreadableParquet("empty", "the file is empty", Status.REJECTED)
    if head == ENCRYPTED:
        raise _damaged("the file is encrypted")
    if head != MAGIC:
        raise UnreadableParquet("not_parquet", "the file does not begin as Parquet files do", Status.REJECTED)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    if size < MAGIC_BYTES + TAIL_BYTES or tail[MAGIC_BYTES:] != MAGIC:
        raise _damaged("the file has no footer: it is cut off, or its writer did not finish")
    length = struct.unpack("<I", tail[:MAGIC_BYTES])[0]
    if length > size - MAGIC_BYTES - TAIL_BYTES:
        raise _damaged(f"the footer says that it has {length} bytes, in a file of {size}")
    if length > most:
        raise UnreadableParquet("limit_footer", f"a footer of {length} bytes, the limit is {most}", Status.QUARANTINED)
    file.seek(size - TAIL_BYTES - length)
    return read(file, length)


def _chunk(column: dict[int, Value]) -> Chunk:
    parts = column.get(PATH)
    path = ".".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes)) if isinstance(parts, list) else ""
    start, dictionary = whole(column, DATA_AT), whole(column, DICTIONARY_AT)
    first = dictionary if 0 < dictionary < start else start
    return Chunk(path, first, whole(column, PACKED), whole(column, UNPACKED), whole(column, VALUES))


def open_parquet(file: BinaryIO) -> pq.ParquetFile:
    """Arrow's reader of a file whose footer `groups` could read. The reader holds single pages in memory, not whole row groups.

    Raises:
        UnreadableParquet: the schema or the footer is damaged.
    """
    try:
        return pq.ParquetFile(pa.PythonFile(file, mode="r"), memory_map=False, pre_buffer=False, buffer_size=BUFFER,
                              thrift_string_size_limit=MOST_STRING, thrift_container_size_limit=MOST_ITEMS)
    except FAILURES as error:
        raise _damaged(f"the footer cannot be read: {words(error)}") from error


def read(file: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the file's end."""
    pieces: list[bytes] = []
    while size > 0 and (piece := file.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def words(error: BaseException) -> str:
    """An error's text on one line, at most `MOST_WORDS` characters.

    >>> words(ValueError("no\\nway"))
    'no way'
    """
    return inert(" ".join(str(error).split())[:MOST_WORDS]) or type(error).__name__


def _damaged(message: str) -> UnreadableParquet:
    return UnreadableParquet("parquet", message, Status.QUARANTINED)
