"""The page headers of a Parquet row group, looked at before anything is unpacked: sizes that cannot be true, and values multiplied.

Headers are Thrift's compact protocol (https://github.com/apache/parquet-format, parquet.thrift: PageHeader). Of pyarrow's metadata only
plain numbers are asked: ``ColumnChunkMetaData.compression`` ends the process at a codec that it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow.parquet as pq

from copydesk import Status
from copydesk_plugins._parquet_columns import FAILURES
from copydesk_plugins._parquet_files import Unreadable, chunk_start, words

FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A file may give pages of `FREE_BYTES`, and beyond that of so many times its own bytes."""
MOST_PAGE = 1 << 29
MOST_PAGES = 100_000
SLACK, SLACK_TIMES = 1 << 20, 4
"""A page may expand to so much more than its whole column by the footer: some writers count otherwise."""
HEADERS = (1 << 12, 1 << 20)
"""Bytes read for a header, and when it is longer (it may hold long statistics)."""
TYPE, UNPACKED, PACKED = 1, 2, 3
DATA, DICTIONARY, DATA_V2 = 5, 7, 8
NUM_VALUES, ENCODING = 1, 2
PLAIN = 0
LENGTH_BYTES = 4
DEPTH = 8
BOOLEANS, BYTE, INTEGERS, DOUBLE, BINARY, LISTS, STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 12

Struct = dict[int, "int | Struct"]


@dataclass(slots=True)
class Reader:
    """Reads Thrift's compact protocol: whole numbers and structs by their field numbers, all else is passed over.

    What runs over the end raises IndexError, what is no Thrift ValueError.
    """

    data: bytes
    at: int = 0

    def number(self) -> int:
        """An unsigned number."""
        found = 0
        for shift in range(0, 70, 7):
            byte = self.data[self.at]
            self.at += 1
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
        raise ValueError("a number of more than 64 bits")

    def signed(self) -> int:
        """A signed number."""
        found = self.number()
        return (found >> 1) ^ -(found & 1)

    def struct(self, depth: int = DEPTH) -> Struct:
        """A struct's whole numbers and structs."""
        found: Struct = {}
        field = 0
        while True:
            head = self.data[self.at]
            self.at += 1
            if head == 0:
                return found
            field = field + (head >> 4) if head >> 4 else self.signed()
            value = self._value(head & 15, depth, inside=False)
            if value is not None:
                found[field] = value

    def _value(self, kind: int, depth: int, inside: bool) -> int | Struct | None:
        if depth == 0:
            raise ValueError("nested too deep")
        if kind in BOOLEANS:
            self._skip(int(inside))
        elif kind in INTEGERS:
            return self.signed()
        elif kind == STRUCT:
            return self.struct(depth - 1)
        elif kind == BINARY:
            self._skip(self.number())
        elif kind in (BYTE, DOUBLE):
            self._skip(1 if kind == BYTE else 8)
        elif kind in LISTS:
            head = self.data[self.at]
            self.at += 1
            for _ in range(head >> 4 if head >> 4 < 15 else self.number()):
                self._value(head & 15, depth - 1, inside=True)
        else:
            raise ValueError(f"no type of Thrift: {kind}")
        return None

    def _skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise IndexError("a string that runs over the end")


def check_pages(file: BinaryIO, reader: pq.ParquetFile, group: int, paths: Iterable[str], first_only: bool) -> None:
    """Look at the page headers of the columns of a row group that are to be read (with ``first_only`` at the first two of each).

    Raises:
        Unreadable: a page's header is damaged, says what cannot be true, or a page would expand beyond measure.
    """
    try:
        _check_group(file, reader, group, tuple(paths), first_only)
    except FAILURES as error:
        raise _damaged(f"its description cannot be read: {words(error)}") from error


def _check_group(file: BinaryIO, reader: pq.ParquetFile, group: int, wanted: tuple[str, ...], first_only: bool) -> None:
    size = file.seek(0, 2)
    chunks = reader.metadata.row_group(group)
    for number in range(chunks.num_columns):
        chunk = chunks.column(number)
        path = chunk.path_in_schema
        if path in wanted or path.startswith(tuple(f"{name}." for name in wanted)):
            required = reader.schema.column(number).max_definition_level == 0
            _check_chunk(file, chunk, required, size, 2 if first_only else MOST_PAGES)


def _check_chunk(file: BinaryIO, chunk: pq.ColumnChunkMetaData, required: bool, size: int, most: int) -> None:
    at = chunk_start(chunk)
    values, end = 0, min(at + max(chunk.total_compressed_size, 0), size)
    for _ in range(most):
        if at < 0 or at >= end or values >= chunk.num_values:
            return
        header, length = _header(file, at)
        unpacked, packed = _whole(header, UNPACKED), _whole(header, PACKED)
        where = f"column {chunk.path_in_schema}, the page at byte {at}"
        if packed < 0 or at + length + packed > end:
            raise _damaged(f"{where} says that it has {packed} bytes: more than there are")
        if not 0 <= unpacked <= MOST_PAGE:
            raise Unreadable("limit_expansion", f"{where} says that it expands to {unpacked} bytes", Status.QUARANTINED)
        if unpacked > SLACK + SLACK_TIMES * max(0, chunk.total_uncompressed_size):
            raise _damaged(f"{where} says that it expands to {unpacked} bytes, the whole column to {chunk.total_uncompressed_size}")
        values += _check_values(header, chunk, required, size, where)
        at += length + packed


def _header(file: BinaryIO, at: int) -> tuple[Struct, int]:
    """The page header at a place, and its length."""
    for most in HEADERS:
        file.seek(at)
        reader = Reader(file.read(most))
        try:
            return reader.struct(), reader.at
        except IndexError:
            continue
        except ValueError as error:
            raise _damaged(f"the page header at byte {at} is damaged: {error}") from error
    raise _damaged(f"the page header at byte {at} has no end")


def _check_values(header: Struct, chunk: pq.ColumnChunkMetaData, required: bool, size: int, where: str) -> int:
    """How many rows' values the page holds; a dictionary's values are held against all rows of the chunk."""
    unpacked = _whole(header, UNPACKED)
    entries = header.get(DICTIONARY)
    if isinstance(entries, dict):
        count = max(1, _whole(entries, NUM_VALUES))
        expected = unpacked // count * max(0, chunk.num_values)
        if expected > FREE_BYTES + MOST_EXPANSION * size:
            raise Unreadable("limit_expansion", f"{where} is a dictionary whose {count} values stand for {chunk.num_values}: "
                             f"about {expected} bytes out of {size}", Status.QUARANTINED)
        return 0
    body = header.get(DATA, header.get(DATA_V2))
    if not isinstance(body, dict):
        return 0
    count = _whole(body, NUM_VALUES)
    plain = required and DATA in header and _whole(body, ENCODING) == PLAIN and chunk.physical_type == "BYTE_ARRAY"
    if count < 0 or (plain and count * LENGTH_BYTES > unpacked):
        raise _damaged(f"{where} says that it holds {count} values in {unpacked} bytes")
    return count


def _whole(struct: Struct, field: int) -> int:
    value = struct.get(field, 0)
    return value if isinstance(value, int) else 0


def _damaged(message: str) -> Unreadable:
    return Unreadable("parquet", message, Status.QUARANTINED)
