"""Finds the columns of a Parquet file that hold parts of a record, and gives their values as Python objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from copydesk_plugins.sources.records.fields import Fields, folded

FAILURES = (pa.ArrowException, OSError, ValueError, TypeError, LookupError, OverflowError, MemoryError, RecursionError)
"""What Arrow raises at damaged files and values: its own errors, and Python's that it uses in their place."""


class Bad:
    """Stands for a value that cannot be read (a text that is not UTF-8)."""


BAD = Bad()
"""The one instance of `Bad`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a field inside of a struct column, that may hold a part of a record.

    Attributes:
        path: the column's name; for a field inside of a struct the names on the way, with dots.
        part: the part of a record that it may hold.
        kind: its Arrow type.
    """

    path: str
    part: str
    kind: pa.DataType

    @property
    def is_text(self) -> bool:
        """Whether the column can hold a page: texts, bytes, or lists of texts."""
        kind, tests = self.kind, _TEXTS
        if any(test(kind) for test in _LISTS):
            kind, tests = kind.value_type, _STRINGS
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        return any(test(kind) for test in tests)


def columns(schema: pa.Schema, fields: Fields) -> list[Column]:
    """The columns of a file that may hold parts, in the file's order."""
    return [Column(path, hit.part, kind) for field in schema for hit in fields.hits(field.name)
            for path, kind in _leaf(field.name, field.type, hit.rest)]


def _leaf(path: str, kind: pa.DataType, rest: Sequence[str]) -> Iterator[tuple[str, pa.DataType]]:
    """The path and type at the end of a path into structs; nothing when the path leads nowhere."""
    for name in rest:
        if not pa.types.is_struct(kind):
            return
        field = next((kind.field(index) for index in range(kind.num_fields) if folded(kind.field(index).name) == name), None)
        if field is None:
            return
        path, kind = f"{path}.{field.name}", field.type
    yield path, kind


def rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of a batch. Values that cannot be read are `BAD`."""
    held = [values(column) for column in batch.columns]
    names = batch.schema.names
    for row in zip(*held, strict=True):
        yield dict(zip(names, row, strict=True))


def values(column: pa.Array) -> list[Any]:
    """The values of a column. Where one of them cannot be read, it alone becomes `BAD`.

    >>> values(pa.array([b"a", b"\\xff"]).cast(pa.string(), safe=False)) == ["a", BAD]
    True
    """
    try:
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
        return list(column.to_pylist())
    except FAILURES:
        return [_value(column, index) for index in range(len(column))]


def _value(column: pa.Array, index: int) -> Any:
    try:
        return column[index].as_py()
    except FAILURES:
        return BAD


_STRINGS: tuple[Callable[[pa.DataType], bool], ...] = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
"""Tests for types of text."""
_TEXTS = (*_STRINGS, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
"""Tests for types of text and bytes."""
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
"""Tests for types of lists."""
