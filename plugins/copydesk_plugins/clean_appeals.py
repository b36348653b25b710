"""Whole letters that ask readers for money: from their opening to their call to subscribe or donate.

A letter has anchors at both ends: an opening (salutation, meter, "What is the X difference?") and a closing (price,
subscribe, donate). What lies between is part of it when it reads as an outlet talking to its readers about itself.
An article that merely begins "Dear reader" has nothing else on its page to be the article, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, fold_text, hookimpl
from copydesk_plugins import _shape
from copydesk_plugins._data import load
from copydesk_plugins._phrases import Phrases, compile_bounded

WORD = re.compile(r"[a-z]{1,30}(?:['-][a-z]{1,30}){0,2}")
SURE = 0.9
SURE_PHRASE = 0.75
OPENING_REASONS = frozenset({"paywall", "donation", "promotion"})
CLOSING_REASONS = frozenset({"subscription", "donation", "paywall"})
MOST_BLOCKS = 30
MOST_WORDS = 1200
MOST_WITHOUT_SALUTATION = 8
LEAST_BEFORE = 60
LEAST_AFTER = 150
SIGNATURE_WORDS = 10
MOST_BACK = 6
TOPICS_UNGREETED = 2


@dataclass(frozen=True, slots=True)
class Part:
    """What one block says: its words, the phrase reasons that hit it, and how it speaks."""

    words: int
    reasons: frozenset[str]
    salutation: bool
    signature: bool
    talks: bool
    plural: bool
    topics: int
    sentence: bool

    @property
    def own(self) -> bool:
        """Whether the block is an appeal by itself."""
        return bool(self.reasons & (OPENING_REASONS | CLOSING_REASONS)) or self.salutation


@dataclass(frozen=True, slots=True)
class Letter:
    """An appeal: parts ``start`` to ``end``, and why it leaves."""

    start: int
    end: int
    reason: str


class Plugin:
    """Labels letters to readers."""

    class Settings(PluginSettings):
        """``[plugins.clean_appeals]``: the languages whose phrases anchor a letter."""

        languages: tuple[str, ...] = ("en",)

    def __init__(self, settings: Settings) -> None:
        self.phrases = Phrases(settings.languages)
        data = load("appeals_en")
        self.salutation = compile_bounded(data["salutation"], "appeals_en, salutation")
        self.signature = compile_bounded(data["signature"], "appeals_en, signature")
        self.persons = frozenset(data["first_person"]) | frozenset(data["second_person"])
        self.plural = frozenset(data["first_plural"])
        self.calls: tuple[str, ...] = tuple(data["calls"])
        self.topics = frozenset(data["topics"])

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each block of each letter."""
        blocks = [block for block in document.blocks if block.kind is not BlockKind.TABLE_ROW]
        if not any(self._calls(block.text) for block in blocks):
            return
        hits = [self._reasons(block.text) for block in blocks]
        parts = [self._part(block, reasons) for block, reasons in zip(blocks, hits, strict=True)]
        for letter in letters(parts):
            for block in blocks[letter.start:letter.end]:
                yield Label(block.index, letter.reason, "appeal-letter", SURE)

    def _calls(self, text: str) -> bool:
        """Whether a block asks readers to subscribe or give; most pages have none, and are done."""
        folded = text.casefold()
        return any(call in folded for call in self.calls) and bool(self._reasons(text) & CLOSING_REASONS)

    def _reasons(self, text: str) -> frozenset[str]:
        """The reasons of the phrases that surely hit a block."""
        return frozenset(rule.reason for rule in self.phrases.hits(text) if rule.weight >= SURE_PHRASE)

    def _part(self, block: Block, reasons: frozenset[str]) -> Part:
        count = _shape.count_words(block.text)
        voice = WORD.findall(fold_text(_shape.without_quotations(block.text[:2000])))
        folded = fold_text(block.text[:200])
        person = sum(word in self.persons for word in voice)
        return Part(
            words=count, reasons=reasons, salutation=bool(self.salutation.match(folded)),
            signature=count <= SIGNATURE_WORDS and bool(self.signature.match(folded)),
            talks=person * 60 >= max(1, len(voice)) and person > 0, plural=not self.plural.isdisjoint(voice),
            topics=len(self.topics.intersection(voice)), sentence=_shape.is_sentence(block.text))


def letters(parts: Sequence[Part]) -> Iterator[Letter]:
    """The letters of a page, first to last; none overlaps another."""
    position = 0
    while position < len(parts):
        found = _from_opening(parts, position) or _from_closing(parts, position)
        if found is None:
            position += 1
            continue
        yield found
        position = found.end


def _from_opening(parts: Sequence[Part], start: int) -> Letter | None:
    """The longest letter that opens at a part."""
    part = parts[start]
    if not (part.salutation or part.reasons & OPENING_REASONS):
        return None
    end, words = start, 0
    for index in range(start, min(len(parts), start + MOST_BLOCKS)):
        words += parts[index].words
        closes = bool(parts[index].reasons & CLOSING_REASONS) and (index > start or part.words > 15)
        if words <= MOST_WORDS and closes and _reads_as_appeal(parts[start:index + 1]):
            end = index + 1
    if end - start < 2:
        return None
    end = _with_signature(parts, end)
    return Letter(start, end, _reason(parts[start:end])) if _leaves_an_article(parts, start, end) else None


def _from_closing(parts: Sequence[Part], close: int) -> Letter | None:
    """A letter without salutation: blocks of an outlet's talk about itself that end in a call."""
    if not parts[close].reasons & CLOSING_REASONS - {"paywall"} or any(part.salutation for part in parts[:close]):
        return None
    start = close
    while start > max(0, close - MOST_BACK) and _speaks_of_itself(parts[start - 1]):
        start -= 1
    end = _with_signature(parts, close + 1)
    if end - start < 2 or not _leaves_an_article(parts, start, end):
        return None
    return Letter(start, end, _reason(parts[start:end]))


def _speaks_of_itself(part: Part) -> bool:
    return part.own or (part.plural and part.talks and part.topics >= TOPICS_UNGREETED)


def _reads_as_appeal(parts: Sequence[Part]) -> bool:
    """Whether what lies between the anchors is an outlet talking to its readers about itself."""
    inner = [part for part in parts[1:-1] if part.words >= 5 and not part.own]
    if not inner:
        return True
    greeted = any(part.salutation for part in parts[:6])
    talking = sum(part.talks for part in inner) / len(inner)
    topical = sum(part.topics > 0 for part in inner) / len(inner)
    if any(not (first.talks or second.talks) and first.words + second.words > 50 for first, second in pairwise(inner)):
        return False
    if greeted:
        return talking >= 0.5 and topical >= 0.25
    return talking >= 0.6 and topical >= 0.5 and len(inner) <= MOST_WITHOUT_SALUTATION


def _with_signature(parts: Sequence[Part], end: int) -> int:
    """The letter's end behind up to three lines of greeting, name and title."""
    last = next((index for index in range(min(end + 3, len(parts)) - 1, end - 1, -1) if parts[index].signature), None)
    if last is None or any(part.sentence for part in parts[end:last]):
        return end
    return last + 1


def _leaves_an_article(parts: Sequence[Part], start: int, end: int) -> bool:
    """Whether enough running text remains outside to be the page's article."""
    def running(some: Sequence[Part]) -> int:
        return sum(part.words for part in some if part.sentence and not part.own)

    inside, before, after = running(parts[start:end]), running(parts[:start]), running(parts[end:])
    if before >= LEAST_BEFORE:
        return before + after >= 0.4 * inside
    return after >= max(LEAST_AFTER, inside)


def _reason(parts: Sequence[Part]) -> str:
    asks_gift = sum("donation" in part.reasons for part in parts)
    asks_sale = sum(bool(part.reasons & {"subscription", "paywall"}) for part in parts)
    return Reason.DONATION if asks_gift > asks_sale else Reason.SUBSCRIPTION
