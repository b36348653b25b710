"""Where a page's main headline stands: names and dates near it are the story's, those elsewhere belong to others."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk import Block, Document, Label, Reason
from copydesk_plugins.shared.lines.headlines import alike, key
from copydesk_plugins.shared.lines.label_summary import summary_of
from copydesk_plugins.shared.prose.sentences import is_sentence

LEAST_LETTERS = 12
DEEPEST = 3
LONG = 20
MOST_ABOVE = 40


def main_heading(document: Document) -> Block | None:
    """The heading that says the page's title, else the first one of level 1; None when there is neither. Ask by ``document.once``."""
    headings = [block for block in document.headings if block.level <= DEEPEST and "hidden" not in block.tokens]
    titles = [key(title) for title in (document.title, document.first_meta("og:title") or "") if title]
    told = [block for block in headings if len(own := key(block.text)) >= LEAST_LETTERS and any(own in title for title in titles)]
    first = [block for block in headings if block.level == 1]
    return next((block for block in (*(block for block in told if block.level == 1), *(told[:1] or first[:1]))), None)


def above_text(document: Document, labels: tuple[Label, ...]) -> int | None:
    """In a plain-text scrape: the last line labelled headline before the article's first long paragraph, else that paragraph."""
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
    return next((index for index in sorted(inside) if len(blocks[index].text.split()) >= LONG and is_sentence(blocks[index].text)),
                min(inside, default=None))
