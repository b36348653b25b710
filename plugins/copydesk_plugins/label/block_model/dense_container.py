"""Finds a page's text when nothing better does: long paragraphs with few links, in the container that most of them share."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk import Block, BlockKind
from copydesk_plugins.shared.prose.sentences import count_words

_LONG = 15
"""Words of a long paragraph."""
_LINKED = 0.4
"""Share of a block's characters in links, from which on it is no text."""


def body_blocks(blocks: Sequence[Block]) -> frozenset[int]:
    """Indices of the blocks that look like an article's text; empty when there are no long paragraphs.

    Tag path and class words identify a container. The best one has the most words in long paragraphs. These are returned, with the
    paragraphs, headings, list items and quotes between them.
    """
    lengths = [count_words(block.text) if block.link_density < _LINKED else 0 for block in blocks]
    totals: dict[tuple[object, ...], int] = {}
    for block, length in zip(blocks, lengths, strict=True):
        if length >= _LONG and "hidden" not in block.tokens:
            key = _container(block)
            totals[key] = totals.get(key, 0) + length
    if not totals:
        return frozenset()
    best = max(totals, key=totals.__getitem__)
    long = [block.index for block, length in zip(blocks, lengths, strict=True) if length >= _LONG and _container(block) == best]
    between = blocks[long[0] : long[-1] + 1]
    return frozenset(long) | {block.index for block in between if block.link_density < _LINKED and block.kind is not BlockKind.OTHER}


def _container(block: Block) -> tuple[object, ...]:
    outer = block.path[:-1] if block.kind is not BlockKind.OTHER else block.path
    return (outer, block.tokens[len(block.own_tokens) :])
