"""What stands below a heading that points to other stories ("More great stories", "Don't miss"): a list of links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason
from copydesk_plugins.shared.phrases.rules import Rule
from copydesk_plugins.shared.prose import sentences

LIKELY = 0.7
MOST_HEADING = 8
LEAST_ITEMS = 3
MOST_ITEMS = 20
LINKED = 0.5


def below(document: Document, found: Mapping[int, Sequence[Rule]]) -> Iterator[Label]:
    """Labels on the items of a list of links directly below a line that a phrase for related stories hits.

    Items that are links by half are one; three and more that hold a link each are another where no running text comes after them.
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
    """The list items from a block on that hold a link each."""
    found: list[Block] = []
    for block in blocks[start:start + MOST_ITEMS]:
        if block.kind is not BlockKind.LIST_ITEM or not block.hrefs:
            break
        found.append(block)
    return found


def _runs(block: Block, heading: Block) -> bool:
    """Whether a block is running text in the container of a heading."""
    return block.path[:-1] == heading.path[:-1] and block.kind is BlockKind.PARAGRAPH and sentences.is_sentence(block.text)
