"""Cron lines, checked before anything is started. The five fields and their values are crontab(5)'s, as croniter takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}
DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
FIELDS: tuple[tuple[str, int, int, Mapping[str, int]], ...] = (
    ("minute", 0, 59, {}), ("hour", 0, 23, {}), ("day", 1, 31, {}), ("month", 1, 12, MONTHS), ("weekday", 0, 7, DAYS))
_PART = re.compile(r"(?P<any>[*?])|(?P<last>l)|(?P<first>[0-9]{1,2}|[a-z]{3})(?:-(?P<end>[0-9]{1,2}|[a-z]{3})|(?P<nth>#[1-5]))?")
LONGEST = 300


def cron_fault(line: str) -> str | None:
    """What is wrong with a cron line, None when nothing is.

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
        return f"{name} {part[:20]!r} is no value"
    if slash and int(step) == 0:
        return f"{name} {part!r} has a step of 0"
    for text in (found["first"], found["end"]):
        number = None if text is None else int(text) if text.isdecimal() else names.get(text, -1)
        if number is not None and not low <= number <= high:
            return f"{name} {text} is not from {low} to {high}"
    return None
