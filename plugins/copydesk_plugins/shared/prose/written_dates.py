"""Reads dates as people write them: "October 18, 2024 | 9:30 a.m. EDT", "18. Oktober 2024, 15:47 Uhr"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from copydesk import When, fold_text, normalise, parse_when, when_at
from copydesk_plugins.shared.facts.loading import load

MOST_CHARACTERS = 2_000
"""Characters of a text that are searched."""
CENTURY = 2000
"""What a year of two digits is added to."""
MOST_AGO = 60
"""Characters of a line that counts back ("2 hours ago")."""
MOST_ONLY = 120
"""Characters of a short text that is one date."""
WEEKDAY_BEFORE, CLOCK_BEFORE = 20, 40
"""Characters before a date that may hold its weekday, and its time of day."""
DAY_LENGTH = 10
"""Characters of a day as YYYY-MM-DD."""
LAST_HOUR, HALF_DAY = 23, 12
"""The last hour of a day, and the hours of its halves."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_NUMERIC = re.compile(r"(?<![\d./-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\.\s\d{1,2}\.\s\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
                      r"(?!\d|/|-\d(?!\d:)|\.\d)")
"""A date in numbers."""
_SHORT = re.compile(r"(?<![\d./-])(?P<day>\d{2})\.(?P<month>\d{2})\.(?P<year>\d\d)(?=,?\s?(?:[|,–-]\s?)?\d{1,2}:\d\d(?!\d)|\s?\|)")
"""A date with a year of two digits: only with a clock or a mark behind it."""
_SWAPPABLE = re.compile(r"(?P<one>\d{1,2})[/.-](?P<two>\d{1,2})[/.-](?P<year>(?:19|20)\d\d)")
"""A date in which day and month could be swapped."""
_WORD_BEFORE = re.compile(r"([^\W\d_]{2,15})\.?,?\s{0,2}\Z")
_EAST_ASIAN = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]")
"""A Chinese, Japanese or Korean date."""
_CLOCK = re.compile(
    r"[\s,|•·–—()-]{0,6}(?:(?:at|um|à|a las|alle|às|kl\.?|klo|om|ore|h)\s)?"
    r"(?P<hour>\d{1,2})[:.hH](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    r"(?:\s?(?P<half>[ap]\.?\s?m\.?)(?![a-z]))?(?:\s?(?:Uhr|uhr|h|hrs)\b)?\s?\(?(?P<zone>[A-Za-z]{2,5}\b|[+-]\d\d:?\d\d)?", re.I)
"""A time of day behind a date."""
_CLOCK_BEFORE = re.compile(
    r"(?P<hour>\d{1,2})[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\s?(?P<half>[ap]\.?\s?m\.?)(?![a-z]))?"
    r"(?:\s?(?:Uhr|h)\b)?\s?(?P<zone>[A-Z]{2,5}\b)?[\s,|•·–—-]{1,4}(?:(?:on|am|le|el|il)\s)?(?:[A-Za-z]{3,9},?\s)?$", re.I)
"""A time of day before a date."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        when: the date.
        start: where it begins, in code points.
        end: where it ends.
    """

    when: When
    start: int
    end: int


class TextDates:
    """Finds full dates (with a year) in text, in the languages of ``data/months.toml``."""

    def __init__(self) -> None:
        data = load("months")
        self._months: dict[str, int] = {}
        for names in data["months"].values():
            for number, forms in enumerate(names, start=1):
                for form in forms.split():
                    self._months.setdefault(form, number)
        self._zones: Mapping[str, int] = data["zones"]
        self._weekdays = {form: number for names in data["weekdays"].values()
                          for number, forms in enumerate(names) for form in forms.split()}
        self._day_first, self._month_first = (frozenset(data["order"][name]) for name in ("day_first", "month_first"))
        month = "|".join(sorted(map(re.escape, self._months), key=len, reverse=True))
        self._forms = (
            re.compile(rf"(?<!\w)(?P<month>{month})\.?\s{_DAY},?\s{_YEAR}(?!\d)", re.I),
            re.compile(rf"(?<![\d.]){_DAY}[\s-](?:de\s|of\s)?(?P<month>{month})\.?,?[\s-](?:de\s|del\s)?{_YEAR}(?!\d)", re.I),
        )
        words = data["words"]
        self._ago = tuple((re.compile(form, re.I), unit) for unit, forms in data["ago"].items() for form in forms)
        self._one = re.compile("|".join(form.pattern for form, _ in self._ago if not form.groups), re.I)
        self._published = _opening(words["published"])
        self._modified = _opening(words["modified"])

    def day_first(self, languages: Iterable[str | None]) -> bool | None:
        """Whether the day stands before the month in numbers, by the first language tag that decides it; None when none does."""
        for tag in languages:
            tag = (tag or "").lower().replace("_", "-")
            for known in (tag, tag.partition("-")[0]):
                if known in self._day_first or known in self._month_first:
                    return known in self._day_first
        return None

    def find(self, text: str, day_first: bool | None = None) -> Iterator[FoundDate]:
        """The dates of a text in order. Where day and month could be swapped, the weekday before them decides, else ``day_first``."""
        text = text[:MOST_CHARACTERS]
        found = [each for form in self._forms for match in form.finditer(text) if (each := self._named(match, text))]
        if not text.isascii():
            found += [each for match in _EAST_ASIAN.finditer(text) if (each := self._made(match, int(match["month"]), text))]
        found += [each for match in _NUMERIC.finditer(text) if (each := self._numeric(match, text, day_first))]
        found += [each for match in _SHORT.finditer(text) if (each := self._made(match, int(match["month"]), text, CENTURY))]
        yield from sorted(found, key=lambda each: each.start)

    def only(self, text: str, day_first: bool | None = None) -> When | None:
        """The date of a short text, maybe with a weekday, a clock and a word such as "Published"; None when it has no date."""
        when = parse_when(text)
        if when is not None:
            return when
        return next((each.when for each in self.find(normalise(text), day_first)), None) if len(text) <= MOST_ONLY else None

    def ago(self, text: str, captured: datetime) -> When | None:
        """The day that a line counts back from its capture ("2 hours ago", "vor 3 Tagen"); None when it counts nothing.

        >>> TextDates().ago("Updated 3 hours ago", datetime(2024, 10, 18, 2, 0, tzinfo=UTC)).local
        '2024-10-17'
        """
        for form, unit in self._ago if len(text) <= MOST_AGO else ():
            match = form.search(text)
            if match:
                count = int(match["count"]) if form.groups else 1
                then = captured.astimezone(UTC) - timedelta(**{unit: count})
                return when_at(then.year, then.month, then.day, None, None)
        return None

    def counts_one(self, text: str) -> bool:
        """Whether a line counts back without a figure ("an hour ago")."""
        return len(text) <= MOST_AGO and bool(self._one.search(text))

    def says_published(self, text: str) -> bool:
        """Whether a word of publication stands in a text."""
        return bool(self._published.search(text))

    def says_modified(self, text: str) -> bool:
        """Whether a word of a later change stands in a text."""
        return bool(self._modified.search(text))

    def _named(self, match: re.Match[str], text: str) -> FoundDate | None:
        return self._made(match, self._months[match["month"].lower()], text)

    def _made(self, match: re.Match[str], month: int, text: str, century: int = 0) -> FoundDate | None:
        clock, offset = self._clock(text, match.start(), match.end())
        when = when_at(century + int(match["year"]), month, int(match["day"]), clock, offset)
        return FoundDate(when, match.start(), match.end()) if when else None

    def _numeric(self, match: re.Match[str], text: str, day_first: bool | None) -> FoundDate | None:
        day = self._swappable(match, text, day_first)
        if day is None:
            return None
        clock, offset = self._clock(text, match.start(), match.end())
        year, month, number = day
        when = when_at(year, month, number, clock, offset)
        return FoundDate(when, match.start(), match.end()) if when else None

    def _swappable(self, match: re.Match[str], text: str, day_first: bool | None) -> tuple[int, int, int] | None:
        """Year, month and day of a date in numbers; None when nothing says which of two is the month, or the weekday fits neither."""
        written = match.group().replace(" ", "")
        parts = _SWAPPABLE.fullmatch(written)
        if parts is None:
            return _numbers(parse_when(written))
        one, two, year = int(parts["one"]), int(parts["two"]), int(parts["year"])
        readings = [(year, month, number) for month, number in ((two, one), (one, two)) if _is_day(year, month, number)]
        if "." in written:
            return readings[0] if readings[:1] == [(year, two, one)] else None
        if len(set(readings)) == 1:
            return readings[0]
        word = _WORD_BEFORE.search(text[max(0, match.start() - WEEKDAY_BEFORE):match.start()])
        weekday = self._weekdays.get(fold_text(word[1])) if word else None
        if weekday is not None:
            return next((reading for reading in readings if date(*reading).weekday() == weekday), None)
        return (readings[0] if day_first else readings[1]) if readings and day_first is not None else None

    def _clock(self, text: str, start: int, end: int) -> tuple[tuple[int, int, int | None] | None, timedelta | None]:
        """The time of day that stands right behind (or right before) a date, and its offset."""
        match = _CLOCK.match(text, end) or _CLOCK_BEFORE.search(text[max(0, start - CLOCK_BEFORE):start])
        if not match:
            return None, None
        hour, half = int(match["hour"]), (match["half"] or "").lower()[:1]
        if hour > LAST_HOUR or (half and not 1 <= hour <= HALF_DAY):
            return None, None
        if half:
            hour = hour % HALF_DAY + (HALF_DAY if half == "p" else 0)
        second = int(match["second"]) if match["second"] else None
        return (hour, int(match["minute"]), second), self._offset(match["zone"])

    def _offset(self, zone: str | None) -> timedelta | None:
        if not zone:
            return None
        if zone[0] in "+-":
            digits = zone[1:].replace(":", "")
            size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            return size if zone[0] == "+" else -size
        minutes = self._zones.get(zone.lower())
        return timedelta(minutes=minutes) if minutes is not None else None


def _numbers(when: When | None) -> tuple[int, int, int] | None:
    if when is None:
        return None
    year, month, number = map(int, when.local[:DAY_LENGTH].split("-"))
    return year, month, number


def _is_day(year: int, month: int, number: int) -> bool:
    return when_at(year, month, number, None, None) is not None


def _opening(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})(?!\w)", re.I)


@lru_cache(1)
def text_dates() -> TextDates:
    """The one reader of dates that several plugins share."""
    return TextDates()
