"""Parquet files opened with care: what is none is told apart from what is damaged, and the footer is bounded before it is parsed."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk import Status, inert
from copydesk_plugins._parquet_columns import FAILURES

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"
MOST_FOOTER = 64 << 20
MOST_STRING = 16 << 20
MOST_ITEMS = 1_000_000
BUFFER = 1 << 20
LARGEST = 2**63 - 1


class Unreadable(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file, or a row group, gives no pages: a code, a message and a status."""


@dataclass(frozen=True, slots=True)
class Group:
    """A row group: its number, its rows, how many rows stand before it, and the place of its first byte in the file."""

    number: int
    rows: int
    before: int
    start: int


def open_parquet(file: BinaryIO, most_footer: int = MOST_FOOTER) -> pq.ParquetFile:
    """A Parquet file's reader. It holds pages, not row groups.

    Raises:
        Unreadable: it is empty, no Parquet file, cut off, damaged, or its footer is beyond measure.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(4)
    if not head:
        raise Unreadable("empty", "the file is empty", Status.REJECTED)
    if head == ENCRYPTED:
        raise Unreadable("parquet", "the file is encrypted", Status.QUARANTINED)
    if head != MAGIC:
        raise Unreadable("not_parquet", "the file does not begin as Parquet files do", Status.REJECTED)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    if size < 12 or tail[4:] != MAGIC:
        raise Unreadable("parquet", "the file has no footer: it is cut off, or its writer did not finish", Status.QUARANTINED)
    footer = struct.unpack("<I", tail[:4])[0]
    if footer > size - 12:
        raise Unreadable("parquet", f"the footer says that it has {footer} bytes, in a file of {size}", Status.QUARANTINED)
    if footer > most_footer:
        raise Unreadable("limit_footer", f"a footer of {footer} bytes, the limit is {most_footer}", Status.QUARANTINED)
    try:
        return pq.ParquetFile(pa.PythonFile(file, mode="r"), memory_map=False, pre_buffer=False, buffer_size=BUFFER,
                              thrift_string_size_limit=MOST_STRING, thrift_container_size_limit=MOST_ITEMS)
    except FAILURES as error:
        raise Unreadable("parquet", f"the footer cannot be read: {words(error)}", Status.QUARANTINED) from error


def groups(reader: pq.ParquetFile) -> list[Group]:
    """The file's row groups in order.

    Raises:
        Unreadable: the footer is damaged.
    """
    found: list[Group] = []
    before = 0
    try:
        for number in range(reader.metadata.num_row_groups):
            group = reader.metadata.row_group(number)
            if group.num_rows < 0:
                raise Unreadable("parquet", f"row group {number} says that it has {group.num_rows} rows", Status.QUARANTINED)
            found.append(Group(number, group.num_rows, before, chunk_start(group.column(0)) if group.num_columns else 0))
            before = min(before + group.num_rows, LARGEST)
    except FAILURES as error:
        raise Unreadable("parquet", f"the footer cannot be read: {words(error)}", Status.QUARANTINED) from error
    return found


def chunk_start(chunk: pq.ColumnChunkMetaData) -> int:
    """The place of a column chunk's first byte."""
    offset = chunk.dictionary_page_offset
    return int(offset) if offset is not None and 0 < offset < chunk.data_page_offset else int(chunk.data_page_offset)


def words(error: BaseException) -> str:
    """An error's words on one line, bounded.

    >>> words(ValueError("no\\nway"))
    'no way'
    """
    return inert(" ".join(str(error).split())[:300]) or type(error).__name__
