"""Join the text of neighbouring nodes to blocks."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from copydesk.errors import refusal
from copydesk.html.elements import APART, BLOCK, OpenElement, Words, complete_tokens, tag_named
from copydesk.model.document import Block, BlockKind
from copydesk.model.frozen import slot_setters
from copydesk.settings.schema import LimitSettings
from copydesk.text.strings import normalise

_PREFORMATTED = BlockKind.PREFORMATTED
_PARAGRAPH = tag_named("p")
_BLANK_LINES = re.compile(r"\n[ \t\r]{0,200}\n")


class BlockMaker:
    """Gathers pieces of text and ends blocks. The walk over the tree calls it and sets its public counters.

    Attributes:
        blocks: the blocks made so far.
        holders: for each block, the innermost element that holds all of it.
        pieces: the pieces of text of the current block.
        links: how many links are open.
        bolds: how many bold elements are open.
        breaks: how many line breaks follow each other directly.
        cell: whether a table cell began since the last piece.
        gap: the inline element that ended or began since the last piece and sets the next piece apart; empty for none.
        lowest: the least depth that the walk reached since the last piece.
    """

    # _first is the innermost element at the first piece of the current block; its ancestor at the depth _common holds the whole block.
    # _size, _linked and _plain count the characters of the current block: all of them, those in links, those not in bold.

    __slots__ = ("_common", "_first", "_hrefs", "_limit", "_linked", "_plain", "_size", "_words", "blocks", "bolds", "breaks", "cell",
                 "gap", "holders", "links", "lowest", "pieces")

    def __init__(self, limits: LimitSettings) -> None:
        self._limit = limits.blocks
        self.blocks: list[Block] = []
        self.holders: list[LexborNode] = []
        self.pieces: list[str] = []
        self.links = self.bolds = self.breaks = 0
        self.cell = False
        self.gap = ""
        self._first: OpenElement
        self._words = Words()
        self._hrefs: dict[str, None] = {}
        self._size = self._linked = self._plain = self._common = self.lowest = 0

    def add(self, text: str, element: OpenElement) -> None:
        """Add the text of one text node of an element."""
        size = len(text.strip())
        if not size or (element.maker.kind is _PREFORMATTED and _BLANK_LINES.search(text)):
            self._add_parts(text, element)
            return
        pieces, depth = self.pieces, element.depth
        if pieces:
            if self.cell or self.gap:
                self._part(text)
            if self.lowest < self._common:
                self._common = self.lowest
            if depth < self._common:
                self._common = depth
            self._size += size
        else:
            self._first, self._common, self._hrefs = element, depth, {}
            self._size, self._linked, self._plain = size, 0, 0
        self.lowest = depth
        pieces.append(text)
        if self.links:
            self._linked += size
            if element.href:
                self._hrefs[element.href] = None
        if not self.bolds:
            self._plain += size
        self.cell, self.gap, self.breaks = False, "", 0

    def _part(self, text: str) -> None:
        """Add what separates the next piece from the last one, when a cell or a separate element begins."""
        if self.cell:
            self.pieces.append(" | ")
        elif self.gap in APART or not text[0].islower():
            self.pieces.append(" ")

    def _add_parts(self, text: str, element: OpenElement) -> None:
        """Add white space, or preformatted text, in which blank lines end blocks."""
        if not text or text.isspace():
            if text and self.pieces:
                self.pieces.append(" ")
            return
        for number, part in enumerate(_BLANK_LINES.split(text)):
            if number:
                self.flush()
            if part and not part.isspace():
                self.add(part, element)

    def since(self, start: int) -> str:
        """The text that was added since the current block had ``start`` pieces."""
        return normalise("".join(self.pieces[start:]))

    def complete_tokens(self, element: OpenElement) -> None:
        """Compute the path and the tokens of an element."""
        complete_tokens(element, self._words)

    def line_break(self, element: OpenElement) -> None:
        """Handle a ``<br>`` in an element: the second one in a row ends a paragraph."""
        self.breaks += 1
        if self.breaks < 2:
            if self.pieces:
                self.pieces.append(" ")
            return
        while True:
            if element.maker.kind in (BlockKind.OTHER, BlockKind.TABLE_ROW):
                element.maker = _PARAGRAPH
            if element.tag.role == BLOCK or element.depth == 1:
                break
            element = element.parent
        self.flush()

    def flush(self) -> None:
        """End the current block, if there is one.

        Raises:
            PageError: the page has too many blocks (``limit_blocks``).
        """
        self.breaks = 0
        if not self.pieces:
            return
        text = normalise("".join(self.pieces))
        self.pieces = []
        if not text:
            return
        if len(self.blocks) >= self._limit:
            raise refusal("blocks", f"over {self._limit} blocks of text")
        self.blocks.append(self._block(text))

    def _block(self, text: str) -> Block:
        """Make the current block."""
        element = self._first
        while element.depth > self._common:
            element = element.parent
        if element.path is None:
            complete_tokens(element, self._words)
        self.holders.append(element.node)
        own, around = element.own, element
        while around.tag.role != BLOCK and around.depth > 1:
            around = around.parent
            own += around.own
        linked, maker = self._linked, element.maker
        density = 0.0 if not linked else 1.0 if linked == self._size else round(linked / self._size, 3)
        made = object.__new__(Block)
        _set_index(made, len(self.blocks))
        _set_kind(made, maker.kind)
        _set_text(made, text)
        _set_path(made, element.path or ())
        _set_tokens(made, element.tokens)
        _set_own_tokens(made, own)
        _set_link_density(made, density)
        _set_hrefs(made, tuple(self._hrefs))
        _set_level(made, maker.level)
        _set_bold(made, not self._plain)
        _set_line(made, None)
        return made


(_set_index, _set_kind, _set_text, _set_path, _set_tokens, _set_own_tokens, _set_link_density, _set_hrefs, _set_level, _set_bold,
 _set_line) = slot_setters(Block)
