"""Find values in the tables of plugins that Arrow would alter silently, or that Parquet would refuse only when a batch is written."""

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
"""Microseconds per unit of a column of times. Arrow cuts off the part of a time that is below the unit."""
_MOST_SECONDS = (2**63 - 1) // 1_000
"""The largest time in seconds that a table can hold: Parquet has no unit of seconds, so they are written as 64-bit milliseconds."""
_FORMATS = {16: "<e", 32: "<f"}
"""Formats of `struct`, by the bits of a floating-point type. Arrow stores a number that is too large for these types as infinite."""


def unstorable(schema: pa.Schema) -> str | None:
    """Return why a dataset cannot hold tables of a schema, or None: a column occurs twice, or its type cannot be written and read back.

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
    """Describe the first value of a row that would be altered or refused later; return None when there is none.

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
    elif isinstance(kind, _LISTS) and isinstance(value, list):  # anything else is a fault: Arrow would split a string into its letters
        yield from _item_faults(kind.value_field, value, place)


def _is_altered(kind: pa.DataType, value: object) -> bool:
    """Tell whether Arrow would store a number or time other than the given one, or Parquet would refuse it."""
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
    """Tell whether a number is not whole. A decimal that is not finite counts as whole: Arrow itself refuses it."""
    if isinstance(value, Decimal):
        return value.is_finite() and value != value.to_integral_value()
    return value % 1 != 0


def _is_beyond(kind: pa.DataType, value: float | Decimal) -> bool:
    """Tell whether a time in seconds is too large to be written in milliseconds."""
    if isinstance(value, Decimal) and not value.is_finite():
        return False
    return pa.types.is_timestamp(kind) and kind.unit == "s" and not -_MOST_SECONDS <= value <= _MOST_SECONDS


def _is_cut(kind: pa.DataType, value: datetime | time | timedelta) -> bool:
    """Tell whether a time would lose its zone or the part below its column's unit, or a date its time."""
    if isinstance(value, timedelta):
        return value.microseconds % _MICROSECONDS.get(kind.unit, 1) != 0
    if isinstance(value, time):
        return value.tzinfo is not None or value.microsecond % _MICROSECONDS.get(kind.unit, 1) != 0
    if pa.types.is_date(kind):
        return value.tzinfo is not None or value.time() != time.min
    return value.microsecond % _MICROSECONDS.get(kind.unit, 1) != 0


def _is_counted(kind: pa.DataType) -> bool:
    """Tell whether a type stores whole numbers: integers, and counts of days, seconds or parts of seconds."""
    return bool(pa.types.is_integer(kind) or pa.types.is_temporal(kind))


def _struct_faults(kind: pa.StructType, value: Mapping[str, object], place: str) -> Iterator[str]:
    inner = [kind.field(index) for index in range(kind.num_fields)]
    unknown = sorted(set(value) - {field.name for field in inner})
    if unknown:
        yield f"column {place!r}: no field {unknown[0]!r:.60} (fields: {', '.join(field.name for field in inner)})"
    for field in inner:
        yield from _faults(field, value.get(field.name), f"{place}.{field.name}")


def _item_faults(field: pa.Field, values: Iterable[object], place: str) -> Iterator[str]:
    """Yield the faults of the items of a list. Items of a nullable type without children cannot be at fault and are not looked at,
    since vectors are long. Types that count whole numbers are looked at nevertheless."""
    if field.nullable and not field.type.num_fields and not _is_counted(field.type):
        return
    for value in values:
        yield from _faults(field, value, f"{place}[]")
