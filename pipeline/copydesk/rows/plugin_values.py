"""Values of plugins' own tables: what Arrow would alter without a word, or Parquet refuse only when a batch is written, is found before."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa

from copydesk.rows.arrow_batches import UnfitRowsError, packed, unpacked
from copydesk.rows.article_rows import Row

_LISTS = (pa.ListType, pa.LargeListType, pa.FixedSizeListType, pa.ListViewType, pa.LargeListViewType)
_MICROSECONDS = {"s": 1_000_000, "ms": 1_000}
"""Of a unit of time, where Arrow cuts off what is below it."""
_MOST_SECONDS = (2**63 - 1) // 1_000
"""Parquet has no times in seconds; they are written in milliseconds."""
_FORMATS = {16: "<e", 32: "<f"}
"""Of `struct`, by the bits of a floating-point type in which Arrow stores what is too large for it as infinite."""


def unstorable(schema: pa.Schema) -> str | None:
    """Why a dataset cannot hold tables of a schema, or None: the same column twice, or a type that does not come back.

    >>> unstorable(pa.schema([("kind", pa.dictionary(pa.int32(), pa.string()))]))
    "has a field 'kind' of type dictionary<values=string, indices=int32, ordered=0>, which a dataset cannot hold"
    """
    twice = next((name for name in schema.names if schema.names.count(name) > 1), None)
    if twice is not None:
        return f"has two fields named {twice!r:.60}"
    return next((f"has a field {field.name!r:.60} of type {field.type}, which a dataset cannot hold"
                 for field in schema if not _is_storable(field)), None)


def _is_storable(field: pa.Field) -> bool:
    import pyarrow.parquet as pq

    schema = pa.schema([field])
    try:
        unpacked({"": packed([], schema)}, {"": schema})
        pq.write_table(schema.empty_table(), pa.BufferOutputStream())
    except (UnfitRowsError, pa.ArrowException, NotImplementedError):
        return False
    return True


def row_fault(row: Row, schema: pa.Schema) -> str | None:
    """The first value of a row that would be altered or refused later, in words, or None.

    >>> row_fault({"share": 1.5}, pa.schema([("share", pa.int32())]))
    "column 'share': 1.5 is no int32"
    """
    return next((fault for field in schema for fault in _faults(field, row.get(field.name), field.name)), None)


def _faults(field: pa.Field, value: object, place: str) -> Iterator[str]:
    kind = field.type
    if value is None:
        if not field.nullable:
            yield f"column {place!r}: a value is required"
    elif _is_altered(kind, value) or (isinstance(kind, _LISTS) and not isinstance(value, list)):
        yield f"column {place!r}: {value!r:.60} is no {kind}"
    elif isinstance(kind, pa.StructType) and isinstance(value, Mapping):
        yield from _struct_faults(kind, value, place)
    elif isinstance(kind, pa.MapType) and isinstance(value, Mapping):
        yield from _item_faults(kind.item_field, value.values(), place)
    elif isinstance(kind, _LISTS) and isinstance(value, list):  # anything else is a fault: of a string Arrow takes the letters
        yield from _item_faults(kind.value_field, value, place)


def _is_altered(kind: pa.DataType, value: object) -> bool:
    """Whether Arrow would store another number or time than is given, or Parquet refuse it."""
    if isinstance(value, bool):
        return bool(pa.types.is_floating(kind))
    if isinstance(value, float) and pa.types.is_floating(kind):
        return math.isfinite(value) and not _is_held(value, _FORMATS.get(kind.bit_width))
    if isinstance(value, int | float | Decimal) and _is_counted(kind):
        return _has_fraction(value) or _is_beyond(kind, value)
    return isinstance(value, datetime | time | timedelta) and pa.types.is_temporal(kind) and _is_cut(kind, value)


def _is_held(value: float, layout: str | None) -> bool:
    try:
        return layout is None or bool(struct.pack(layout, value))
    except OverflowError:
        return False


def _has_fraction(value: float | Decimal) -> bool:
    """Of a decimal that is not finite: no; Arrow refuses it."""
    if isinstance(value, Decimal):
        return value.is_finite() and value != value.to_integral_value()
    return value % 1 != 0


def _is_beyond(kind: pa.DataType, value: float | Decimal) -> bool:
    """Whether a count of seconds has no place in milliseconds."""
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    return pa.types.is_timestamp(kind) and kind.unit == "s" and not -_MOST_SECONDS <= value <= _MOST_SECONDS


def _is_cut(kind: pa.DataType, value: datetime | time | timedelta) -> bool:
    """Whether a time would lose its zone or what is below its column's unit, or a date its time."""
    if isinstance(value, timedelta):
        return value.microseconds % _MICROSECONDS.get(kind.unit, 1) != 0
    if isinstance(value, time):
        return value.tzinfo is not None or value.microsecond % _MICROSECONDS.get(kind.unit, 1) != 0
    if pa.types.is_date(kind):
        return value.tzinfo is not None or value.time() != time.min
    return value.microsecond % _MICROSECONDS.get(kind.unit, 1) != 0


def _is_counted(kind: pa.DataType) -> bool:
    """Whether a type's values are whole numbers: integers, and all that counts days, seconds or parts of them."""
    return bool(pa.types.is_integer(kind) or pa.types.is_temporal(kind))


def _struct_faults(kind: pa.StructType, value: Mapping[str, object], place: str) -> Iterator[str]:
    inner = [kind.field(index) for index in range(kind.num_fields)]
    unknown = sorted(set(value) - {field.name for field in inner})
    if unknown:
        yield f"column {place!r}: no field {unknown[0]!r:.60} (fields: {', '.join(field.name for field in inner)})"
    for field in inner:
        yield from _faults(field, value.get(field.name), f"{place}.{field.name}")


def _item_faults(field: pa.Field, values: Iterable[object], place: str) -> Iterator[str]:
    """Of the items; those of a plain type that may be missing have none, and are not looked at: vectors are long."""
    if field.nullable and not field.type.num_fields and not _is_counted(field.type):
        return
    for value in values:
        yield from _faults(field, value, f"{place}[]")
