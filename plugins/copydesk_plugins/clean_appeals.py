"""Whole letters that ask readers for money: from their opening to their call to subscribe or donate.

A letter has anchors at both ends: an opening (salutation, meter, "What is the X difference?") and a closing (price,
subscribe, donate). What lies between is part of it when it reads as an outlet talking to its readers about itself.
Behind the end of an article a letter needs no closing in known words: meter, salutation, a credit line before it, an amount
of money or a call, and share lines after it are counted as evidence.
An article that merely begins "Dear reader" has nothing else on its page to be the article, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from copydesk import Block, BlockKind, Document, Label, PluginSettings, fold_text, hookimpl
from copydesk_plugins import _shape
from copydesk_plugins._data import load
from copydesk_plugins._letters import CLOSING_REASONS, Part, Speech, letters
from copydesk_plugins._phrases import compile_bounded, phrases_of

WORD = re.compile(r"[a-z]{1,30}(?:['-][a-z]{1,30}){0,2}")
BARE_NAME = re.compile(r"(?:[-–—] ?)?[A-Z][\w'’.-]{0,20}(?: [A-Z][\w'’.-]{0,20}){1,3}")
SURE = 0.9
SURE_PHRASE = 0.75
SIGNATURE_WORDS = 10


class Plugin:
    """Labels letters to readers."""

    class Settings(PluginSettings):
        """``[plugins.clean_appeals]``: the languages whose phrases anchor a letter."""

        languages: tuple[str, ...] = ("en",)

    def __init__(self, settings: Settings) -> None:
        self.phrases = phrases_of(*settings.languages)
        data = load("appeals_en")
        self.salutation = compile_bounded(data["salutation"], "appeals_en, salutation")
        self.signature = compile_bounded(data["signature"], "appeals_en, signature")
        self.persons = frozenset(data["first_person"]) | frozenset(data["second_person"])
        self.plural = frozenset(data["first_plural"])
        self.calls: tuple[str, ...] = tuple(data["calls"])
        self.topics = frozenset(data["topics"])
        self.outlet = frozenset(data["outlet"])
        self.asks = compile_bounded(data["asks"], "appeals_en, asks")
        self.addressed = compile_bounded(data["addressed"], "appeals_en, addressed")
        self.article_end = compile_bounded(data["article_end"], "appeals_en, article_end")

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each block of each letter; share lines and the like inside it have labels of their own."""
        frame = document.frame
        blocks = [block for block in document.blocks if block.index not in frame and block.kind is not BlockKind.TABLE_ROW]
        if not any(self._calls(block.text) for block in blocks):
            return
        hits = [self._reasons(block.text) for block in blocks]
        parts = [self._part(block, reasons) for block, reasons in zip(blocks, hits, strict=True)]
        for letter in letters(parts):
            for index in range(letter.start, letter.end):
                if not parts[index].furniture:
                    yield Label(blocks[index].index, letter.reason, "appeal-letter", SURE)

    def _calls(self, text: str) -> bool:
        """Whether a block opens a letter, or asks readers to subscribe or give; most pages have none, and are done."""
        folded = fold_text(text)
        for call in self.calls:
            if call in folded:
                if self._reasons(text) & CLOSING_REASONS:
                    return True
                break
        return bool(self.salutation.match(folded[:200]))

    def _reasons(self, text: str) -> frozenset[str]:
        """The reasons of the phrases that surely hit a block."""
        return frozenset(rule.reason for rule in self.phrases.hits(text) if rule.weight >= SURE_PHRASE)

    def _part(self, block: Block, reasons: frozenset[str]) -> Part:
        return Part(_shape.count_words(block.text), reasons, bool(self.salutation.match(fold_text(block.text)[:200])),
                    _shape.is_sentence(block.text), partial(self._speech, block.text))

    def _speech(self, text: str) -> Speech:
        folded, own = fold_text(text)[:200], fold_text(_shape.without_quotations(text[:2000]))
        voice = WORD.findall(own)
        person = sum(map(self.persons.__contains__, voice))
        return Speech(
            signature=_shape.count_words(text) <= SIGNATURE_WORDS and bool(self.signature.match(folded)),
            talks=person * 60 >= max(1, len(voice)) and person > 0, plural=not self.plural.isdisjoint(voice),
            topics=len(self.topics.intersection(voice)), outlet=not self.outlet.isdisjoint(voice), asks=bool(self.asks.search(own)),
            addressed=bool(self.addressed.match(folded)), ends_article=bool(self.article_end.search(folded)),
            bare_name=bool(BARE_NAME.fullmatch(text)))
