"""Convert the values of rows to Python's built-in types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from numbers import Integral, Real

from copydesk.rows.article_rows import Row

_AS_IS = frozenset({type(None), bool, int, float, bytes, date, time, timedelta, Decimal})
"""Types whose values stay as they are. Subclasses of them do not."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(row: Mapping[str, object]) -> Row:
    """Return a row that holds only Python's built-in types, so that it can leave the process.

    Its strings can be stored as UTF-8: a lone surrogate becomes U+FFFD, so that offsets stay right. A time with a zone becomes the same
    moment in UTC.

    Raises:
        TypeError: no table can hold a value of this type.
    """
    return {str.__str__(key): _plain(value) for key, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, str):
        text = str.__str__(value)
        return text if text.isascii() or not _SURROGATE.search(text) else _SURROGATE.sub("\ufffd", text)
    if type(value) in _AS_IS:
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    """Return a moment, a number of another library, or an instance of a subclass as a value of a built-in type."""
    if isinstance(value, datetime):
        moment = datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)  # without the zone
        offset = value.utcoffset()
        return moment if offset is None else (moment - offset).replace(tzinfo=UTC)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise TypeError(f"{type(value).__name__} is nothing that a table holds")
