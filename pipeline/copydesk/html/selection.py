"""Find the blocks of a page, and the parts of blocks, that stand in elements that match a CSS selector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.model.document import Document, nodes_of
from copydesk.text.strings import normalise

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def blocks_in(document: Document, selector: str) -> tuple[int, ...]:
    """The indices of the blocks that matching elements hold whole, in order. Plain text has none.

    `spans_in` finds the blocks of which a matching element holds only a part.

    Raises:
        ValueError: the selector is not valid CSS.
    """
    known = {node.mem_id: True for node in nodes_of(document, selector)}
    return tuple(index for index, holder in enumerate(document.holders) if _is_within(holder, known)) if known else ()


def spans_in(document: Document, selector: str) -> tuple[tuple[int, int, int], ...]:
    """The parts of blocks that matching elements hold, in order. Elements that hold a whole block are left out.

    An element whose text stands more than once in its block is left out too, because the text does not say which part it is.

    Returns:
        For each part the index of the block, its first code point, and the code point behind it.

    Raises:
        ValueError: the selector is not valid CSS.
    """
    matched = {node.mem_id for node in nodes_of(document, selector)}
    found = set()
    for index, node, _ in document.elements if matched else ():
        if node.mem_id in matched and index < len(document.blocks):
            text, part = document.blocks[index].text, normalise(node.text(separator=""))
            if part and part != text and text.count(part) == 1:
                found.add((index, text.index(part), text.index(part) + len(part)))
    return tuple(sorted(found))


def _is_within(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether a node or one of its ancestors matches. ``known`` has the answers by node id; the function adds the nodes it looks at."""
    passed: list[int] = []
    at: LexborNode | None = node
    while at is not None and at.mem_id not in known:
        passed.append(at.mem_id)
        at = at.parent
    within = at is not None and known[at.mem_id]
    known.update(dict.fromkeys(passed, within))
    return within
