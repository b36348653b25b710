"""Labels who and when: bylines, date lines, datelines, credit lines, notes on the author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl, words
from copydesk_plugins.shared.lines.headlines import first_text, scrape_headlines
from copydesk_plugins.shared.lines.lines import DIGIT, lines_of
from copydesk_plugins.shared.lines.template_marks import marked
from copydesk_plugins.shared.prose import sentences as prose

LONG_PARAGRAPH = 25
"""Words of a paragraph of the article's text."""
MOST_BYLINE_WORDS = 30
"""Words of a line that mark-up can make a byline or date."""
MOST_BELOW_HEAD = 10
"""Blocks below the headline of a scrape in which its text must begin, for a lone name between them to be its byline."""
MENU_WORDS = 5
"""Words of a line that may be a menu's."""
MOST_MENU_WORDS = 1
"""Such lines that may stand between headline and text beside a lone name."""
SURE = 0.9
"""Weight of a line that says who or when."""
LIKELY = 0.7
"""Weight of a note on the author by its mark-up."""
BELOW_EXTRACTOR = 0.55
"""Weight of a date amid running text. The extractor's vote outweighs it, since stages of a report ("4:14 p.m.") stand there."""
HINT = 0.35
"""Weight of a note on the author amid the text."""
DATELINE_PARAGRAPHS = 3
"""Paragraphs that may open with a dateline."""
SENTENCE_BREAKS = ("(", "Reporting by", "Additional reporting")
"""How a credit inside of a paragraph opens."""
MOST_CREDIT_SPAN = 400
"""Characters at a paragraph's end in which a credit may begin."""
CLOCK_TIME = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?")
"""A time of day alone."""
LEAST_PARAGRAPH = 15
"""Words of a paragraph that may have a dateline or a credit inside."""
NEAR_TOKENS, DATE_TOKENS = 6, 4
"""Tokens of a block in which a template's word for byline or date counts; fewer for a date by mark-up alone."""
MOST_LINKED = 0.5
"""Share of a block's characters in links, from which on it is no running text."""
MOST_BIO, SHORT_BIO = 120, 8
"""Words of a note on the author by its mark-up, and of one that is sure anywhere on the page."""


class Plugin:
    """Labels lines that say who wrote, when and where."""

    def __init__(self) -> None:
        self.lines = lines_of()

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Block labels for lines of their own, span labels for a dateline or credit inside a paragraph."""
        blocks, counts, frame = document.blocks, document.word_counts, document.frame
        tail = self._tail(document)
        named = set() if document.is_html else self._named(document)
        datelines = 0
        for block, marks in zip(blocks, document.once(self.lines.marks.on), strict=True):
            index = block.index
            if block.kind in prose.NOT_TEXT or (index in frame and not self._may_name(block.text, marks)):
                continue
            label = self._line(block, counts[index], marks, tail) or self._split_byline(block, blocks)
            if label is not None and label.rule == "date-line" and document.is_html and _amid(block, blocks):
                label = Label(index, Reason.DATE, "date-line-amid-text", BELOW_EXTRACTOR)
            if label is not None:
                yield label
            elif index in named:
                yield Label(index, Reason.BYLINE, "name-below-headline", SURE)
            elif block.kind is BlockKind.PARAGRAPH and counts[index] >= LEAST_PARAGRAPH:
                if datelines < DATELINE_PARAGRAPHS:
                    datelines += 1
                    yield from self._dateline(block)
                yield from self._credit_inside(block)

    def _may_name(self, text: str, marks: Mapping[str, int]) -> bool:
        """Whether a link in a row of links may say who or when: by its opening, as an agency, or by its mark-up."""
        return marked(marks, "byline", NEAR_TOKENS) or marked(marks, "date", NEAR_TOKENS) or self.lines.opens_byline(text)

    def _tail(self, document: Document) -> int:
        """The index behind the last long paragraph that is no note on an author and no credit."""
        lines, blocks, counts, sentences = self.lines, document.blocks, document.word_counts, document.once(prose.sentences)
        return 1 + next((index for index in reversed(range(len(blocks))) if counts[index] >= LONG_PARAGRAPH and sentences[index]
                         and blocks[index].link_density < MOST_LINKED
                         and not lines.is_bio(blocks[index].text) and not lines.is_credit(blocks[index].text)), -1)

    def _line(self, block: Block, count: int, marks: Mapping[str, int], tail: int) -> Label | None:
        """The label of a line of ``count`` words, the surest kind first; None for other blocks."""
        text, lines = block.text, self.lines
        if lines.is_date(text):
            return Label(block.index, Reason.DATE, "date-line", SURE)
        if lines.is_credit(text, count):
            return Label(block.index, Reason.CREDIT, "credit-line", SURE)
        if "bio" in marks and count <= MOST_BIO:
            return Label(block.index, Reason.AUTHOR_BIO, "bio-markup", LIKELY)
        if lines.is_bio(text, count):
            sure = block.index >= tail or len(words(text)) <= SHORT_BIO
            return Label(block.index, Reason.AUTHOR_BIO, "author-note", SURE if sure else HINT)
        if lines.is_byline(text):
            return Label(block.index, Reason.BYLINE, "byline-line", SURE)
        return self._by_markup(block, marks) if marks and count <= MOST_BYLINE_WORDS else None

    def _named(self, document: Document) -> set[int]:
        """In a plain-text scrape without a byline by its words: a lone name between headline and text, and a role next to it."""
        lines, blocks = self.lines, document.blocks
        heads = [label.block for label in scrape_headlines(blocks, document.title, lines) if label.reason == Reason.HEADLINE]
        text = first_text(blocks, lines)
        if not heads or not 1 < text - heads[-1] <= MOST_BELOW_HEAD:
            return set()
        between = blocks[heads[-1] + 1:text]
        pictures = {near for block in between if lines.is_image_credit(block.text) for near in (block.index - 1, block.index + 1)}
        names = [block.index for block in between if block.index not in pictures and lines.is_lone_name(block.text)]
        others = [block for block in between if block.index not in names and self._is_menu_word(block.text)]
        if len(names) not in (1, 2) or len(others) > MOST_MENU_WORDS:
            return set()
        if any(lines.is_byline(block.text) or lines.is_byline_opening(block.text) for block in blocks):
            return set()
        return {names[0], *(block.index for block in between if abs(block.index - names[0]) == 1 and lines.is_role(block.text))}

    def _is_menu_word(self, text: str) -> bool:
        """Whether a line below a headline may be a menu's: it is short, and no date, role or image credit."""
        lines = self.lines
        known = lines.is_date(text) or lines.is_role(text) or lines.is_image_credit(text)
        return 1 <= prose.count_words(text) <= MENU_WORDS and not known

    def _split_byline(self, block: Block, blocks: Sequence[Block]) -> Label | None:
        """Label a "By" on a line of its own, and the names on the next line."""
        lines, index = self.lines, block.index
        opens = lines.is_byline_opening(block.text) and index + 1 < len(blocks) and lines.is_name(blocks[index + 1].text)
        named = index > 0 and lines.is_byline_opening(blocks[index - 1].text) and lines.is_name(block.text)
        return Label(index, Reason.BYLINE, "byline-split", SURE) if opens or named else None

    def _by_markup(self, block: Block, marks: Mapping[str, int]) -> Label | None:
        """Label a short block inside of an element that the template calls byline or date."""
        if marked(marks, "byline", NEAR_TOKENS) and not prose.is_sentence(block.text):
            return Label(block.index, Reason.BYLINE, "byline-markup", SURE)
        if marked(marks, "date", DATE_TOKENS) and DIGIT.search(block.text) and not prose.is_sentence(block.text):
            return Label(block.index, Reason.DATE, "date-markup", SURE)
        return None

    def _dateline(self, block: Block) -> Iterator[Label]:
        end = self.lines.dateline_end(block.text)
        if 0 < end < len(block.text):
            yield Label(block.index, Reason.DATELINE, "dateline-opening", SURE, 0, end)

    def _credit_inside(self, block: Block) -> Iterator[Label]:
        """Label a credit at the end of a paragraph: "… he said. (Reporting by X; Editing by Y)"."""
        text = block.text
        for mark in SENTENCE_BREAKS:
            start = text.rfind(f" {mark}", max(0, len(text) - MOST_CREDIT_SPAN)) + 1
            if start > 0 and self.lines.is_credit(text[start:]):
                yield Label(block.index, Reason.CREDIT, "credit-inside", SURE, start, len(text))
                return


def _amid(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether running text of the same container stands directly behind a line, and before it (at most one block between them).

    Before a bare clock time ("4:14 p.m.") a heading is enough: it opens the first stage of a report.
    """
    before = blocks[max(0, block.index - 2):block.index]
    begins = CLOCK_TIME.fullmatch(block.text) is not None and any(other.kind is BlockKind.HEADING for other in before[-1:])
    return (begins or any(_runs(other, block) for other in before)) and any(
        _runs(other, block) for other in blocks[block.index + 1:block.index + 2])


def _runs(other: Block, block: Block) -> bool:
    return other.path[:-1] == block.path[:-1] and prose.is_sentence(other.text)
