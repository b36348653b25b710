"""Which of a page's dates is the one it was published on, and which the one it was last changed on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from copydesk.metadata.dates import FIRST_YEAR, has_offset, local_day
from copydesk.model.metadata import Claim, Precision, When

CLOCK_SLACK = timedelta(hours=26)
"""A day's midnight counts as UTC and zones reach from -12 to +14 hours: so much may a date be ahead of its capture."""
SAME_MOMENT = timedelta(hours=14, minutes=1)
EVERGREEN = timedelta(days=30)
GUESS = 50
VISIBLE = 36
NEAR = 33
_STRUCTURED = "json-ld:"
_QUARTER = timedelta(minutes=15)
_MOST_OFFSET = timedelta(hours=14)
_LEAST_OFFSET = timedelta(hours=12)
_EXACTNESS = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


Note = Callable[[Claim, str], object]
"""Takes a claim that is passed over, and why."""


def choose(published: Sequence[Claim], modified: Sequence[Claim], captured: datetime | None,
           note: Note) -> tuple[Claim | None, Claim | None]:
    """The claims for published and modified, each list best first.

    A date before 1990 or after the capture (after now, when that is unknown) is implausible. Among claims that mean the
    same day as the best one, the most exact is taken. A modification before the publication is dropped.
    """
    latest = (captured or datetime.now(UTC)) + CLOCK_SLACK
    possible = _agreed(_plausible(published, latest, note), note)
    first = _most_exact(_not_renewed(possible, modified, captured, note), note)
    later = _plausible(modified, latest, note)
    for claim in later:
        if _before(claim, first):
            note(claim, "before the publication")
    return first, _most_exact([claim for claim in later if not _before(claim, first)], note)


def _agreed(claims: list[Claim], note: Note) -> list[Claim]:
    """The claims, with one of the head's first where the page's visible date names its day and what is best names another."""
    if not claims or not claims[0].evidence.startswith(_STRUCTURED):
        return claims
    best = local_day(claims[0].value) if isinstance(claims[0].value, When) else None
    seen = {local_day(claim.value) for claim in claims if claim.rank <= VISIBLE and isinstance(claim.value, When)
            and claim.evidence.startswith(("text:", "time:"))}
    other = next((claim for claim in claims if claim.evidence.startswith("meta:") and claim.rank < VISIBLE
                  and isinstance(claim.value, When) and local_day(claim.value) in seen), None)
    if other is None or not isinstance(other.value, When) or best in seen or abs((local_day(other.value) - (best or date.min)).days) < 2:
        return claims
    note(claims[0], "the date that the page shows is another day, which its head names too")
    return [other, *[claim for claim in claims if claim is not other]]


def _not_renewed(claims: list[Claim], modified: Sequence[Claim], captured: datetime | None, note: Note) -> list[Claim]:
    """The claims, with those of the day in the page's address first where the best one is the day of a change or of the capture.

    Some systems date a story anew each time it is touched; the day in its address stays.
    """
    days = [local_day(claim.value) for claim in claims if isinstance(claim.value, When)]
    address = next((day for claim, day in zip(claims, days, strict=True) if claim.evidence.endswith(":path")), None)
    if address is None or days[0] - address < EVERGREEN:
        return claims
    touched = {local_day(claim.value) for claim in modified if isinstance(claim.value, When)} | ({captured.date()} if captured else set())
    if days[0] not in touched:
        return claims
    note(claims[0], "the day of a change or of the capture; the page's address has an earlier one")
    return sorted(claims, key=lambda claim: not (isinstance(claim.value, When) and local_day(claim.value) == address))


def as_written(value: When, claims: Sequence[Claim]) -> tuple[When, Claim | None]:
    """A moment as the page writes it for its readers, and the claim that shows how.

    A moment in UTC is often how a system notes it: where another claim gives the same moment with an offset, or a clock time that is the
    same but for whole quarters of an hour, the day and time are those of that one. The instant stays.
    """
    if not value.local.endswith("+00:00"):
        return value, None
    visible = [claim for claim in claims if claim.rank <= VISIBLE and claim.evidence.startswith(("text:", "time:"))]
    for claim in claims:
        offset = _offset_between(claim.value, value) if claim.rank <= VISIBLE and isinstance(claim.value, When) else None
        if offset:
            moment = value.instant.astimezone(timezone(offset))
            return replace(value, local=moment.isoformat(timespec="minutes" if value.precision is Precision.MINUTE else "seconds")), claim
    shown = _day_beside(value, visible, [claim for claim in claims if claim.evidence.endswith(":path")])
    return (replace(value, local=shown.value.local), shown) if shown is not None and isinstance(shown.value, When) else (value, None)


def _day_beside(value: When, visible: Sequence[Claim], paths: Sequence[Claim]) -> Claim | None:
    """The claim of the page's visible day, where that and the page's address name the day before or after the one in UTC.

    Such a day is how readers there counted the moment; which offset they had, nothing says, so the day stands alone.
    """
    best = visible[0] if visible and isinstance(visible[0].value, When) and visible[0].value.precision is Precision.DAY else None
    if best is None or not isinstance(best.value, When):
        return None
    day = local_day(best.value)
    borne_out = (any(isinstance(claim.value, When) and local_day(claim.value) == day for claim in paths)
                 or (best.rank <= NEAR and not any(isinstance(claim.value, When) and local_day(claim.value) == local_day(value)
                                                   for claim in visible)))
    start = datetime.combine(day, time(), UTC)
    possible = start - _MOST_OFFSET <= value.instant < start + timedelta(days=1) + _LEAST_OFFSET
    return best if borne_out and possible and day != local_day(value) else None


def _offset_between(other: When, value: When) -> timedelta | None:
    """By how much a clock time is ahead of a moment in UTC that it stands for; None when it stands for another one."""
    if other.precision is Precision.DAY:
        return None
    if has_offset(other):
        offset = datetime.fromisoformat(other.local).utcoffset()
        return offset if other.instant.replace(second=0) == value.instant.replace(second=0) else None
    ahead = other.instant.replace(second=0) - value.instant.replace(second=0)
    exact = Precision.MINUTE in (other.precision, value.precision) or other.instant.second == value.instant.second
    return ahead if exact and ahead % _QUARTER == timedelta(0) and abs(ahead) <= _MOST_OFFSET else None


def _plausible(claims: Sequence[Claim], latest: datetime, note: Note) -> list[Claim]:
    found = []
    for claim in claims:
        if isinstance(claim.value, When) and claim.value.instant.year >= FIRST_YEAR and claim.value.instant <= latest:
            found.append(claim)
        else:
            note(claim, f"before {FIRST_YEAR}, or after the page was captured")
    return found


def _before(claim: Claim, first: Claim | None) -> bool:
    if first is None or not isinstance(claim.value, When) or not isinstance(first.value, When):
        return False
    if Precision.DAY in (claim.value.precision, first.value.precision):
        return local_day(claim.value) < local_day(first.value)
    return claim.value.instant < first.value.instant


def _most_exact(claims: Sequence[Claim], note: Note) -> Claim | None:
    """The best claim, or the more exact one of those that mean the same day (guesses are no help)."""
    if not claims or not isinstance(claims[0].value, When):
        return None
    best, value = claims[0], claims[0].value
    for claim in claims[1:]:
        other = claim.value
        if claim.rank < GUESS and isinstance(other, When) and _refines(other, value):
            note(best, "the same day, less exact")
            best, value = claim, other
    return best


def _refines(other: When, value: When) -> bool:
    if _score(other) <= _score(value):
        return False
    if value.precision is Precision.DAY:
        return local_day(other) == local_day(value) or other.instant.date() == local_day(value)
    if has_offset(value):
        return other.instant.replace(second=0) == value.instant.replace(second=0)
    return other.local[:16] == value.local[:16] or abs(other.instant - value.instant) <= SAME_MOMENT


def _score(when: When) -> tuple[bool, bool, int]:
    return when.precision is not Precision.DAY, has_offset(when), _EXACTNESS[when.precision]
