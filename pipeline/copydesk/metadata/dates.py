"""Read dates in the forms that programs write. Dates that the calendar does not have are refused.

The forms are ISO 8601 (extended and basic), RFC 5322 (RSS, HTTP), unambiguous numbers with slashes or dots, and Unix time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from copydesk.model.metadata import Precision, When

FIRST_YEAR = 1990
"""No page was published on the web before this year (T. Berners-Lee's first page: end of 1990)."""
DAY_LENGTH, MINUTE_LENGTH = 10, 16
"""Characters of `When.local` up to the day (2024-10-18), and up to the minute (2024-10-18T09:30)."""
MONTHS = 12
"""A larger number is no month."""

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?"
_ZONE = r"(?:\s?(?P<zone>Z|z|UTC|GMT|[+\u2212-]\d\d(?::?\d\d)?))?"
_FORMS = tuple(re.compile(form + rf"(?:(?:T|t|,?\s{{1,2}}|\s-\s){_TIME}{_ZONE})?") for form in (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    r"(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})\.?",
    r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
))
_BASIC = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
                    r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?")
_SLASHED = re.compile(rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?P<year>\d{{4}})(?:,?\s{{1,2}}{_TIME}{_ZONE})?")
_RFC = re.compile(r"(?:[A-Z][a-z]{2,8},?\s)?\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\s\d{1,2}:\d\d(?::\d\d)?(?:\s(?:[A-Z]{1,5}|[+-]\d{4}))?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_SECONDS_DIGITS = 10
"""Digits of a Unix time in seconds. A longer one is in milliseconds."""
_MOST_CHARACTERS = 80
"""Longer texts are no dates."""


def parse_when(text: str | None) -> When | None:
    """Read a machine-readable date.

    Returns:
        The date; None when the text is no date, the calendar does not have it, or day and month could be swapped.

    >>> parse_when("2024-10-18T09:30:00-04:00").local
    '2024-10-18T09:30:00-04:00'
    >>> parse_when("2024-02-31") is None
    True
    """
    text = (text or "").strip()
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    for form in (*_FORMS, _BASIC):
        match = form.fullmatch(text)
        if match:
            found = _from_parts(match.groupdict())
            if found:
                return found
    return _slashed(text) or _rfc(text) or _epoch(text)


def when_on(year: int, month: int, number: int) -> When | None:
    """Make a day; None when the calendar has no such day.

    Args:
        year: the year.
        month: the month, 1 to 12.
        number: the day of the month.
    """
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return When(found.isoformat(), datetime.combine(found, time(), UTC), Precision.DAY)


def when_at(year: int, month: int, number: int, clock: tuple[int, int, int | None] | None, offset: timedelta | None) -> When | None:
    """Make a day, or a moment of it; None when calendar or clock do not have it.

    A midnight without offset counts as a day alone, because many systems write a day in that way.

    Args:
        year: the year.
        month: the month, 1 to 12.
        number: the day of the month.
        clock: hour, minute and second (None when unknown); None for the day alone.
        offset: the offset from UTC; None when it is unknown.
    """
    if clock is None or (offset is None and not any(clock)):
        return when_on(year, month, number)
    hour, minute, second = clock
    try:
        zone = timezone(offset) if offset is not None else None
        moment = datetime(year, month, number, hour, minute, second or 0, tzinfo=zone)
        instant = (moment if zone else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    precision = Precision.MINUTE if second is None else Precision.SECOND
    return When(moment.isoformat(timespec="minutes" if second is None else "seconds"), instant, precision)


def parse_offset(zone: str | None) -> timedelta | None:
    """The offset that ``Z``, ``UTC``, ``+01:00``, ``+0100`` or ``+01`` stands for; None when no zone is given.

    >>> parse_offset("-0430")
    datetime.timedelta(days=-1, seconds=70200)
    """
    if not zone:
        return None
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return size if zone[0] == "+" else -size


def has_offset(when: When) -> bool:
    """Whether the page gave the time with its offset."""
    return when.precision is not Precision.DAY and bool(re.search(r"(?:[+-]\d\d:\d\d)$", when.local[MINUTE_LENGTH:]))


def local_day(when: When) -> date:
    """The calendar day as the page gives it."""
    return date.fromisoformat(when.local[:DAY_LENGTH])


def _from_parts(parts: dict[str, str | None]) -> When | None:
    clock = None
    if parts.get("hour"):
        second = parts.get("second")
        clock = (int(parts["hour"] or 0), int(parts["minute"] or 0), int(second) if second else None)
    return when_at(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0), clock, parse_offset(parts.get("zone")))


def _slashed(text: str) -> When | None:
    """Read a date with slashes or dashes, when only one of its numbers can be the month or both numbers are the same."""
    match = _SLASHED.fullmatch(text)
    if not match:
        return None
    parts: dict[str, str | None] = match.groupdict()
    one, two = int(match["one"]), int(match["two"])
    if one <= MONTHS and two <= MONTHS and one != two:
        return None
    parts["day"], parts["month"] = (match["one"], match["two"]) if one > MONTHS else (match["two"], match["one"])
    return _from_parts(parts)


def _rfc(text: str) -> When | None:
    if not _RFC.fullmatch(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    clock = (moment.hour, moment.minute, moment.second)
    return when_at(moment.year, moment.month, moment.day, clock, moment.utcoffset())


def _epoch(text: str) -> When | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) / 1000 if len(text) > _SECONDS_DIGITS else int(text)
    moment = datetime.fromtimestamp(seconds, UTC)
    if moment.year < FIRST_YEAR:
        return None
    return when_at(moment.year, moment.month, moment.day, (moment.hour, moment.minute, moment.second), timedelta())
