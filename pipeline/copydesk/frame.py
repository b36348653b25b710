"""The frame of a page: rows of links, told by their links alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copydesk.documents import Block

LINKED = 0.9
MOST_BLANKS = 20
LEAST_RUN = 4


def frame_of(blocks: Sequence[Block]) -> frozenset[int]:
    """Indices of the blocks in rows of four or more short ones that are nothing but links: menus, lists of stories, tags.

    No running text stands there. The names and the date below a headline may, where each of them is a link.
    """
    found: list[int] = []
    run: list[int] = []
    for block in blocks:
        if block.link_density >= LINKED and block.text.count(" ") < MOST_BLANKS:
            run.append(block.index)
        elif run:
            found += _long(run)
            run = []
    return frozenset([*found, *_long(run)])


def _long(run: list[int]) -> Iterable[int]:
    return run if len(run) >= LEAST_RUN else ()
