"""Checks the page headers of a Parquet row group before anything is unpacked.

It finds sizes that cannot be true, and dictionaries that stand for more text than a file of its size can hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import pyarrow.parquet as pq

from copydesk import Status
from copydesk_plugins.sources.parquet.columns import FAILURES
from copydesk_plugins.sources.parquet.files import Chunk, RowGroup, UnreadableParquet, read, words
from copydesk_plugins.sources.parquet.thrift import ThriftReader, Value, Wanted, inner, whole

FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A file may give pages of `FREE_BYTES`, and beyond that this many times its own bytes."""
MOST_PAGE = 1 << 29
"""Unpacked bytes of a page."""
MOST_PAGES = 100_000
"""Page headers of a column that are looked at."""
SLACK, SLACK_TIMES = 1 << 20, 4
"""A page may expand to this many bytes, and this many times the column's size by the footer: some writers count otherwise."""
FEW_PAGES = 2
"""Page headers that are looked at with ``first_only``: a dictionary and the first page of data."""
HEADERS = (1 << 12, 1 << 20)
"""Bytes read for a header, and bytes read when it is longer than that (it may hold long statistics)."""
UNPACKED, PACKED, DATA, DICTIONARY, DATA_V2 = 2, 3, 5, 7, 8
"""Numbers of fields in parquet.thrift: PageHeader."""
NUM_VALUES, ENCODING = 1, 2
"""Numbers of fields in parquet.thrift: DataPageHeader, DictionaryPageHeader, DataPageHeaderV2."""
_HEADER: Wanted = {UNPACKED: {}, PACKED: {}, **{body: {NUM_VALUES: {}, ENCODING: {}} for body in (DATA, DICTIONARY, DATA_V2)}}
"""The fields of a page header that are read."""
PLAIN = 0
"""The number of the encoding PLAIN in parquet.thrift."""
LENGTH_BYTES = 4
"""Bytes of the length that stands before each plain value."""


def check_pages(file: BinaryIO, reader: pq.ParquetFile, group: RowGroup, paths: Iterable[str], first_only: bool) -> None:
    """Check the page headers of those columns of a row group that will be read (with ``first_only``, the first two of each).

    Raises:
        UnreadableParquet: a header is damaged or says what cannot be true, or a page would expand too much.
    """
    wanted = tuple(paths)
    size = file.seek(0, 2)
    try:
        for number, chunk in enumerate(group.chunks):
            if chunk.path in wanted or chunk.path.startswith(tuple(f"{name}." for name in wanted)):
                column = reader.schema.column(number)
                plain = column.max_definition_level == 0 and column.physical_type == "BYTE_ARRAY"
                _check_chunk(file, chunk, plain, size, FEW_PAGES if first_only else MOST_PAGES)
    except FAILURES as error:
        raise _damaged(f"its description cannot be read: {words(error)}") from error


def _check_chunk(file: BinaryIO, chunk: Chunk, plain: bool, size: int, most: int) -> None:
    at, values = chunk.start, 0
    end = min(at + max(chunk.packed, 0), size)
    for _ in range(most):
        if at < 0 or at >= end or values >= chunk.values:
            return
        header, length = _header(file, at)
        unpacked, packed = whole(header, UNPACKED), whole(header, PACKED)
        where = f"column {chunk.path}, the page at byte {at}"
        if packed < 0 or at + length + packed > end:
            raise _damaged(f"{where} says that it has {packed} bytes: more than there are")
        if not 0 <= unpacked <= MOST_PAGE:
            raise UnreadableParquet("limit_expansion", f"{where} says that it expands to {unpacked} bytes", Status.QUARANTINED)
        if unpacked > SLACK + SLACK_TIMES * max(0, chunk.unpacked):
            raise _damaged(f"{where} says that it expands to {unpacked} bytes, the whole column to {chunk.unpacked}")
        values += _check_values(header, chunk, plain, size, where)
        at += length + packed


def _header(file: BinaryIO, at: int) -> tuple[dict[int, Value], int]:
    """The page header at an offset, and its length in bytes."""
    for most in HEADERS:
        file.seek(at)
        reader = ThriftReader(read(file, most))
        try:
            return reader.struct(_HEADER), reader.at
        except IndexError:
            continue
        except ValueError as error:
            raise _damaged(f"the page header at byte {at} is damaged: {error}") from error
    raise _damaged(f"the page header at byte {at} has no end")


def _check_values(header: dict[int, Value], chunk: Chunk, plain: bool, size: int, where: str) -> int:
    """How many values the page holds; 0 for a dictionary, whose values are checked against the whole column.

    ``plain`` says that each value takes its length and its bytes.

    Raises:
        UnreadableParquet: the page cannot hold its values, or the dictionary stands for too much text.
    """
    unpacked = whole(header, UNPACKED)
    if DICTIONARY in header:
        count = max(1, whole(inner(header, DICTIONARY), NUM_VALUES))
        expected = unpacked // count * max(0, chunk.values)
        if expected > FREE_BYTES + MOST_EXPANSION * size:
            raise UnreadableParquet("limit_expansion", f"{where} is a dictionary whose {count} values stand for {chunk.values}: "
                             f"about {expected} bytes out of {size}", Status.QUARANTINED)
        return 0
    count = whole(inner(header, DATA if DATA in header else DATA_V2), NUM_VALUES)
    plain = plain and DATA in header and whole(inner(header, DATA), ENCODING, -1) == PLAIN
    if count < 0 or (plain and count * LENGTH_BYTES > unpacked):
        raise _damaged(f"{where} says that it holds {count} values in {unpacked} bytes")
    return count


def _damaged(message: str) -> UnreadableParquet:
    return UnreadableParquet("parquet", message, Status.QUARANTINED)
