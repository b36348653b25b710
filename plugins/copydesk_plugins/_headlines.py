"""Headlines as texts: when two are the same, and which lines of a scrape repeat its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copydesk import Block, Label, Reason, fold_text
from copydesk_plugins import _shape

SEPARATOR = re.compile(r" (?:[|–—·•»-]|::) | \| ?|: ")
NOT_WORD = re.compile(r"[\W_]")
LEAST_KEY = 12
SURE = 0.9
NEAR = 0.75
ALIKE = 0.85


def text_headlines(blocks: Sequence[Block], title: str) -> Iterator[Label]:
    """The lines equal to the first line, or to the first line without the site's name; that first line is then the page's title."""
    if not title:
        return
    parts = {key(part) for part in stems(title)}
    repeats = [block.index for block in blocks[1:] if len(key(block.text)) >= LEAST_KEY and key(block.text) in parts]
    if repeats and key(title) not in {key(blocks[index].text) for index in repeats}:
        yield Label(0, Reason.NAVIGATION, "page-title", SURE)
    else:
        yield Label(0, Reason.HEADLINE, "headline-first-line", SURE)
    for index in repeats:
        yield Label(index, Reason.HEADLINE, "headline-equals-title", SURE)
        if index != repeats[0] or key(title) == key(blocks[index].text):
            yield Label(index, Reason.DUPLICATE, "headline-repeat", NEAR)


def stems(title: str) -> list[str]:
    """The title without what stands before the first or behind the last separator."""
    cuts = [match.span() for match in SEPARATOR.finditer(title[:500])]
    parts = [title[:start] for start, _ in cuts] + [title[end:] for _, end in cuts]
    return [title, *(part for part in parts if _shape.count_words(part) >= 3)]


def key(text: str) -> str:
    """Letters and digits of a text, folded: what two spellings of one headline have in common."""
    return NOT_WORD.sub("", fold_text(text[:1000]))


def alike(left: str, right: str) -> bool:
    """Whether two headlines share most of their words (Dice coefficient at least `ALIKE`)."""
    first, second = set(fold_text(left).split()), set(fold_text(right).split())
    return 2 * len(first & second) >= ALIKE * (len(first) + len(second)) and len(first) > 2
