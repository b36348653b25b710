"""Blocks that a phrase gives away: walls, offers, appeals, sign-ups, share and link lines, comments, copyright, advertisements."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from pydantic import Field

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, SettingsFile, fold_text, hookimpl
from copydesk_plugins import _pointers, _shape
from copydesk_plugins._data import load
from copydesk_plugins._lines import lines_of
from copydesk_plugins._phrases import Rule, phrases_of
from copydesk_plugins._rule_files import PageRules, UserRules
from copydesk_plugins._sample import sample

SURE = 0.8
BELOW_EXTRACTOR = 0.55  # on HTML the extractor's vote decides: marks stand between the parts of a story too
MOST_ORNAMENT = 200
LETTER = re.compile(r"[^\W_]")
TAIL_SHARE = 0.4
LONG_PARAGRAPH = 25
SENTENCE = re.compile(r"[^.!?]{1,600}[.!?]{1,3}[\"'”’)]{0,2}(?= |$)")
ADDRESSES = re.compile(r"\b(?:we|our|us|you|your)\b")
MIXED_PARAGRAPH = 35
OFFER_WORDS = 12
BETWEEN = 0.7
ASKING = frozenset({"paywall", "subscription", "donation", "newsletter"})
CALLS = frozenset({"subscription", "donation", "promotion", "share"})
TITLED = frozenset({"share", "related", "advertisement", "comments"})  # such lines repeat headlines, which say who said what
PERSONAL = re.compile(r"\b(?:i|me|my|we|our|us|you|your)\b")
SINGULAR = re.compile(r"\b(?:i|me|my)\b")
OUTLET = re.compile(r"\b(?:we|our|us)\b")
YOU = re.compile(r"\b(?:you|your)\b")
NAMED = re.compile(r"[\w,;:]['’\w,;:]{0,20} (?!I\b)[A-Z@]")
STATEMENT = 10
LONG_STATEMENT = 18
FIRST_PARAGRAPHS = 5
LEAST_PERSONAL = 2
NEIGHBOURS = 2
MANY_LINKS = 0.2
WEAK = 0.3
HINT = 0.45
ENOUGH = 30
CLEAR_SHARE = 0.15
SPAN_REASONS = frozenset({"newsletter", "subscription", "donation", "paywall", "promotion", "related", "advertisement", "copyright"})


class Plugin:
    """Labels blocks by the phrase rules of ``data/phrases_<language>.toml`` and of users' own files (``docs/cleaning.md``)."""

    class Settings(PluginSettings):
        """``[plugins.clean_phrases]``: the languages whose phrases are known; those of the page's language are looked for."""

        languages: tuple[str, ...] = ("en", "de", "fr", "es")
        files: tuple[SettingsFile, ...] = Field((), description="rule files of one's own (TOML), relative to the settings file")

    def __init__(self, settings: Settings) -> None:
        self.lines = lines_of()
        self.own = UserRules(settings.files)
        self.languages = {language: phrases_of(language) for language in settings.languages}
        self.all = phrases_of(*settings.languages)
        self.common = {code: frozenset(listed.split()) for code, listed in load("common_words")["languages"].items()}

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each rule that hits a block as a whole, or the first or last sentence of a longer paragraph."""
        phrases = self._of(document)
        repeated = phrases.repeated(document)
        for index, known in repeated.items():
            yield from (Label(index, rule.reason, rule.name, rule.weight) for rule in known)
        frame = document.frame
        found = {block.index: rules for block in document.blocks
                 if block.index not in frame and _is_candidate(block) and (rules := phrases.hits(block.text))}
        yield from _pointers.below(document, found)
        page = _Page(document.blocks, {*found, *repeated})
        for block in document.blocks:
            if not LETTER.search(block.text, 0, MOST_ORNAMENT):
                yield Label(block.index, Reason.NAVIGATION, "ornament", BELOW_EXTRACTOR if self._parts(document, block.index) else SURE)
            rules = found.get(block.index, ())
            spans = list(self._edges(phrases, block)) if not rules or self._reports_besides(phrases, block) else []
            if spans or rules:
                yield from spans or page.labels(phrases, block, rules)
            if not rules and block.index - 1 in found and block.index + 1 in found:
                yield from _between_offers(block, found)

    def _parts(self, document: Document, index: int) -> bool:
        """Whether an ornament may stand between parts of a story: on HTML, and not before the credits that end it."""
        following = document.blocks[index + 1:index + 2]
        return document.is_html and not any(self.lines.is_credit(block.text) for block in following)

    def _of(self, document: Document) -> PageRules:
        """The phrases of the page's language: what its words show, else what it states; of all languages when neither is known."""
        found = sample(document).lower().split()
        counts = sorted(((sum(map(common.__contains__, found)), code) for code, common in self.common.items()), reverse=True)
        sure = counts and counts[0][0] >= CLEAR_SHARE * max(1, len(found)) and counts[0][0] >= 2 * counts[1][0] and len(found) >= ENOUGH
        code = counts[0][1] if sure else document.language[:2].lower()
        return self.own.on_page(self.languages.get(code, self.all), document, code)

    def _reports_besides(self, phrases: PageRules, block: Block) -> bool:
        """Whether a block that a phrase hits has as much text besides that addresses nobody: a report with a call at its edge."""
        if _shape.count_words(block.text) < MIXED_PARAGRAPH:
            return False
        position, rest = 0, ""
        for start, end in _edge_sentences(block.text):
            if any(True for _ in phrases.hits(block.text[start:end])):
                rest, position = rest + block.text[position:start], end
        rest += block.text[position:]
        voice = fold_text(_shape.without_quotations(rest))
        return _shape.count_words(rest) >= LONG_PARAGRAPH and not ADDRESSES.search(voice)

    def _edges(self, phrases: PageRules, block: Block) -> Iterator[Label]:
        """Span labels on the first and the last sentence of a paragraph of several."""
        if block.kind is not BlockKind.PARAGRAPH or _shape.count_words(block.text) < LONG_PARAGRAPH:
            return
        folded = fold_text(block.text)
        if not any(_cuts(rule) and rule.may_hit(folded) for rule in phrases.candidates(folded)):
            return
        for start, end in _edge_sentences(block.text):
            for rule in phrases.hits(block.text[start:end]):
                if _cuts(rule):
                    yield Label(block.index, rule.reason, rule.name, rule.weight, start, end)
                    break


class _Page:
    """What stands where on a page, and who speaks: what a hit has to be weighed against."""

    def __init__(self, blocks: Sequence[Block], found: Container[int]) -> None:
        self.tail = tail_start(blocks, found)
        self.running = frozenset([block.index for block in blocks if block.index not in found and _runs(block)])
        self.last = max(self.running, default=-1)
        first = [block for block in blocks if block.index in self.running][:FIRST_PARAGRAPHS]
        speaking = sum(bool(PERSONAL.search(fold_text(_shape.without_quotations(block.text)))) for block in first)
        self.personal = len(first) >= LEAST_PERSONAL and speaking * 2 > len(first)

    def labels(self, phrases: PageRules, block: Block, rules: Sequence[Rule]) -> list[Label]:
        """The labels of the rules that hit a block, weaker where its surroundings or its own words speak for news."""
        most = self._most(phrases, block, rules) if rules else 1.0
        return [Label(block.index, rule.reason, rule.name, min(most, _in_place(rule, self.tail <= block.index and self.last < block.index)))
                for rule in rules]

    def _most(self, phrases: PageRules, block: Block, rules: Sequence[Rule]) -> float:
        """The most that a hit may weigh."""
        if _shape.count_words(block.text) < STATEMENT or not _shape.is_sentence(block.text):
            return 1.0
        own = fold_text(_shape.without_quotations(block.text))
        outlet = bool(OUTLET.search(own))
        reported = any(not rule.whole and rule.reason not in TITLED for rule in rules) and phrases.reports(block.text)
        if reported and not (outlet and YOU.search(own)):
            return WEAK
        unnamed = not NAMED.search(block.text) and (not outlet or SINGULAR.search(own))
        if self.personal and unnamed and {rule.reason for rule in rules} <= CALLS:
            return WEAK
        if any(rule.reason == Reason.COPYRIGHT for rule in rules):
            return 1.0
        among = bool(self.running.intersection(range(block.index + 1, block.index + 1 + NEIGHBOURS)))
        signals = len(rules) + outlet + bool(YOU.search(own)) + (block.link_density > MANY_LINKS)
        return HINT if among and signals < 2 and _shape.count_words(block.text) >= LONG_STATEMENT else 1.0


def _cuts(rule: Rule) -> bool:
    """Whether a rule may cut a sentence out of a paragraph."""
    return rule.weight >= SURE and rule.reason in SPAN_REASONS and not rule.whole


def _runs(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and _shape.count_words(block.text) >= STATEMENT and _shape.is_sentence(block.text)


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


def tail_start(blocks: Sequence[Block], hit: Container[int]) -> int:
    """Index behind the last long paragraph that no phrase hits."""
    return 1 + next((block.index for block in reversed(blocks) if block.index not in hit
                     and _shape.count_words(block.text) >= LONG_PARAGRAPH and _shape.is_sentence(block.text)), -1)


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
