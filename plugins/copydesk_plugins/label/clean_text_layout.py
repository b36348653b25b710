"""Labels what stands around the article in a plain-text scrape: menus before it, link lists after it, leftovers inside of it.

The article is the run of lines with the largest sum of scores. Lines of running text score their words; other lines count against it.
This is maximum subsequence segmentation on lines instead of tokens (Pasternack and Roth, Extracting article text from the web with
maximum subsequence segmentation, WWW 2009).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from copydesk import Document, Label, Reason, fold_text, hookimpl
from copydesk_plugins.label.text_lines import line_model
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.best_run import best_run
from copydesk_plugins.shared.lines.headlines import text_headlines
from copydesk_plugins.shared.phrases.rules import Rule, compile_bounded, phrases_of
from copydesk_plugins.shared.prose import sentences

MOST_WORDS = 80
"""Most that a line of running text scores."""
SHORT_COST = 12.0
SCRAP_COST = 5.0
END_COST = 30.0
PHRASE_COST = 8.0
"""What other lines cost a run: a short line, a leftover, a mark of the end, a line that a phrase hits."""
MOST_BELOW_HEAD = 15
"""Lines below a repeated title in which the text must begin."""
LEAST_HEADED = 60.0
"""Score of a run that begins there."""
MOST_DEBT = 60.0
"""How far the score of such a run may fall before it ends."""
ENOUGH_ABOVE = 80.0
"""Score of the text above a comments mark that can end the article."""
LEAST_LISTED = 8
LEAST_LIST_WORDS = 5
LIST_SHARE = 0.65
"""A list at an article's end: its lines, their mean words, and the share of them with figures."""
MOST_MARK_LENGTH = 120
"""Characters of a mark or control."""
MOST_PHRASE_LENGTH = 900
"""Characters of a line that a phrase can hit."""
KEEP = 0.6
"""Weight of the vote for a line of the article."""
LEAVE = 0.7
"""Weight of the vote against one outside of it."""
SCRAP = 0.9
"""Weight of the vote against a mark or leftover inside of it."""
SURE_PHRASE = 0.8
"""Weight from which a phrase counts."""


class LineKind(Enum):
    """What a line of a scrape is by itself."""

    SENTENCE = "sentence"
    SHORT = "short"
    PHRASE = "phrase"
    SCRAP = "scrap"
    END = "end"
    COMMENTS = "comments"


TEXT = (LineKind.SENTENCE, LineKind.SHORT)
"""Kinds of line that the article is made of."""


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A run of blocks, such as the article.

    Attributes:
        start: index of its first block.
        end: index behind its last block.
    """

    start: int
    end: int


class Plugin:
    """Labels the blocks of plain-text pages by their place in the layout."""

    def __init__(self) -> None:
        data = load("layout_en")
        marks = load("layout_marks")
        self.ends, self.comments, self.scraps = (
            _one_pattern([*data[name], *(line for language in marks.values() for line in language[name])], name)
            for name in ("ends", "comments", "scraps"))
        self.salutations = _one_pattern(data["salutations"], "salutations")
        self.phrases = phrases_of("en")
        self.weights = line_model.weights_of()

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A vote to keep the article's blocks, and to leave what stands before, behind and between."""
        if document.is_html or not document.blocks:
            return
        texts = [block.text for block in document.blocks]
        kinds = self._kinds(document)
        lines = self._lines(document, texts, kinds)
        kept, odds = line_model.keep(lines, self.weights)
        for index, kind in enumerate(kinds):
            reason, rule, weight = _vote(index, kind, kept[index], Run(lines.start, lines.end))
            yield Label(index, reason, rule, weight, chance=sentences.chance(odds[index]) if index in odds else None)

    def lines(self, document: Document) -> line_model.WeighedLines:
        """The lines of a text with what is known of each."""
        return self._lines(document, [block.text for block in document.blocks], self._kinds(document))

    def _kinds(self, document: Document) -> list[LineKind]:
        hits = document.once(self.phrases.on)
        return [self.kind(block.text, hits.get(block.index, ()), reads)
                for block, reads in zip(document.blocks, document.once(sentences.sentences), strict=True)]

    def _lines(self, document: Document, texts: Sequence[str], kinds: Sequence[LineKind]) -> line_model.WeighedLines:
        heads = repeats(document)
        found = article_run(texts, kinds, heads)
        run = self._with_salutation(with_list(found, texts, kinds), texts)
        sure = [*range(run.start, found.start), *range(found.end, run.end)]
        return line_model.WeighedLines(texts, [kind.value for kind in kinds], run.start, run.end, heads, sure)

    def _with_salutation(self, run: Run, texts: Sequence[str]) -> Run:
        """The run, with the salutation before it: a letter's first line belongs to the letter."""
        before = texts[run.start - 1] if run.start > 0 else ""
        opens = len(before) <= MOST_MARK_LENGTH and self.salutations.fullmatch(fold_text(before))
        return Run(run.start - 1, run.end) if opens else run

    def kind(self, text: str, hits: Sequence[Rule], reads: bool) -> LineKind:
        """The kind of a line, by its text, by the phrases that hit it, and by whether it reads as running text."""
        mark = fold_text(text[:MOST_MARK_LENGTH + 1]).rstrip(" :»>")
        if len(mark) <= MOST_MARK_LENGTH:
            if self.scraps.fullmatch(mark) or not mark:
                return LineKind.SCRAP
            if self.comments.fullmatch(mark):
                return LineKind.COMMENTS
            if self.ends.fullmatch(mark):
                return LineKind.END
        if len(text) <= MOST_PHRASE_LENGTH and any(rule.weight >= SURE_PHRASE for rule in hits):
            return LineKind.PHRASE
        return LineKind.SENTENCE if reads else LineKind.SHORT


def _one_pattern(patterns: Sequence[str], name: str) -> re.Pattern[str]:
    return compile_bounded("|".join(f"(?:{pattern})" for pattern in patterns), f"text layout, {name}")


def repeats(document: Document) -> list[int]:
    """Indices of the lines that repeat the page's title. The article stands below one of them."""
    return [label.block for label in text_headlines(document.blocks, document.title) if label.rule == "headline-equals-title"]


def article_run(texts: Sequence[str], kinds: Sequence[LineKind], heads: Sequence[int] = ()) -> Run:
    """The run of blocks with the largest sum of scores; all blocks when none scores (a text of headlines only).

    Where a repeated title stands close above running text, the run that begins there is the article.
    """
    scores = [_score(text, kind) for text, kind in zip(texts, kinds, strict=True)]
    _stop_at_comments(scores, kinds)
    headed = [found for found in (_run_below(head, scores, kinds) for head in heads) if found is not None]
    if headed:
        return _widened(max(headed)[1], texts, kinds)
    start, end = best_run(scores)
    return _widened(Run(start, end) if end else Run(0, len(scores)), texts, kinds)


def with_list(run: Run, texts: Sequence[str], kinds: Sequence[LineKind]) -> Run:
    """The run, with the list that it leads to, such as the dates of a tour: lines of some words with figures, up to the next mark."""
    end = next((index for index in range(run.end, len(kinds)) if kinds[index] not in TEXT), len(kinds))
    listed = texts[run.end:end]
    if len(listed) < LEAST_LISTED or sum(map(sentences.count_words, listed)) < LEAST_LIST_WORDS * len(listed):
        return run
    figures = sum(any(char.isdigit() for char in text[:MOST_MARK_LENGTH]) for text in listed)
    return Run(run.start, end) if figures >= LIST_SHARE * len(listed) else run


def _run_below(head: int, scores: Sequence[float], kinds: Sequence[LineKind]) -> tuple[float, Run] | None:
    """The best run that begins with the first running text close below a headline, and its score; None when the score is poor."""
    start = next((index for index in range(head + 1, min(head + MOST_BELOW_HEAD, len(kinds))) if kinds[index] is LineKind.SENTENCE), None)
    if start is None:
        return None
    best, current, end = 0.0, 0.0, start + 1
    for index in range(start, len(scores)):
        current += scores[index]
        if current < -MOST_DEBT:
            break
        if current > best:
            best, end = current, index + 1
    return (best, Run(start, end)) if best >= LEAST_HEADED else None


def _stop_at_comments(scores: list[float], kinds: Sequence[LineKind]) -> None:
    """Let no run go on behind a comments mark when enough running text for an article stands above the mark."""
    above = 0.0
    for index, kind in enumerate(kinds):
        above += scores[index] if kind is LineKind.SENTENCE else 0.0
        if kind is LineKind.COMMENTS and above >= ENOUGH_ABOVE:
            scores[index] = -above


def _widened(run: Run, texts: Sequence[str], kinds: Sequence[LineKind]) -> Run:
    """The run, with the short sentences that touch it ("He never returned."), and with the text's last line where that breaks off."""
    start, end = run.start, run.end
    while start > 0 and kinds[start - 1] is LineKind.SHORT and sentences.ends_sentence(texts[start - 1]):
        start -= 1
    while end < len(texts) and kinds[end] is LineKind.SHORT and sentences.ends_sentence(texts[end]):
        end += 1
    if end == len(texts) - 1 and kinds[end] is LineKind.SHORT and sentences.reads_as_prose(texts[end]):
        end += 1
    return Run(start, end)


def _score(text: str, kind: LineKind) -> float:
    """What a line adds to the score of a run."""
    match kind:
        case LineKind.SENTENCE:
            return float(min(sentences.count_words(text), MOST_WORDS))
        case LineKind.SHORT:
            return -SHORT_COST
        case LineKind.PHRASE:
            return -PHRASE_COST
        case LineKind.SCRAP | LineKind.COMMENTS:
            return -SCRAP_COST
        case LineKind.END:
            return -END_COST


def _vote(index: int, kind: LineKind, kept: bool, run: Run) -> tuple[Reason, str, float]:
    """The reason, rule and weight of the vote on a line."""
    inside = kept or run.start <= index < run.end
    if kind is LineKind.SCRAP and inside:
        return Reason.NAVIGATION, "leftover", SCRAP
    if kind is LineKind.END and inside:
        return Reason.RELATED, "section-mark", SCRAP
    if kind is LineKind.COMMENTS and inside:
        return Reason.COMMENTS, "comments-mark", SCRAP
    if kept:
        return Reason.ARTICLE, "article-run", KEEP
    if index < run.start:
        return Reason.NAVIGATION, "before-article", LEAVE
    if index >= run.end:
        return Reason.RELATED if kind is LineKind.END else Reason.BOILERPLATE, "after-article", LEAVE
    return Reason.BOILERPLATE, "aside", LEAVE
