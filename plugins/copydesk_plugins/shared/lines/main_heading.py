"""Finds a page's main headline. Names and dates near it are the story's; those elsewhere may belong to other stories."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk import Block, Document, Label, Reason
from copydesk_plugins.shared.lines.headlines import alike, key
from copydesk_plugins.shared.lines.label_summary import summary_of
from copydesk_plugins.shared.prose.sentences import is_sentence

LEAST_LETTERS = 12
"""Letters and digits of a heading that repeats the title: a shorter one repeats it by chance."""
DEEPEST = 3
"""The lowest level of a heading that can be the main headline."""
LONG = 20
"""Words of the paragraph with which an article begins."""
MOST_ABOVE = 40
"""Lines above the text among which its headline is looked for."""


def main_heading(document: Document) -> Block | None:
    """The heading that repeats the page's title, else the first one of level 1; None when there is neither.

    Call it through ``document.once``.
    """
    headings = [block for block in document.headings if block.level <= DEEPEST and "hidden" not in block.tokens]
    titles = [key(title) for title in (document.title, document.first_meta("og:title") or "") if title]
    told = [block for block in headings if len(own := key(block.text)) >= LEAST_LETTERS and any(own in title for title in titles)]
    first = [block for block in headings if block.level == 1]
    return next((block for block in (*(block for block in told if block.level == 1), *(told[:1] or first[:1]))), None)


def above_text(document: Document, labels: tuple[Label, ...]) -> int | None:
    """The block below which the bylines and dates of a plain-text scrape stand; None when there is none.

    That is the last line labelled as headline before the article's first long paragraph. Without one it is a line above that repeats the
    title, and without that the paragraph itself.
    """
    inside = summary_of(document, labels).inside
    first = _first_long(document.blocks, inside)
    if first is None:
        title = key(document.title)
        return next((block.index for block in document.blocks[1:] if len(block.text) >= LEAST_LETTERS and key(block.text) in title), None)
    heads = [label.block for label in labels if label.reason == Reason.HEADLINE and label.start is None and 0 < label.block < first]
    if heads:
        return max(heads)
    title = key(document.title)
    above = (block for block in reversed(document.blocks[max(1, first - MOST_ABOVE):first]) if len(block.text) >= LEAST_LETTERS)
    return next((block.index for block in above if key(block.text) in title or alike(block.text, document.title)), first)


def _first_long(blocks: Sequence[Block], inside: frozenset[int]) -> int | None:
    """The index of the article's first long paragraph; of its first block when none is long; None without an article."""
    return next((index for index in sorted(inside) if len(blocks[index].text.split()) >= LONG and is_sentence(blocks[index].text)),
                min(inside, default=None))
