"""Finds the list of links below a heading that points to other stories ("More great stories", "Don't miss")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason
from copydesk_plugins.shared.phrases.rules import Rule
from copydesk_plugins.shared.prose import sentences

LIKELY = 0.7
"""Weight of the labels."""
MOST_HEADING = 8
"""Words of such a heading."""
LEAST_ITEMS = 3
"""Items of a list whose items merely hold links."""
MOST_ITEMS = 20
"""Items of a list that are looked at."""
LINKED = 0.5
"""Share of an item's characters in links, from which on it is a link."""


def below(document: Document, found: Mapping[int, Sequence[Rule]]) -> Iterator[Label]:
    """Labels on the items of a list directly below a line that a phrase for related stories hits.

    An item counts when at least half of it is a link. Three or more items that each hold a link count too, when no running text follows.
    """
    blocks = document.blocks
    for index, rules in found.items():
        if blocks[index].kind is BlockKind.LIST_ITEM or document.word_counts[index] > MOST_HEADING:
            continue
        if any(rule.reason == Reason.RELATED for rule in rules):
            items = _items(blocks, index + 1)
            ends = len(items) >= LEAST_ITEMS and not any(_runs(block, blocks[index]) for block in blocks[items[-1].index + 1:])
            for block in items:
                if ends or block.link_density >= LINKED:
                    yield Label(block.index, Reason.RELATED, "below-pointer", LIKELY)


def _items(blocks: Sequence[Block], start: int) -> list[Block]:
    """The list items from a block on that each hold a link."""
    found: list[Block] = []
    for block in blocks[start:start + MOST_ITEMS]:
        if block.kind is not BlockKind.LIST_ITEM or not block.hrefs:
            break
        found.append(block)
    return found


def _runs(block: Block, heading: Block) -> bool:
    """Whether a block is running text in the container of a heading."""
    return block.path[:-1] == heading.path[:-1] and block.kind is BlockKind.PARAGRAPH and sentences.is_sentence(block.text)
