"""Check cron lines before anything is started. The five fields and their values are those of crontab(5), as croniter reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST = 300
"""A longer line is refused."""
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}
DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
FIELDS: tuple[tuple[str, int, int, Mapping[str, int]], ...] = (
    ("minute", 0, 59, {}), ("hour", 0, 23, {}), ("day", 1, 31, {}), ("month", 1, 12, MONTHS), ("weekday", 0, 7, DAYS))
"""The name of each field, its smallest and largest value, and names for values."""
_PART = re.compile(r"(?P<any>[*?])|(?P<last>l)|(?P<first>[0-9]{1,2}|[a-z]{3})(?:-(?P<end>[0-9]{1,2}|[a-z]{3})|(?P<nth>#[1-5]))?")
"""A value, a range or a weekday of the month (``mon#2``), without a step."""
SHOWN = 20
"""Characters of a wrong value that the message shows."""


def cron_fault(line: str) -> str | None:
    """Return what is wrong with a cron line, or None.

    >>> cron_fault("0 6 * * mon-fri")
    >>> cron_fault("61 * * * *")
    'minute 61 is not from 0 to 59'
    """
    fields = line.lower().split()
    if len(fields) != len(FIELDS) or len(line) > LONGEST:
        return f"it has {len(fields)} fields" if len(line) <= LONGEST else "it is too long"
    faults = (_part_fault(part, *field) for text, field in zip(fields, FIELDS, strict=True) for part in text.split(","))
    return next(filter(None, faults), None)


def _part_fault(part: str, name: str, low: int, high: int, names: Mapping[str, int]) -> str | None:
    body, slash, step = part.partition("/")
    found = _PART.fullmatch(body)
    if found is None or (slash and not re.fullmatch("[0-9]{1,3}", step)) or (found["last"] and name != "day") or (
            found["nth"] and name != "weekday"):
        return f"{name} {part[:SHOWN]!r} is no value"
    if slash and int(step) == 0:
        return f"{name} {part!r} has a step of 0"
    for text in (found["first"], found["end"]):
        number = None if text is None else int(text) if text.isdecimal() else names.get(text, -1)
        if number is not None and not low <= number <= high:
            return f"{name} {text} is not from {low} to {high}"
    return None
