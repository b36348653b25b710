"""Choose the date on which a page was published, and the date on which it was last changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from copydesk.metadata.dates import FIRST_YEAR, MINUTE_LENGTH, has_offset, local_day
from copydesk.model.metadata import Claim, Precision, When

CLOCK_SLACK = timedelta(hours=26)
"""A date may be so much later than the capture: midnight of a day counts as UTC, and time zones reach from -12 to +14 hours."""
SAME_MOMENT = timedelta(hours=14, minutes=1)
"""A time without offset and a time with one may mean the same moment when they differ by so much: the largest offset and a minute."""
EVERGREEN = timedelta(days=30)
"""A date so much later than the day in the page's address may be the day of a change."""
GUESS = 50
"""Claims of this rank or a larger one are guesses."""
VISIBLE = 36
"""Claims with a larger rank do not count as what the page shows or states about its date."""
NEAR = 33
"""Claims of the page's visible text up to this rank are clearly marked as its date."""
_STRUCTURED = "json-ld:"
_DIFFERENT_DAYS = 2
"""Dates so many days apart are not the same moment in two time zones."""
_QUARTER = timedelta(minutes=15)
"""Offsets of time zones are multiples of this."""
_MOST_OFFSET = timedelta(hours=14)
"""The largest offset of a time zone ahead of UTC."""
_LEAST_OFFSET = timedelta(hours=12)
"""The largest offset of a time zone behind UTC."""
_EXACTNESS = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


Note = Callable[[Claim, str], object]
"""A function that is called with each claim that is passed over, and the reason."""


def choose(published: Sequence[Claim], modified: Sequence[Claim], captured: datetime | None,
           note: Note) -> tuple[Claim | None, Claim | None]:
    """Choose the claims for the publication and for the last change.

    A date before 1990 or after the capture is implausible. Among the claims that mean the same day as the best one, the most exact one
    wins. A change before the publication is dropped.

    Args:
        published: the claims for the publication, best first.
        modified: the claims for the last change, best first.
        captured: when the page was fetched, with time zone; None uses the current time.
        note: called with each claim that is passed over, and the reason.
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
    """The claims, with a claim of the page's head moved to the front when the visible date agrees with it and not with the best claim."""
    if not claims or not claims[0].evidence.startswith(_STRUCTURED):
        return claims
    best = local_day(claims[0].value) if isinstance(claims[0].value, When) else None
    seen = {local_day(claim.value) for claim in claims if claim.rank <= VISIBLE and isinstance(claim.value, When)
            and claim.evidence.startswith(("text:", "time:"))}
    other = next((claim for claim in claims if claim.evidence.startswith("meta:") and claim.rank < VISIBLE
                  and isinstance(claim.value, When) and local_day(claim.value) in seen), None)
    if other is None or not isinstance(other.value, When) or best in seen:
        return claims
    if abs((local_day(other.value) - (best or date.min)).days) < _DIFFERENT_DAYS:
        return claims
    note(claims[0], "the date that the page shows is another day, which its head names too")
    return [other, *[claim for claim in claims if claim is not other]]


def _not_renewed(claims: list[Claim], modified: Sequence[Claim], captured: datetime | None, note: Note) -> list[Claim]:
    """The claims, with those of the day in the page's address first when the best one has the day of a change or of the capture.

    Some publishing systems give a story a new date whenever it is changed. The day in its address stays the same.
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
    """A moment with the day and time that the page shows to its readers, and the claim that shows them.

    A moment in UTC often comes from the publishing system. Another claim may give the same moment with an offset, or a clock time that
    differs from it by whole quarters of an hour. The day and time of that claim are taken then. The instant stays the same.

    Args:
        value: the chosen moment.
        claims: the claims of the same field, best first.

    Returns:
        The moment, and the claim that day and time come from; None when they are those of ``value``.
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
    """The claim of the page's visible day, when that is the day before or after the day in UTC; None when it is not, or is doubtful.

    The page's address must have the same day, or the day must be clearly marked and no visible claim have the day in UTC. The visible day
    is the date in the readers' time zone. The offset of that zone is unknown, so the day stands without a time.
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
    """How much a clock time is ahead of a moment in UTC, when both mean the same moment; None when they do not."""
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
    """The best claim, or a more exact claim that means the same day. Guesses do not count."""
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
    return other.local[:MINUTE_LENGTH] == value.local[:MINUTE_LENGTH] or abs(other.instant - value.instant) <= SAME_MOMENT


def _score(when: When) -> tuple[bool, bool, int]:
    return when.precision is not Precision.DAY, has_offset(when), _EXACTNESS[when.precision]
