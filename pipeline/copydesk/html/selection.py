"""Which of a page's blocks, and which parts of them, stand in the elements that a CSS selector finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copydesk.model.document import Document, nodes_of
from copydesk.text.strings import normalise

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def blocks_in(document: Document, selector: str) -> tuple[int, ...]:
    """The indices of the blocks that stand in matching elements, in order; none for plain text.

    A block of which such an element holds a part only is none of them: see `spans_in`.

    Raises:
        ValueError: the selector is not valid CSS.
    """
    known = {node.mem_id: True for node in nodes_of(document, selector)}
    return tuple(index for index, holder in enumerate(document.holders) if _is_within(holder, known)) if known else ()


def spans_in(document: Document, selector: str) -> tuple[tuple[int, int, int], ...]:
    """The parts of blocks that matching elements hold, where those hold no whole block: index, start, end (characters), in order.

    Elements whose text stands more than once in their block are left out: which one it is, the text does not say.

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
    """Whether an element or one around it is known to be within; what is found out on the way becomes known."""
    passed: list[int] = []
    at: LexborNode | None = node
    while at is not None and at.mem_id not in known:
        passed.append(at.mem_id)
        at = at.parent
    within = at is not None and known[at.mem_id]
    known.update(dict.fromkeys(passed, within))
    return within
