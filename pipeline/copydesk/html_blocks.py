"""Text pieces to blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from copydesk import gate
from copydesk.html_elements import APART, OpenElement
from copydesk.model import Block, BlockKind
from copydesk.settings import LimitSettings
from copydesk.text import normalise

_BLANK_LINES = re.compile(r"\n[ \t\r]{0,200}\n")
_OUTER = frozenset({"html", "body"})


@dataclass(slots=True)
class _Buffer:
    """The text of a block in the making, and what is known about it.

    ``around`` are the elements open at its first piece; the first ``common`` of them hold all of it. ``lowest`` is the
    least depth since the last piece; ``size``, ``linked`` and ``plain`` count characters: all, in links, not in bold.
    """

    pieces: list[str] = field(default_factory=list)
    around: list[OpenElement] = field(default_factory=list)
    hrefs: dict[str, None] = field(default_factory=dict)
    size: int = 0
    linked: int = 0
    plain: int = 0
    common: int = 0
    lowest: int = 0


class BlockMaker:
    """Gathers text and ends blocks. The walk keeps ``stack``, the open elements, and counts open ``links`` and ``bolds`` here."""

    def __init__(self, limits: LimitSettings) -> None:
        self.limits = limits
        self.blocks: list[Block] = []
        self.stack: list[OpenElement] = []
        self.buffer = _Buffer()
        self.links = self.bolds = 0
        self.cell = False
        self.gap = ""
        self._breaks = 0

    def add(self, text: str) -> None:
        """Take in the text of one text node."""
        if not text:
            return
        if text.isspace():
            if self.buffer.pieces:
                self.buffer.pieces.append(" ")
        elif self.stack[-1].kind is BlockKind.PREFORMATTED and "\n" in text:
            first, *rest = _BLANK_LINES.split(text)
            self._add(first)
            for part in rest:
                self.flush()
                self._add(part)
        else:
            self._add(text)

    def _add(self, text: str) -> None:
        if not text or text.isspace():
            return
        buffer, depth = self.buffer, len(self.stack)
        if buffer.pieces:
            if self.cell:
                buffer.pieces.append(" | ")
            elif self.gap and (self.gap in APART or not text[0].islower()):
                buffer.pieces.append(" ")
            buffer.common = min(buffer.common, buffer.lowest, depth)
        else:
            buffer.common, buffer.around = depth, self.stack.copy()
        buffer.lowest = depth
        buffer.pieces.append(text)
        self._count(buffer, len(text.strip()))
        self.cell, self.gap, self._breaks = False, "", 0

    def _count(self, buffer: _Buffer, size: int) -> None:
        buffer.size += size
        if self.links:
            buffer.linked += size
            href = next((opened.href for opened in reversed(self.stack) if opened.href is not None), None)
            if href:
                buffer.hrefs[href] = None
        if not self.bolds:
            buffer.plain += size

    def left(self) -> None:
        """An inline element was closed."""
        self.buffer.lowest = min(self.buffer.lowest, len(self.stack))

    def since(self, start: int) -> str:
        """The text gathered since the buffer had ``start`` pieces."""
        return normalise("".join(self.buffer.pieces[start:]))

    def line_break(self) -> None:
        """A ``<br>``: the second in a row ends a paragraph."""
        self._breaks += 1
        if self._breaks < 2:
            if self.buffer.pieces:
                self.buffer.pieces.append(" ")
            return
        for opened in reversed(self.stack):
            if opened.kind in (BlockKind.OTHER, BlockKind.TABLE_ROW):
                opened.kind = BlockKind.PARAGRAPH
            if opened.is_block:
                break
        self.flush()

    def flush(self) -> None:
        """End the block in the making, if there is one."""
        self.cell, self.gap, self._breaks = False, "", 0
        buffer = self.buffer
        if not buffer.pieces:
            return
        self.buffer = _Buffer()
        text = normalise("".join(buffer.pieces))
        if not text:
            return
        if len(self.blocks) >= self.limits.blocks:
            raise gate.refusal("blocks", f"over {self.limits.blocks} blocks of text")
        self.blocks.append(_block(len(self.blocks), text, buffer))


def _block(index: int, text: str, buffer: _Buffer) -> Block:
    around = buffer.around[: buffer.common]
    element = around[-1]
    own: list[str] = []
    for opened in reversed(around):
        own += opened.own
        if opened.is_block:
            break
    return Block(
        index=index, kind=element.kind, text=text, path=tuple([opened.tag for opened in around if opened.tag not in _OUTER]),
        tokens=element.tokens, own_tokens=tuple(own), link_density=round(buffer.linked / buffer.size, 3),
        hrefs=tuple(buffer.hrefs), level=element.level, bold=not buffer.plain)
