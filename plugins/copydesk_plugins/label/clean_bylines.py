"""Who and when: bylines, date lines, datelines, credit lines, notes on the author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl, words
from copydesk_plugins.shared.lines.headlines import first_text, scrape_headlines
from copydesk_plugins.shared.lines.lines import DIGIT, lines_of
from copydesk_plugins.shared.lines.template_marks import marked
from copydesk_plugins.shared.prose import sentences as prose

LONG_PARAGRAPH = 25
MOST_BYLINE_WORDS = 30
MOST_BELOW_HEAD = 10
MENU_WORDS = 5
MOST_MENU_WORDS = 1
SURE = 0.9
LIKELY = 0.7
BELOW_EXTRACTOR = 0.55  # amid running text the extractor's vote decides: stages of a report ("4:14 p.m.") stand there
HINT = 0.35
DATELINE_PARAGRAPHS = 3
SENTENCE_BREAKS = ("(", "Reporting by", "Additional reporting")
MOST_CREDIT_SPAN = 400
CLOCK_TIME = re.compile(r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?")


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
            elif block.kind is BlockKind.PARAGRAPH and counts[index] >= 15:
                if datelines < DATELINE_PARAGRAPHS:
                    datelines += 1
                    yield from self._dateline(block)
                yield from self._credit_inside(block)

    def _may_name(self, text: str, marks: Mapping[str, int]) -> bool:
        """Whether a link in a row of links may say who or when: by its opening, as an agency, or by its mark-up."""
        return marked(marks, "byline", 6) or marked(marks, "date", 6) or self.lines.opens_byline(text)

    def _tail(self, document: Document) -> int:
        """Index behind the last long paragraph that is no note on an author and no credit."""
        lines, blocks, counts, sentences = self.lines, document.blocks, document.word_counts, document.once(prose.sentences)
        return 1 + next((index for index in reversed(range(len(blocks))) if counts[index] >= LONG_PARAGRAPH and sentences[index]
                         and blocks[index].link_density < 0.5
                         and not lines.is_bio(blocks[index].text) and not lines.is_credit(blocks[index].text)), -1)

    def _line(self, block: Block, count: int, marks: Mapping[str, int], tail: int) -> Label | None:
        """The label of a line of so many words, the surest kind first; None for other blocks."""
        text, lines = block.text, self.lines
        if lines.is_date(text):
            return Label(block.index, Reason.DATE, "date-line", SURE)
        if lines.is_credit(text, count):
            return Label(block.index, Reason.CREDIT, "credit-line", SURE)
        if "bio" in marks and count <= 120:
            return Label(block.index, Reason.AUTHOR_BIO, "bio-markup", LIKELY)
        if lines.is_bio(text, count):
            sure = block.index >= tail or len(words(text)) <= 8
            return Label(block.index, Reason.AUTHOR_BIO, "author-note", SURE if sure else HINT)
        if lines.is_byline(text):
            return Label(block.index, Reason.BYLINE, "byline-line", SURE)
        return self._by_markup(block, marks) if marks and count <= MOST_BYLINE_WORDS else None

    def _named(self, document: Document) -> set[int]:
        """Text: a lone name between headline and text, with a role next to it, where no line of the page is a byline by its words."""
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
        """Whether a line below a headline is none of what stands there: date, role, image credit, standfirst, mark."""
        lines = self.lines
        known = lines.is_date(text) or lines.is_role(text) or lines.is_image_credit(text)
        return 1 <= prose.count_words(text) <= MENU_WORDS and not known

    def _split_byline(self, block: Block, blocks: Sequence[Block]) -> Label | None:
        """A "By" on a line of its own, and the names on the next line."""
        lines, index = self.lines, block.index
        opens = lines.is_byline_opening(block.text) and index + 1 < len(blocks) and lines.is_name(blocks[index + 1].text)
        named = index > 0 and lines.is_byline_opening(blocks[index - 1].text) and lines.is_name(block.text)
        return Label(index, Reason.BYLINE, "byline-split", SURE) if opens or named else None

    def _by_markup(self, block: Block, marks: Mapping[str, int]) -> Label | None:
        """A short block inside an element that the template calls byline or date."""
        if marked(marks, "byline", 6) and not prose.is_sentence(block.text):
            return Label(block.index, Reason.BYLINE, "byline-markup", SURE)
        if marked(marks, "date", 4) and DIGIT.search(block.text) and not prose.is_sentence(block.text):
            return Label(block.index, Reason.DATE, "date-markup", SURE)
        return None

    def _dateline(self, block: Block) -> Iterator[Label]:
        end = self.lines.dateline_end(block.text)
        if 0 < end < len(block.text):
            yield Label(block.index, Reason.DATELINE, "dateline-opening", SURE, 0, end)

    def _credit_inside(self, block: Block) -> Iterator[Label]:
        """A credit at the end of the last paragraph: "… he said. (Reporting by X; Editing by Y)"."""
        text = block.text
        for mark in SENTENCE_BREAKS:
            start = text.rfind(f" {mark}", max(0, len(text) - MOST_CREDIT_SPAN)) + 1
            if start > 0 and self.lines.is_credit(text[start:]):
                yield Label(block.index, Reason.CREDIT, "credit-inside", SURE, start, len(text))
                return


def _amid(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether running text stands directly behind a line and before it, in the same container and with a mark between them at most.

    Before a bare clock time ("4:14 p.m.") a heading will do: it opens the first stage of a report.
    """
    before = blocks[max(0, block.index - 2):block.index]
    begins = CLOCK_TIME.fullmatch(block.text) is not None and any(other.kind is BlockKind.HEADING for other in before[-1:])
    return (begins or any(_runs(other, block) for other in before)) and any(
        _runs(other, block) for other in blocks[block.index + 1:block.index + 2])


def _runs(other: Block, block: Block) -> bool:
    return other.path[:-1] == block.path[:-1] and prose.is_sentence(other.text)
