"""What stands below a heading that points to other stories ("More great stories", "Don't miss"): a list of links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason
from copydesk_plugins import _shape
from copydesk_plugins._phrases import Rule

LIKELY = 0.7
MOST_HEADING = 8
MOST_ITEMS = 20


def below(document: Document, found: Mapping[int, Sequence[Rule]]) -> Iterator[Label]:
    """Labels on list items that hold a link each, directly below a line that a phrase for related stories hits."""
    blocks = document.blocks
    for index, rules in found.items():
        if _shape.count_words(blocks[index].text) <= MOST_HEADING and any(rule.reason == Reason.RELATED for rule in rules):
            for block in _items(blocks, index + 1):
                yield Label(block.index, Reason.RELATED, "below-pointer", LIKELY)


def _items(blocks: Sequence[Block], start: int) -> Iterator[Block]:
    for block in blocks[start:start + MOST_ITEMS]:
        if block.kind is not BlockKind.LIST_ITEM or not block.hrefs:
            return
        yield block
