"""Labels blocks by phrases: walls, offers, appeals, sign-ups, share and link lines, comments, copyright, advertisements."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from pydantic import Field

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, SettingsFile, fold_text, hookimpl
from copydesk_plugins.label.text_lines import pointer_lists
from copydesk_plugins.shared.lines.lines import lines_of
from copydesk_plugins.shared.phrases.rules import Rule, phrases_of
from copydesk_plugins.shared.phrases.user_rules import PageRules, UserRules
from copydesk_plugins.shared.prose import sentences as prose
from copydesk_plugins.shared.prose.languages import language_by_words, word_count

SURE = 0.8
"""Weight of an ornament, and of rules that may cut a sentence or show an offer."""
BELOW_EXTRACTOR = 0.55
"""Weight of an ornament that may stand between the parts of a story: the extractor's vote outweighs it."""
MOST_ORNAMENT = 200
"""Characters of a block in which a letter is looked for."""
LETTER = re.compile(r"[^\W_]")
"""A letter or digit."""
TAIL_SHARE = 0.4
"""Share of its remaining doubt that a hit loses behind the last long paragraph."""
LONG_PARAGRAPH = 25
"""Words of a paragraph of the article's text."""
MOST_WHOLE = 600
"""Characters at a long text's start and end in which its edge sentences are looked for."""
MARKS = ".!?"
END = re.compile(r"[.!?]{1,3}[\"'”’)]{0,2}(?= |$)")
"""The end of a sentence."""
ADDRESSES = re.compile(r"\b(?:we|our|us|you|your)\b")
"""Words by which a text addresses its readers."""
MIXED_PARAGRAPH = 35
"""Words of a paragraph that may be a report with a call at its edge."""
OFFER_WORDS = 12
"""Words of a block between two offers that belongs to them."""
BETWEEN = 0.7
"""Weight of such a block."""
ASKING = frozenset({"paywall", "subscription", "donation", "newsletter"})
"""Reasons of offers."""
CALLS = frozenset({"subscription", "donation", "promotion", "share"})
"""Reasons that a text in the first person may give a hit without being an offer."""
TITLED = frozenset({"share", "related", "advertisement", "comments"})
"""Reasons whose lines repeat headlines, which say who said what."""
PERSONAL = re.compile(r"\b(?:i|me|my|we|our|us|you|your)\b")
SINGULAR = re.compile(r"\b(?:i|me|my)\b")
OUTLET = re.compile(r"\b(?:we|our|us)\b")
YOU = re.compile(r"\b(?:you|your)\b")
"""Words by which a text speaks of its writer, its outlet or its reader."""
NAMED = re.compile(r"[\w,;:]['’\w,;:]{0,20} (?!I\b)[A-Z@]")
"""A capital inside of a sentence: it names somebody or something."""
STATEMENT = 10
"""Words of a block that can be a statement of news."""
LONG_STATEMENT = 18
"""Words of one that is likely news amid running text."""
FIRST_PARAGRAPHS = 5
"""Paragraphs that show whether an article is written in the first person."""
LEAST_PERSONAL = 2
"""Paragraphs needed to tell."""
NEIGHBOURS = 2
"""Blocks below a hit in which running text counts as near."""
MANY_LINKS = 0.2
"""Share of a block's characters in links that speaks for an offer."""
WEAK = 0.3
"""Most that a hit weighs in a report or a text in the first person."""
HINT = 0.45
"""Most that a hit weighs amid running text without a second sign."""
ENOUGH = 30
"""Words of a page from which its language can be told."""
SPAN_REASONS = frozenset({"newsletter", "subscription", "donation", "paywall", "promotion", "related", "advertisement", "copyright"})
"""Reasons of sentences that may be cut out of a paragraph."""


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

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each rule that hits a block as a whole, or the first or last sentence of a longer paragraph."""
        phrases = self._of(document)
        repeated = phrases.repeated(document)
        for index, known in repeated.items():
            yield from (Label(index, rule.reason, rule.name, rule.weight) for rule in known)
        blocks, counts = document.blocks, document.word_counts
        found = {index: rules for index, rules in phrases.on(document).items() if blocks[index].kind is not BlockKind.PREFORMATTED}
        yield from pointer_lists.below(document, found)
        page = _Page(document, {*found, *repeated})
        for block, folded, count in zip(blocks, document.folded, counts, strict=True):
            index, text = block.index, block.text
            if not text[:1].isalnum() and not LETTER.search(text, 0, MOST_ORNAMENT):
                yield Label(index, Reason.NAVIGATION, "ornament", BELOW_EXTRACTOR if self._parts(document, index) else SURE)
            rules = found.get(index, ())
            if rules:
                spans = list(self._edges(phrases, block, folded)) if self._reports_besides(phrases, block) else []
                yield from spans or page.labels(phrases, block, rules)
                continue
            if count >= LONG_PARAGRAPH and block.kind is BlockKind.PARAGRAPH:
                yield from self._edges(phrases, block, folded)
            if index - 1 in found and index + 1 in found:
                yield from _between_offers(block, found)

    def _parts(self, document: Document, index: int) -> bool:
        """Whether an ornament may stand between parts of a story: on an HTML page, and not before the credits that end the story."""
        following = document.blocks[index + 1:index + 2]
        return document.is_html and not any(self.lines.is_credit(block.text) for block in following)

    def _of(self, document: Document) -> PageRules:
        """The phrases of the language that the page's words show, else of the one it states, else of all languages."""
        told = document.once(language_by_words) if word_count(document) >= ENOUGH else None
        code = told or document.language[:2].lower()
        return self.own.on_page(self.languages.get(code, self.all), document, code)

    def _reports_besides(self, phrases: PageRules, block: Block) -> bool:
        """Whether a block is a report with a call at its edge: without the sentences hit, much text remains that addresses nobody."""
        if prose.count_words(block.text) < MIXED_PARAGRAPH:
            return False
        position, rest = 0, ""
        for start, end in _edge_sentences(block.text):
            if any(True for _ in phrases.hits(block.text[start:end])):
                rest, position = rest + block.text[position:start], end
        rest += block.text[position:]
        voice = fold_text(prose.without_quotations(rest))
        return prose.count_words(rest) >= LONG_PARAGRAPH and not ADDRESSES.search(voice)

    def _edges(self, phrases: PageRules, block: Block, folded: str) -> Iterator[Label]:
        """Span labels on the first and the last sentence of a paragraph of several."""
        if block.kind is not BlockKind.PARAGRAPH or prose.count_words(block.text) < LONG_PARAGRAPH:
            return
        for start, end in _edge_sentences(block.text):
            rule = next(filter(_cuts, phrases.hits(block.text[start:end])), None)
            if rule is not None and any(_cuts(near) and near.may_hit(folded) for near in phrases.candidates(folded)):
                yield Label(block.index, rule.reason, rule.name, rule.weight, start, end)


class _Page:
    """What a hit is weighed against: where running text stands on the page, and whether the article is in the first person."""

    def __init__(self, document: Document, found: Container[int]) -> None:
        blocks, counts = document.blocks, document.word_counts
        running = [index for index, reads in enumerate(document.once(prose.sentences))
                   if reads and counts[index] >= STATEMENT and index not in found]
        self.tail = 1 + next((index for index in reversed(running) if counts[index] >= LONG_PARAGRAPH), -1)
        paragraphs = [index for index in running if blocks[index].kind is BlockKind.PARAGRAPH]
        self.running = frozenset(paragraphs)
        self.last = max(paragraphs, default=-1)
        first = [blocks[index] for index in paragraphs[:FIRST_PARAGRAPHS]]
        speaking = sum(bool(PERSONAL.search(fold_text(prose.without_quotations(block.text)))) for block in first)
        self.personal = len(first) >= LEAST_PERSONAL and speaking * 2 > len(first)

    def labels(self, phrases: PageRules, block: Block, rules: Sequence[Rule]) -> list[Label]:
        """The labels of the rules that hit a block. They weigh less where its surroundings or its own words speak for news."""
        most = self._most(phrases, block, rules) if rules else 1.0
        return [Label(block.index, rule.reason, rule.name, min(most, _in_place(rule, self.tail <= block.index and self.last < block.index)))
                for rule in rules]

    def _most(self, phrases: PageRules, block: Block, rules: Sequence[Rule]) -> float:
        """The most that a hit on a block may weigh, 0 to 1."""
        if prose.count_words(block.text) < STATEMENT or not prose.is_sentence(block.text):
            return 1.0
        own = fold_text(prose.without_quotations(block.text))
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
        return HINT if among and signals < 2 and prose.count_words(block.text) >= LONG_STATEMENT else 1.0


def _cuts(rule: Rule) -> bool:
    """Whether a rule may cut a sentence out of a paragraph."""
    return rule.weight >= SURE and rule.reason in SPAN_REASONS and not rule.whole


def _between_offers(block: Block, found: Mapping[int, Sequence[Rule]]) -> Iterator[Label]:
    """Label a short block between two offers as part of them ("The weekend crossword")."""
    before, after = ([rule for rule in found.get(index, ()) if rule.reason in ASKING and rule.weight >= SURE]
                     for index in (block.index - 1, block.index + 1))
    if before and after and prose.count_words(block.text) <= OFFER_WORDS:
        yield Label(block.index, before[0].reason, "between-offers", BETWEEN)


def _in_place(rule: Rule, in_tail: bool) -> float:
    """The weight of a rule's hit: more behind the last long paragraph."""
    return 1.0 - (1.0 - rule.weight) * (1.0 - TAIL_SHARE) if in_tail else rule.weight


def _edge_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last sentence of a text of several. Of a long text only `MOST_WHOLE` characters at both ends are looked at."""
    sentences = list(_sentences(text[:MOST_WHOLE]))
    if len(text) > MOST_WHOLE:
        offset = len(text) - MOST_WHOLE
        last = list(_sentences(text[offset:]))[-1:]
        sentences = sentences[:1] + [(start + offset, end + offset) for start, end in last]
    else:
        sentences = sentences[:1] + sentences[1:][-1:]
    for start, end in sentences:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if 0 < end - start < len(text):
            yield start, end


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Each stretch without full stops, question and exclamation marks that ends in up to three of them before a blank."""
    first = 0
    for match in END.finditer(text):
        mark = match.start()
        if mark == 0 or text[mark - 1] in MARKS:
            continue
        start = max(first, *(text.rfind(each, first, mark) + 1 for each in MARKS))
        first = match.end()
        yield start, first
