"""What makes a run of blocks a letter to readers: its anchors, its voice, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from copydesk import Reason
from copydesk_plugins.label.appeals.reader_address import Speech

OPENING_REASONS = frozenset({"paywall", "donation", "promotion"})
CLOSING_REASONS = frozenset({"subscription", "donation", "paywall"})
APPEALS = OPENING_REASONS | CLOSING_REASONS
MOST_BLOCKS = 30
MOST_WORDS = 1200
MOST_WITHOUT_SALUTATION = 8
LEAST_BEFORE = 60
LEAST_AFTER = 150
MOST_BACK = 6
TOPICS_UNGREETED = 2
MOST_LETTERS = 6
MOST_OPENINGS = 60
ENOUGH_EVIDENCE = 4
LEAST_AFTER_TAIL = 25
LAST_PARTS = 3
FURNITURE = frozenset({"share", "copyright", "advertisement", "related", "comments"})


@dataclass(frozen=True)
class LetterPart:
    """What one block says: its words, the phrase reasons that hit it, and how it speaks."""

    words: int
    reasons: frozenset[str]
    salutation: bool
    sentence: bool
    speech: Speech

    @cached_property
    def own(self) -> bool:
        """Whether the block is an appeal by itself."""
        return self.salutation or not self.reasons.isdisjoint(APPEALS)

    @property
    def furniture(self) -> bool:
        """Whether the block is a line of a page's frame: an address, a share or related link, a notice."""
        return not self.reasons.isdisjoint(FURNITURE) and not self.own


@dataclass(frozen=True, slots=True)
class Letter:
    """An appeal: parts ``start`` to ``end``, and why it leaves."""

    start: int
    end: int
    reason: str


class Sums:
    """Running totals over a page's parts, so that a candidate letter is weighed against its page in constant time."""

    def __init__(self, parts: Sequence[LetterPart]) -> None:
        self._parts = parts

    @cached_property
    def running(self) -> tuple[int, ...]:
        """Words of running text that is no appeal."""
        return self._totals(part.words if part.sentence and not part.own else 0 for part in self._parts)

    @cached_property
    def reporting(self) -> tuple[int, ...]:
        """Those of them that talk to nobody."""
        return self._totals(part.words if part.sentence and not part.own and not part.speech.talks else 0 for part in self._parts)

    @cached_property
    def salutations(self) -> tuple[int, ...]:
        """Salutations."""
        return self._totals(int(part.salutation) for part in self._parts)

    @cached_property
    def addressed(self) -> tuple[int, ...]:
        """Blocks that address somebody."""
        return self._totals(int(part.salutation or part.speech.addressed) for part in self._parts)

    @staticmethod
    def _totals(values: Iterable[int]) -> tuple[int, ...]:
        return tuple(accumulate(values, initial=0))


def letters(parts: Sequence[LetterPart]) -> Iterator[Letter]:
    """The letters of a page, first to last, a bounded number; none overlaps another."""
    sums = Sums(parts)
    position = found = tried = 0
    while position < len(parts) and found < MOST_LETTERS and tried < MOST_OPENINGS:
        letter = _from_opening(parts, sums, position) or _from_closing(parts, sums, position)
        tried += parts[position].own
        position += 1
        if letter is not None:
            yield letter
            position, found = letter.end, found + 1


def _from_opening(parts: Sequence[LetterPart], sums: Sums, start: int) -> Letter | None:
    """The longest letter that opens at a part: one with a known closing, or one behind the article's end."""
    part = parts[start]
    if not (part.salutation or part.reasons & OPENING_REASONS):
        return None
    end, words = start, 0
    for index in range(start, min(len(parts), start + MOST_BLOCKS)):
        words += parts[index].words
        if words > MOST_WORDS:
            break
        if not _may_end(parts, start, index):
            continue
        closes = bool(parts[index].reasons & CLOSING_REASONS) and _leaves_an_article(sums, start, index + 1)
        if (closes or _stands_behind(parts, sums, start, index + 1)) and _reads_as_appeal(parts[start:index + 1]):
            end = index + 1
    if end - start < 2:
        return None
    end = _with_signature(parts, end)
    return Letter(start, end, _reason(parts[start:end])) if _leaves_an_article(sums, start, end) else None


def _may_end(parts: Sequence[LetterPart], start: int, index: int) -> bool:
    """Whether a letter may end with a part: one that asks, or talks, or tells who signs."""
    part = parts[index]
    if index == start:
        return part.words > 15
    return bool(part.reasons & CLOSING_REASONS) or part.speech.asks or part.speech.talks


def _stands_behind(parts: Sequence[LetterPart], sums: Sums, start: int, end: int) -> bool:
    """Whether a letter without a known closing stands behind the end of an article, by all that speaks for it."""
    before = sums.running[start]
    if before < LEAST_BEFORE or sums.reporting[start] * 2 < before or sums.reporting[-1] - sums.reporting[end] > LEAST_AFTER_TAIL:
        return False
    if sums.addressed[-1] - sums.addressed[end] + sums.addressed[start]:
        return False
    opening, closing = parts[start:start + 6], parts[max(start + 1, end - LAST_PARTS):end]
    greeted = any(part.salutation for part in opening)
    metered = any("paywall" in part.reasons for part in opening[:3])
    known = any(part.reasons & CLOSING_REASONS for part in closing)
    asks = known or any(part.speech.asks for part in closing)
    about = sum(part.speech.outlet for part in parts[start:end])
    if not about or not (asks or (greeted and metered)):
        return False
    ended = any(part.speech.ends_article for part in parts[max(0, start - 2):start])
    followed = end < len(parts) and parts[end].furniture
    return 2 * metered + greeted + ended + asks + known + followed + min(about, 2) >= ENOUGH_EVIDENCE


def _from_closing(parts: Sequence[LetterPart], sums: Sums, close: int) -> Letter | None:
    """A letter without salutation: blocks of an outlet's talk about itself that end in a call."""
    if not parts[close].reasons & CLOSING_REASONS - {"paywall"} or sums.salutations[close]:
        return None
    start = close
    while start > max(0, close - MOST_BACK) and _speaks_of_itself(parts[start - 1]):
        start -= 1
    end = _with_signature(parts, close + 1)
    if end - start < 2 or not _leaves_an_article(sums, start, end):
        return None
    return Letter(start, end, _reason(parts[start:end]))


def _speaks_of_itself(part: LetterPart) -> bool:
    return part.own or (part.speech.plural and part.speech.talks and part.speech.topics >= TOPICS_UNGREETED)


def _reads_as_appeal(parts: Sequence[LetterPart]) -> bool:
    """Whether what lies between the anchors is an outlet talking to its readers about itself."""
    inner = [part for part in parts[1:-1] if part.words >= 5 and not part.own and not part.furniture]
    if not inner:
        return True
    greeted = any(part.salutation for part in parts[:6])
    talking = sum(part.speech.talks for part in inner) / len(inner)
    topical = sum(part.speech.topics > 0 for part in inner) / len(inner)
    if any(not (first.speech.talks or second.speech.talks) and first.words + second.words > 50 for first, second in pairwise(inner)):
        return False
    if greeted:
        return talking >= 0.5 and topical >= 0.25
    return talking >= 0.6 and topical >= 0.5 and len(inner) <= MOST_WITHOUT_SALUTATION


def _with_signature(parts: Sequence[LetterPart], end: int) -> int:
    """The letter's end behind up to three lines of greeting, name and title."""
    last = next((index for index in range(min(end + 3, len(parts)) - 1, end - 1, -1) if parts[index].speech.signature), None)
    if last is not None and not any(part.sentence for part in parts[end:last]):
        return last + 1
    named = end < len(parts) and parts[end].speech.bare_name and (end + 1 == len(parts) or parts[end + 1].furniture)
    return end + 1 if named else end


def _leaves_an_article(sums: Sums, start: int, end: int) -> bool:
    """Whether enough running text remains outside to be the page's article."""
    before, after = sums.running[start], sums.running[-1] - sums.running[end]
    inside = sums.running[end] - before
    if before >= LEAST_BEFORE:
        return before + after >= 0.4 * inside
    return after >= max(LEAST_AFTER, inside)


def _reason(parts: Sequence[LetterPart]) -> str:
    asks_gift = sum("donation" in part.reasons for part in parts)
    asks_sale = sum(bool(part.reasons & {"subscription", "paywall"}) for part in parts)
    return Reason.DONATION if asks_gift > asks_sale else Reason.SUBSCRIPTION
