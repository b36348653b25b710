"""Blocks that a phrase gives away: walls, offers, appeals, sign-ups, share and link lines, comments, copyright, advertisements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, fold_text, hookimpl
from copydesk_plugins import _shape
from copydesk_plugins._phrases import Phrases, Rule

SURE = 0.8
MOST_ORNAMENT = 200
TAIL_SHARE = 0.4
LONG_PARAGRAPH = 25
SENTENCE = re.compile(r"[^.!?]{1,600}[.!?]{1,3}[\"'”’)]{0,2}(?= |$)")
ADDRESSES = re.compile(r"\b(?:we|our|us|you|your)\b")
MIXED_PARAGRAPH = 35
OFFER_WORDS = 12
BETWEEN = 0.7
ASKING = frozenset({"paywall", "subscription", "donation", "newsletter"})
SPAN_REASONS = frozenset({"newsletter", "subscription", "donation", "paywall", "promotion", "related", "advertisement", "copyright"})


class Plugin:
    """Labels blocks by the phrase rules of ``data/phrases_<language>.toml``."""

    class Settings(PluginSettings):
        """``[plugins.clean_phrases]``: the languages whose phrases are looked for, on every page."""

        languages: tuple[str, ...] = ("en", "de", "fr", "es")

    def __init__(self, settings: Settings) -> None:
        self.phrases = Phrases(settings.languages)

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each rule that hits a block as a whole, or the first or last sentence of a longer paragraph."""
        found = {block.index: list(self.phrases.hits(block.text)) for block in document.blocks if _is_candidate(block)}
        tail = tail_start(document.blocks, {index for index, rules in found.items() if rules})
        for block in document.blocks:
            if not any(char.isalnum() for char in block.text[:MOST_ORNAMENT]):
                yield Label(block.index, Reason.NAVIGATION, "ornament", SURE)
            rules = found.get(block.index, [])
            spans = list(self._edges(block)) if not rules or self._reports_besides(block) else []
            yield from spans or [Label(block.index, rule.reason, rule.name, _in_place(rule, block.index >= tail)) for rule in rules]
            if not rules:
                yield from _between_offers(block, found)

    def _reports_besides(self, block: Block) -> bool:
        """Whether a block that a phrase hits has as much text besides that addresses nobody: a report with a call at its edge."""
        if _shape.count_words(block.text) < MIXED_PARAGRAPH:
            return False
        position, rest = 0, ""
        for start, end in _edge_sentences(block.text):
            if any(True for _ in self.phrases.hits(block.text[start:end])):
                rest, position = rest + block.text[position:start], end
        rest += block.text[position:]
        voice = fold_text(_shape.without_quotations(rest))
        return _shape.count_words(rest) >= LONG_PARAGRAPH and not ADDRESSES.search(voice)

    def _edges(self, block: Block) -> Iterator[Label]:
        """Span labels on the first and the last sentence of a paragraph of several."""
        if block.kind is not BlockKind.PARAGRAPH or _shape.count_words(block.text) < LONG_PARAGRAPH:
            return
        for start, end in _edge_sentences(block.text):
            for rule in self.phrases.hits(block.text[start:end]):
                if rule.weight >= SURE and rule.reason in SPAN_REASONS and not rule.whole:
                    yield Label(block.index, rule.reason, rule.name, rule.weight, start, end)
                    break


def _between_offers(block: Block, found: Mapping[int, Sequence[Rule]]) -> Iterator[Label]:
    """A short block between two blocks that offer or ask is part of the offer ("The weekend crossword")."""
    before, after = ([rule for rule in found.get(index, ()) if rule.reason in ASKING and rule.weight >= SURE]
                     for index in (block.index - 1, block.index + 1))
    if before and after and _shape.count_words(block.text) <= OFFER_WORDS:
        yield Label(block.index, before[0].reason, "between-offers", BETWEEN)


def _is_candidate(block: Block) -> bool:
    return block.kind not in (BlockKind.TABLE_ROW, BlockKind.PREFORMATTED)


def _in_place(rule: Rule, in_tail: bool) -> float:
    """A hint behind the last long paragraph weighs more."""
    return 1.0 - (1.0 - rule.weight) * (1.0 - TAIL_SHARE) if in_tail else rule.weight


def tail_start(blocks: Sequence[Block], hit: set[int]) -> int:
    """Index behind the last long paragraph that no phrase hits."""
    last = max((block.index for block in blocks if block.index not in hit and _shape.is_sentence(block.text)
                and _shape.count_words(block.text) >= LONG_PARAGRAPH), default=-1)
    return last + 1


def _edge_sentences(text: str) -> Iterator[tuple[int, int]]:
    sentences = [match.span() for match in SENTENCE.finditer(text[:600])][:1]
    if len(text) > 600:
        offset = len(text) - 600
        sentences += [(start + offset, end + offset) for start, end in (m.span() for m in SENTENCE.finditer(text[offset:]))][-1:]
    else:
        sentences += [match.span() for match in SENTENCE.finditer(text)][1:][-1:]
    for start, end in sentences:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if 0 < end - start < len(text):
            yield start, end
