"""Labels captions and image credits by mark-up and wording; in a plain-text scrape also by the lines next to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl
from copydesk_plugins.shared.lines.headlines import scrape_headlines
from copydesk_plugins.shared.lines.lines import lines_of
from copydesk_plugins.shared.lines.template_marks import marked
from copydesk_plugins.shared.prose import sentences

MOST_CREDIT_WORDS = 25
"""Words of an image credit by its mark-up."""
LEAST_CAPTION_WORDS = 3
"""Words of the shortest caption."""
MOST_CAPTION_WORDS = 90
"""Words of the longest caption."""
SURE = 0.9
"""Weight of a sure caption or credit."""
TOUCH_HINT = 0.4
"""Weight of a caption that only stands on the line next to a credit."""
HINT = 0.3
"""Weight of a caption by its wording alone."""
CAPTION_TOKENS, CREDIT_TOKENS = 8, 4
"""Tokens of a block that may call it a caption, or an image credit."""
MOST_GROUP = 5
"""Blocks on each side that belong to a group of adjacent lines."""


class Plugin:
    """Labels what belongs to pictures."""

    def __init__(self) -> None:
        self.lines = lines_of()

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Image credits first; a caption stands next to one, or is marked up as one."""
        frame, counts, marks = document.frame, document.word_counts, document.once(self.lines.marks.on)
        blocks = [block for block in document.blocks if block.index not in frame]
        credits = {block.index for block in blocks if self.lines.is_image_credit(block.text, counts[block.index]) or (
            marks[block.index] and self._is_marked_credit(block, counts[block.index], marks[block.index]))}
        beside = {} if document.is_html else self._beside(document, credits)
        marked_up = {block.index for block in blocks
                     if counts[block.index] <= MOST_CAPTION_WORDS and marked(marks[block.index], "caption", CAPTION_TOKENS)}
        for block in blocks:
            if block.index in credits:
                yield Label(block.index, Reason.IMAGE_CREDIT, "image-credit-line", SURE)
                continue
            label = self._caption(block, counts[block.index]) or beside.get(block.index)
            if label is None and block.index in marked_up:
                label = Label(block.index, Reason.CAPTION, "caption-markup", SURE)
            elif label is None and not document.is_html:
                label = self._by_wording(block)
            if label is not None:
                yield label
                yield from self._credit_inside(block, label)

    def _caption(self, block: Block, count: int) -> Label | None:
        if block.kind is BlockKind.CAPTION:
            return Label(block.index, Reason.CAPTION, "caption-element", SURE)
        if self.lines.ends_with_image_credit(block.text, count):
            sure = not self.lines.ends_with_agency(block.text) or self.lines.speaks_as_caption(block.text)
            return Label(block.index, Reason.CAPTION, "caption-with-credit", SURE if sure else HINT)
        return None

    def _credit_inside(self, block: Block, label: Label) -> Iterator[Label]:
        """Label the credit at the end of a caption, as a span of it."""
        start = self.lines.credit_start(block.text) if label.weight >= SURE else 0
        if start:
            yield Label(block.index, Reason.IMAGE_CREDIT, "image-credit-inside", SURE, start, len(block.text))

    def _is_marked_credit(self, block: Block, count: int, marks: Mapping[str, int]) -> bool:
        if count > MOST_CREDIT_WORDS or not marked(marks, "image_credit", CREDIT_TOKENS) or any(
                "quote" in token for token in block.tokens[:CREDIT_TOKENS]):
            return False
        return not sentences.is_sentence(block.text)

    def _by_wording(self, block: Block) -> Label | None:
        """In a plain-text scrape: a hint on a line that is worded as captions are."""
        speaks = LEAST_CAPTION_WORDS <= sentences.count_words(block.text) <= MOST_CAPTION_WORDS and self.lines.speaks_as_caption(block.text)
        return Label(block.index, Reason.CAPTION, "caption-wording", HINT) if speaks and not sentences.QUOTED.search(block.text) else None

    def _beside(self, document: Document, credits: set[int]) -> dict[int, Label]:
        """In a plain-text scrape: for each credit line the likelier one of its two neighbours as its caption."""
        blocks = document.blocks
        heads = {label.block for label in scrape_headlines(blocks, document.title, self.lines)} if credits else set()
        found: dict[int, Label] = {}
        for credit in sorted(credits):
            taken = credits | heads | set(found)
            sides = [self._neighbour(blocks[index], credit, blocks) for index in (credit - 1, credit + 1)
                     if 0 <= index < len(blocks) and index not in taken and self._may_be_caption(blocks[index].text)]
            best = max(filter(None, sides), key=lambda label: label.weight, default=None)
            if best is not None:
                found[best.block] = best
        return found

    def _may_be_caption(self, text: str) -> bool:
        """Whether a line has a caption's length and does not say who or when."""
        lines = self.lines
        return LEAST_CAPTION_WORDS <= sentences.count_words(text) <= MOST_CAPTION_WORDS and not (
            lines.is_date(text) or lines.is_byline(text) or lines.is_person(text) or lines.is_role(text) or lines.is_credit(text))

    def _neighbour(self, block: Block, credit: int, blocks: Sequence[Block]) -> Label | None:
        """Label a block next to a credit line. It is sure when worded as a caption, or when both stand alone, away from other lines."""
        if self.lines.speaks_as_caption(block.text):
            return Label(block.index, Reason.CAPTION, "caption-beside-credit", SURE)
        if not _touch(block, blocks[credit]):
            return None
        others = [other for other in _group(credit, blocks) if other.index not in (block.index, credit)]
        alone = not any(sentences.count_words(other.text) >= LEAST_CAPTION_WORDS for other in others)
        return Label(block.index, Reason.CAPTION, "caption-touches-credit", SURE if alone else TOUCH_HINT)


def _group(index: int, blocks: Sequence[Block]) -> list[Block]:
    """The blocks on adjacent lines around a block, up to `MOST_GROUP` on each side."""
    first = last = index
    while first > max(0, index - MOST_GROUP) and _touch(blocks[first - 1], blocks[first]):
        first -= 1
    while last < min(len(blocks) - 1, index + MOST_GROUP) and _touch(blocks[last], blocks[last + 1]):
        last += 1
    return list(blocks[first:last + 1])


def _touch(block: Block, other: Block) -> bool:
    """Whether two blocks stand on adjacent lines of a text."""
    return block.line is not None and other.line is not None and abs(block.line - other.line) == 1
