"""Compares headlines as texts, and finds the lines of a plain-text scrape that are or repeat its headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copydesk import Block, Label, Reason, fold_text
from copydesk_plugins.shared.lines.lines import Lines
from copydesk_plugins.shared.prose import sentences

SEPARATOR = re.compile(r" (?:[|–—·•»-]|::) | \| ?|: ")
"""What stands between a headline and the name of a site or section in a page's title."""
NOT_WORD = re.compile(r"[\W_]")
"""Characters that do not count when headlines are compared."""
LEAST_KEY = 12
"""Letters and digits of a line that can repeat the title: shorter ones repeat it by chance."""
LEAST_WORDS = 4
"""Words of a headline that a menu's entries do not have."""
LONG = 20
"""Words of the passage with which the text begins."""
MOST_BELOW = 8
"""Lines above the text among which its headline is looked for."""
SURE = 0.9
"""Weight of a headline, and of a page's title."""
NEAR = 0.75
"""Weight of a repeated headline."""
ALIKE = 0.85
"""The share of their words that two like headlines have in common."""
MOST_TITLE = 500
"""Characters of a title in which separators are looked for."""
LEAST_STEM = 3
"""Words of a part of a title that can be a headline."""
MOST_KEY = 1000
"""Characters of a text that is compared."""


def scrape_headlines(blocks: Sequence[Block], title: str, lines: Lines) -> Iterator[Label]:
    """Label the headline of a plain-text scrape.

    A text with a title has its headline there. Else the headline is the line that reads as one, right above the text and its bylines and
    dates.
    """
    if title and not is_furniture(title, lines):
        yield from text_headlines(blocks, title)
        return
    head = _untitled_head(blocks, lines)
    if head is not None:
        yield Label(head, Reason.HEADLINE, "headline-above-text", SURE)


def _untitled_head(blocks: Sequence[Block], lines: Lines) -> int | None:
    """The index of the headline of a text without a title; None when no line can be it."""
    text = first_text(blocks, lines)
    above = blocks[max(0, text - MOST_BELOW):text]
    candidates = [block.index for block in above if sentences.is_headline(block.text) and not is_furniture(block.text, lines)]
    named = [index for index in candidates if lines.is_lone_name(blocks[index].text) or lines.is_role(blocks[index].text)]
    candidates = [index for index in candidates if index not in named] or candidates[:1]
    if candidates and candidates[0] == 0 and (len(candidates) == 1 or _is_headed(blocks, lines)):
        return 0
    long = [index for index in candidates if sentences.count_words(blocks[index].text) >= LEAST_WORDS]
    unbroken = long[-1:]
    for index in reversed(long[:-1]):
        if any(between in candidates and between not in long for between in range(index, unbroken[0])):
            break  # a menu's words stand between the two
        unbroken = [index]
    return next(iter(unbroken), candidates[-1] if len(candidates) == 1 else None)


def _is_headed(blocks: Sequence[Block], lines: Lines) -> bool:
    """Whether a byline or running text directly follows the first line. Then two or three words are a headline and no menu."""
    following = blocks[1].text if len(blocks) > 1 else ""
    return lines.is_byline(following) or lines.is_byline_opening(following) or sentences.is_sentence(following)


def first_text(blocks: Sequence[Block], lines: Lines) -> int:
    """The index of the first long passage of running text that is no byline, credit or caption; 0 when there is none."""
    return next((block.index for block in blocks if sentences.is_sentence(block.text) and sentences.count_words(block.text) >= LONG
                 and not is_furniture(block.text, lines)), 0)


def is_furniture(text: str, lines: Lines) -> bool:
    """Whether a line is a byline, a date, an image credit or a caption that ends in one."""
    names = lines.is_byline(text) or lines.is_byline_opening(text) or lines.is_date(text)
    return names or lines.is_image_credit(text) or lines.ends_with_image_credit(text)


def text_headlines(blocks: Sequence[Block], title: str) -> Iterator[Label]:
    """Label the first line, and the lines that repeat it.

    A line may repeat the first line without the site's name. Then the first line is the page's title, and that line the headline.
    """
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
    """The title, and its parts before and behind each separator that have `LEAST_STEM` words or more."""
    cuts = [match.span() for match in SEPARATOR.finditer(title[:MOST_TITLE])]
    parts = [title[:start] for start, _ in cuts] + [title[end:] for _, end in cuts]
    return [title, *(part for part in parts if sentences.count_words(part) >= LEAST_STEM)]


def key(text: str) -> str:
    """The letters and digits of a text, folded. Two spellings of one headline have them in common."""
    return NOT_WORD.sub("", fold_text(text[:MOST_KEY]))


def alike(left: str, right: str) -> bool:
    """Whether two headlines share most of their words (Dice coefficient at least `ALIKE`)."""
    first, second = set(fold_text(left).split()), set(fold_text(right).split())
    return 2 * len(first & second) >= ALIKE * (len(first) + len(second)) and len(first) > 2
