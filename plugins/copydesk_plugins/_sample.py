"""A page's running text, as much of it as telling the language takes."""

from __future__ import annotations

from copydesk import Block, Document

MOST_CHARACTERS = 2_000
LEAST_BLOCK = 60


def sample(document: Document) -> str:
    """The page's longest running text, bounded."""
    pieces: list[str] = []
    size = 0
    for block in document.blocks:
        if _is_running(block):
            pieces.append(block.text[:500])
            size += len(pieces[-1])
            if size >= MOST_CHARACTERS:
                break
    return " ".join(pieces)[:MOST_CHARACTERS]


def _is_running(block: Block) -> bool:
    return len(block.text) >= LEAST_BLOCK and block.link_density < 0.3
