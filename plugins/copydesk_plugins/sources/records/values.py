"""Values of records as texts: names, dates as numbers, objects in place of a text. Whatever a record holds, nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from copydesk import canonicalise, is_front_page, normalise
from copydesk_plugins.sources.records.written_lists import written_list

MOST_TEXT = 2_000
MOST_ID = 200
MOST_URL = 2_000
MOST_ITEMS = 50
MOST_DIGITS = 40
DEPTH = 3
GOOD_STATUS = (200, 203)
"""Of an HTTP response that is a page: OK, and OK as a proxy changed it."""
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""Unix times between these are dates; a number in between them as thousandths of seconds, or millionths, is one too."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STATUS = re.compile(r"[1-5][0-9]{2}")
_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"]{1,1990}", re.I)


def encoded(text: str) -> bytes:
    """A page's text as UTF-8. What UTF-8 has no place for (lone surrogates), and NUL, becomes U+FFFD.

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
    """One line of text without control characters, at most so many characters."""
    if len(text) <= most and text.isprintable() and "  " not in text:  # what most texts are
        return text.strip()
    return normalise(_SURROGATE.sub("\ufffd", text[:most * 2]))[:most]


def as_text(value: object, inside: tuple[str, ...], most: int = MOST_TEXT) -> str | None:
    """A value as one line: text, a list of texts with semicolons between them, what an object has under one of the keys ``inside``.

    >>> as_text([{"name": "Anna Miller"}, "Li Wei"], ("name",))
    'Anna Miller; Li Wei'
    """
    found = dict.fromkeys(part for part in (clean(text, most) for text in _texts(value, inside, DEPTH)) if part)
    return "; ".join(found)[:most] or None


def _texts(value: object, inside: tuple[str, ...], depth: int) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value[:MOST_TEXT * 4].decode("utf-8", "replace")
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
    """Names of people as one line, as `as_text`; a text that is a written list (`written_list`) counts as that list.

    >>> as_names("['Anna Miller' 'Li Wei']", ()), as_names("[sic]", ())
    ('Anna Miller; Li Wei', '[sic]')
    """
    listed = written_list(value) if isinstance(value, str) else None
    return as_text(value if listed is None else listed, inside)


def as_status(value: object) -> int | None:
    """An HTTP status; None for anything but a whole number that can be one, or its three digits as text.

    >>> [as_status(each) for each in (404, 404.0, 42, "404", "published", True)]
    [404, 404, None, 404, None, None]
    """
    if isinstance(value, str):
        return int(value) if _STATUS.fullmatch(value) else None
    return int(value) if isinstance(value, int | float) and 100 <= value < 600 and value == int(value) else None


def as_id(value: object, inside: tuple[str, ...]) -> str | None:
    """A record's name: a text, or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < MOST_DIGITS * 3:
        return str(value)
    return as_text(value, inside, MOST_ID)


def as_url(values: Iterable[object]) -> str | None:
    """The first absolute address of the web among some values, and lists of them, as written; None when there is none.

    The address of a site's entrance names no article: it is the last to be taken.

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
    """A date as text: as written, or ISO 8601 where it is a date of the file format, or a Unix time in seconds or fractions of them.

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
    return as_text(value, inside, 100) if isinstance(value, str | bytes) else None


def _by_number(value: int | float) -> str | None:
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        if FIRST * scale <= value < LAST * scale:
            return datetime.fromtimestamp(int(value) // scale, UTC).isoformat()
    return str(value) if isinstance(value, int) and 19_900_101 <= value <= 21_000_101 else None
