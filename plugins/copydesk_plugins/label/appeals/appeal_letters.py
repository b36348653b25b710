"""Finds letters to readers in a run of blocks, by their anchors, their voice, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from copydesk import Reason
from copydesk_plugins.label.appeals.reader_address import Speech

OPENING_REASONS = frozenset({"paywall", "donation", "promotion"})
"""Reasons of phrases that can open a letter."""
CLOSING_REASONS = frozenset({"subscription", "donation", "paywall"})
"""Reasons of phrases that can close one."""
APPEALS = OPENING_REASONS | CLOSING_REASONS
"""Reasons of phrases that ask for something."""
MOST_BLOCKS, MOST_WORDS = 30, 1200
"""Blocks and words of the longest letter."""
MOST_WITHOUT_SALUTATION = 8
"""Blocks between the anchors of a letter without a salutation."""
LEAST_BEFORE, LEAST_AFTER = 60, 150
"""Words of running text before a letter, and after it, that can be the page's article."""
MOST_BACK = 6
"""Blocks before a closing that are searched for the letter's beginning."""
TOPICS_UNGREETED = 2
"""Words for an outlet's topics in a block of a letter without a salutation."""
MOST_LETTERS, MOST_OPENINGS = 6, 60
"""Letters of a page, and openings that are tried, so that the time stays bounded."""
ENOUGH_EVIDENCE = 4
"""Points of evidence for a letter without a known closing."""
LEAST_AFTER_TAIL = 25
"""With more words of reporting behind it than this, a letter does not stand behind the article's end."""
LAST_PARTS = 3
"""Parts at the end that may hold its closing."""
FURNITURE = frozenset({"share", "copyright", "advertisement", "related", "comments"})
"""Reasons of phrases in lines of a page's frame."""
LEAST_ALONE = 15
"""A letter of one block has more words than this."""
FIRST_PARTS, METER_PARTS = 6, 3
"""Parts at the start that may hold the salutation, and a meter."""
MOST_ABOUT = 2
"""Most points for blocks that speak of the outlet."""
ENDING_PARTS = 2
"""Blocks before a letter in which an article's last line may stand."""
LEAST_INNER, MOST_SILENT = 5, 50
"""Words of a part that counts, and of two neighbours that talk to nobody and end a letter."""
TALKING, TOPICAL = 0.5, 0.25
"""Share of the parts that talk, and that have an outlet's topics, in a letter with a salutation."""
TALKING_UNGREETED, TOPICAL_UNGREETED = 0.6, 0.5
"""The same without one."""
SIGNATURE_PARTS = 3
"""Parts behind a letter that may be greeting, name and title."""
OUTSIDE_SHARE = 0.4
"""Running text outside of a letter, as a share of that inside, that is enough for an article."""


@dataclass(frozen=True)
class LetterPart:
    """What one block says.

    Attributes:
        words: its number of words.
        reasons: reasons of the phrases that hit it.
        salutation: whether it opens with a salutation.
        sentence: whether it reads as running text.
        speech: how it speaks to readers.
    """

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
    """A letter that asks readers for something.

    Attributes:
        start: index of its first part.
        end: index behind its last part.
        reason: the reason of its labels.
    """

    start: int
    end: int
    reason: str


class Sums:
    """Running totals over a page's parts. With them a candidate letter is weighed against its page in constant time."""

    def __init__(self, parts: Sequence[LetterPart]) -> None:
        self._parts = parts

    @cached_property
    def running(self) -> tuple[int, ...]:
        """Words of running text that is no appeal."""
        return self._totals(part.words if part.sentence and not part.own else 0 for part in self._parts)

    @cached_property
    def reporting(self) -> tuple[int, ...]:
        """Words of running text that is no appeal and talks to nobody."""
        return self._totals(part.words if part.sentence and not part.own and not part.speech.talks else 0 for part in self._parts)

    @cached_property
    def salutations(self) -> tuple[int, ...]:
        """Blocks with a salutation."""
        return self._totals(int(part.salutation) for part in self._parts)

    @cached_property
    def addressed(self) -> tuple[int, ...]:
        """Blocks that address somebody."""
        return self._totals(int(part.salutation or part.speech.addressed) for part in self._parts)

    @staticmethod
    def _totals(values: Iterable[int]) -> tuple[int, ...]:
        return tuple(accumulate(values, initial=0))


def letters(parts: Sequence[LetterPart]) -> Iterator[Letter]:
    """The letters of a page from first to last, at most `MOST_LETTERS`. None overlaps another."""
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
    """Whether a letter may end with a part: one that closes, asks, or talks to readers."""
    part = parts[index]
    if index == start:
        return part.words > LEAST_ALONE
    return bool(part.reasons & CLOSING_REASONS) or part.speech.asks or part.speech.talks


def _stands_behind(parts: Sequence[LetterPart], sums: Sums, start: int, end: int) -> bool:
    """Whether a letter without a known closing stands behind the end of an article, with enough other evidence."""
    before = sums.running[start]
    if before < LEAST_BEFORE or sums.reporting[start] * 2 < before or sums.reporting[-1] - sums.reporting[end] > LEAST_AFTER_TAIL:
        return False
    if sums.addressed[-1] - sums.addressed[end] + sums.addressed[start]:
        return False
    opening, closing = parts[start:start + FIRST_PARTS], parts[max(start + 1, end - LAST_PARTS):end]
    greeted = any(part.salutation for part in opening)
    metered = any("paywall" in part.reasons for part in opening[:METER_PARTS])
    known = any(part.reasons & CLOSING_REASONS for part in closing)
    asks = known or any(part.speech.asks for part in closing)
    about = sum(part.speech.outlet for part in parts[start:end])
    if not about or not (asks or (greeted and metered)):
        return False
    ended = any(part.speech.ends_article for part in parts[max(0, start - ENDING_PARTS):start])
    followed = end < len(parts) and parts[end].furniture
    return 2 * metered + greeted + ended + asks + known + followed + min(about, MOST_ABOUT) >= ENOUGH_EVIDENCE


def _from_closing(parts: Sequence[LetterPart], sums: Sums, close: int) -> Letter | None:
    """A letter without a salutation: blocks in which an outlet talks about itself, with a call at the end."""
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
    inner = [part for part in parts[1:-1] if part.words >= LEAST_INNER and not part.own and not part.furniture]
    if not inner:
        return True
    greeted = any(part.salutation for part in parts[:FIRST_PARTS])
    talking = sum(part.speech.talks for part in inner) / len(inner)
    topical = sum(part.speech.topics > 0 for part in inner) / len(inner)
    if any(not (first.speech.talks or second.speech.talks) and first.words + second.words > MOST_SILENT
           for first, second in pairwise(inner)):
        return False
    if greeted:
        return talking >= TALKING and topical >= TOPICAL
    return talking >= TALKING_UNGREETED and topical >= TOPICAL_UNGREETED and len(inner) <= MOST_WITHOUT_SALUTATION


def _with_signature(parts: Sequence[LetterPart], end: int) -> int:
    """The letter's end, with up to three lines of greeting, name and title behind it."""
    last = next((index for index in range(min(end + SIGNATURE_PARTS, len(parts)) - 1, end - 1, -1) if parts[index].speech.signature), None)
    if last is not None and not any(part.sentence for part in parts[end:last]):
        return last + 1
    named = end < len(parts) and parts[end].speech.bare_name and (end + 1 == len(parts) or parts[end + 1].furniture)
    return end + 1 if named else end


def _leaves_an_article(sums: Sums, start: int, end: int) -> bool:
    """Whether enough running text remains outside to be the page's article."""
    before, after = sums.running[start], sums.running[-1] - sums.running[end]
    inside = sums.running[end] - before
    if before >= LEAST_BEFORE:
        return before + after >= OUTSIDE_SHARE * inside
    return after >= max(LEAST_AFTER, inside)


def _reason(parts: Sequence[LetterPart]) -> str:
    asks_gift = sum("donation" in part.reasons for part in parts)
    asks_sale = sum(bool(part.reasons & {"subscription", "paywall"}) for part in parts)
    return Reason.DONATION if asks_gift > asks_sale else Reason.SUBSCRIPTION
