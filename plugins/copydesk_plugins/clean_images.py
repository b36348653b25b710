"""Captions and image credits, by mark-up and by their wording; in text scrapes also by the lines next to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl
from copydesk_plugins import _shape
from copydesk_plugins._lines import Lines

MOST_CREDIT_WORDS = 25
LEAST_CAPTION_WORDS = 3
MOST_CAPTION_WORDS = 90
SURE = 0.9
LIKELY = 0.7
HINT = 0.3


class Plugin:
    """Labels what belongs to pictures."""

    def __init__(self) -> None:
        self.lines = Lines()

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Image credits first; a caption stands next to one, or is marked up as one."""
        blocks = document.blocks
        credits = {block.index for block in blocks if self._is_credit(block)}
        for block in blocks:
            if block.index in credits:
                yield Label(block.index, Reason.IMAGE_CREDIT, "image-credit-line", SURE)
            elif block.kind is BlockKind.CAPTION:
                yield Label(block.index, Reason.CAPTION, "caption-element", SURE)
            elif document.is_html:
                yield from self._by_markup(block)
            elif LEAST_CAPTION_WORDS <= _shape.count_words(block.text) <= MOST_CAPTION_WORDS:
                yield from self._by_neighbour(block, blocks, credits)
            if block.index not in credits and block.kind is not BlockKind.CAPTION and self.lines.ends_with_image_credit(block.text):
                yield Label(block.index, Reason.CAPTION, "caption-with-credit", SURE)

    def _is_credit(self, block: Block) -> bool:
        if self.lines.is_image_credit(block.text):
            return True
        short = _shape.count_words(block.text) <= MOST_CREDIT_WORDS
        return short and self.lines.marked(block.tokens[:4], "image_credit") and not _shape.is_sentence(block.text)

    def _by_markup(self, block: Block) -> Iterator[Label]:
        if _shape.count_words(block.text) > MOST_CAPTION_WORDS:
            return
        if self.lines.marked(block.tokens[:8], "caption"):
            yield Label(block.index, Reason.CAPTION, "caption-markup", SURE)

    def _by_neighbour(self, block: Block, blocks: Sequence[Block], credits: set[int]) -> Iterator[Label]:
        """Text: the line that touches a credit line, or stands next to it and speaks as captions do."""
        before, after = block.index - 1, block.index + 1
        touches = any(index in credits and _touch(block, blocks[index]) for index in (before, after) if 0 <= index < len(blocks))
        if touches:
            yield Label(block.index, Reason.CAPTION, "caption-touches-credit", SURE)
        elif before in credits or after in credits:
            if self.lines.speaks_as_caption(block.text):
                yield Label(block.index, Reason.CAPTION, "caption-beside-credit", SURE)
        elif self.lines.speaks_as_caption(block.text) and not _shape.QUOTED.search(block.text):
            yield Label(block.index, Reason.CAPTION, "caption-wording", HINT)


def _touch(block: Block, other: Block) -> bool:
    """Whether two blocks stand on adjacent lines of a text."""
    return block.line is not None and other.line is not None and abs(block.line - other.line) == 1
