"""Reads values of records as texts: names, dates as numbers, objects in place of a text.

No function here raises, whatever a record holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from copydesk import canonicalise, is_front_page, normalise
from copydesk_plugins.sources.records.written_lists import written_list

MOST_TEXT = 2_000
"""Characters of a text that are kept."""
MOST_ID = 200
"""Characters of a record's name that are kept."""
MOST_URL = 2_000
"""Characters of an address; a longer one is none."""
MOST_ITEMS = 50
"""Items of a list that are looked at."""
MOST_DIGITS = 40
"""Decimal digits of a whole number that may be a record's name."""
BITS_A_DIGIT = 3
"""Bits that a decimal digit takes at least."""
DEPTH = 3
"""Levels of lists and objects that are followed to a text."""
GOOD_STATUS = (200, 203)
"""The HTTP statuses of a page: OK, and OK as a proxy changed it."""
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""A number between these two is a Unix time in seconds; scaled up, one in milliseconds, microseconds or nanoseconds (`SCALES`)."""
SCALES = (1, 1_000, 1_000_000, 1_000_000_000)
"""Units of a Unix time in a second."""
FIRST_DAY, LAST_DAY = 19_900_101, 21_000_101
"""A whole number between these two is a day written as YYYYMMDD."""
STATUSES = range(100, 600)
"""Numbers that can be an HTTP status."""
MOST_DATE = 100
"""Characters of a written date."""
MOST_BYTES_A_CHARACTER = 4
"""Of UTF-8."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half of a UTF-16 pair, which UTF-8 cannot hold."""
_STATUS = re.compile(r"[1-5][0-9]{2}")
"""An HTTP status as text."""
_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"]{1,1990}", re.I)
"""An absolute address of the web, within `MOST_URL`."""


def encoded(text: str) -> bytes:
    """A page's text as UTF-8. Lone surrogates, which UTF-8 cannot hold, and NUL become U+FFFD.

    >>> encoded("a\\ud800b")
    b'a\\xef\\xbf\\xbdb'
    """
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode("utf-8")


def clean(text: str, most: int = MOST_TEXT) -> str:
    """One line of text without control characters, at most ``most`` characters."""
    if len(text) <= most and text.isprintable() and "  " not in text:  # most texts: the quick way
        return text.strip()
    return normalise(_SURROGATE.sub("\ufffd", text[:most * 2]))[:most]


def as_text(value: object, inside: tuple[str, ...], most: int = MOST_TEXT) -> str | None:
    """A value as one line of text; the texts of a list stand with semicolons between them.

    Of an object the value under the first of the keys ``inside`` that it has is read.

    >>> as_text([{"name": "Anna Miller"}, "Li Wei"], ("name",))
    'Anna Miller; Li Wei'
    """
    found = dict.fromkeys(part for part in (clean(text, most) for text in _texts(value, inside, DEPTH)) if part)
    return "; ".join(found)[:most] or None


def _texts(value: object, inside: tuple[str, ...], depth: int) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value[:MOST_TEXT * MOST_BYTES_A_CHARACTER].decode("utf-8", "replace")
    elif isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for item in value[:MOST_ITEMS]:
            yield from _texts(item, inside, depth - 1)
    elif isinstance(value, Mapping) and depth:
        key = next((key for key in inside if key in value), None)
        if key is not None:
            yield from _texts(value[key], inside, depth - 1)


def as_names(value: object, inside: tuple[str, ...]) -> str | None:
    """Names of people as one line, read as `as_text` reads them. A text that is a written list (`written_list`) is read as a list.

    >>> as_names("['Anna Miller' 'Li Wei']", ()), as_names("[sic]", ())
    ('Anna Miller; Li Wei', '[sic]')
    """
    listed = written_list(value) if isinstance(value, str) else None
    return as_text(value if listed is None else listed, inside)


def as_status(value: object) -> int | None:
    """An HTTP status: a whole number that can be one, or its three digits as text. None for anything else.

    >>> [as_status(each) for each in (404, 404.0, 42, "404", "published", True)]
    [404, 404, None, 404, None, None]
    """
    if isinstance(value, str):
        return int(value) if _STATUS.fullmatch(value) else None
    return int(value) if isinstance(value, int | float) and STATUSES.start <= value < STATUSES.stop and value == int(value) else None


def as_id(value: object, inside: tuple[str, ...]) -> str | None:
    """A record's name: a text, or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < MOST_DIGITS * BITS_A_DIGIT:
        return str(value)
    return as_text(value, inside, MOST_ID)


def as_url(values: Iterable[object]) -> str | None:
    """The first absolute web address among values and lists of values, as written; None when there is none.

    The address of a site's entrance names no article, so it is taken only when there is no other.

    >>> as_url(["https://news.example/?utm_source=rss", ["/1", "https://news.example/1"]])
    'https://news.example/1'
    """
    entrance = None
    for value in values:
        for each in value[:MOST_ITEMS] if isinstance(value, list) else (value,):
            if isinstance(each, bytes):
                each = each[:MOST_URL + 1].decode("utf-8", "replace")
            text = each.strip() if isinstance(each, str) and len(each) <= MOST_URL else ""
            found = canonicalise(text) if _URL.fullmatch(text) and not _SURROGATE.search(text) else None
            if found:
                if not is_front_page(found):
                    return text
                entrance = entrance or text
    return entrance


def as_date(value: object, inside: tuple[str, ...]) -> str | None:
    """A date as text: as written; or in ISO 8601 where the value is a date, or a Unix time in seconds or fractions of them.

    >>> as_date(1709600000123, ())
    '2024-03-05T00:53:20+00:00'
    """
    if isinstance(value, Mapping):
        value = next((value[key] for key in inside if key in value), None)
        value = next(iter(value.values()), None) if isinstance(value, Mapping) and len(value) == 1 else value
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _by_number(value)
    return as_text(value, inside, MOST_DATE) if isinstance(value, str | bytes) else None


def _by_number(value: int | float) -> str | None:
    """A date that a number stands for."""
    for scale in SCALES:
        if FIRST * scale <= value < LAST * scale:
            return datetime.fromtimestamp(int(value) // scale, UTC).isoformat()
    return str(value) if isinstance(value, int) and FIRST_DAY <= value <= LAST_DAY else None
