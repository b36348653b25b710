"""HTML pages as the parser reads them."""

from __future__ import annotations

from copydesk import Block, Document, LimitSettings, Page
from copydesk.html.parser import parse


def read(source: str | bytes, **limits: int) -> Document:
    """The document of a page."""
    content = source.encode() if isinstance(source, str) else source
    return parse(Page(content), LimitSettings(**limits))


def texts(source: str) -> list[str]:
    """The texts of its blocks."""
    return [block.text for block in read(source).blocks]


def only(source: str) -> Block:
    """Its one block."""
    (block,) = read(source).blocks
    return block
