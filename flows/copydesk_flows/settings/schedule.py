"""Read schedules and durations as users write them, and check them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from copydesk import SettingsError
from copydesk_flows.settings.cron import cron_fault

_DURATION = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


@dataclass(frozen=True, slots=True)
class Timing:
    """When to run. Exactly one of the two is set.

    Attributes:
        cron: a cron line, in UTC; None for an interval.
        every: the interval; None for a cron line.
    """

    cron: str | None
    every: timedelta | None


def duration(option: str, text: str) -> float:
    """Return the seconds of ``30s``, ``15m``, ``2h``, ``1d`` or a sequence of them (``1h30m``).

    >>> duration("--every", "1h30m")
    5400.0

    Raises:
        SettingsError: the text is no such time.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise SettingsError(f"{option} {text!r} is no time: write 30s, 15m, 2h, 1d or 1h30m")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()


def timing(cron: str | None, every: str | None) -> Timing:
    """Return the schedule that two options describe.

    Raises:
        SettingsError: none or both are given, or the given one is invalid.
    """
    if (cron is None) == (every is None):
        raise SettingsError('say when to run: either --cron "0 * * * *" or --every 15m')
    if cron is not None:
        wrong = cron_fault(cron)
        if wrong:
            raise SettingsError(f"{cron!r} is no cron line: {wrong}; write minute, hour, day, month and weekday, as in '0 6 * * mon-fri'")
        return Timing(cron.strip(), None)
    seconds = duration("--every", every or "")
    if seconds <= 0:
        raise SettingsError("--every needs a time above zero")
    return Timing(None, timedelta(seconds=seconds))
