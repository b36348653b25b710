"""Makes the blocks of a plain-text scrape: lines, or paragraphs of joined lines where the text was hard-wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from copydesk import Block, BlockKind, Document, MediaType, Page, PageError, PluginSettings, Status, decode, hookimpl, normalise
from copydesk_plugins.shared.prose import sentences

BULLET = re.compile(r"(?:[•‣◦▪●∙·*–—-])[ \t]{1,20}(?=[^\s•*·_—–-])")
"""The bullet of a list item."""
MOST_WRAP_WIDTH = 130
"""Characters of the widest column at which texts are hard-wrapped."""
LEAST_WRAP_WIDTH = 40
"""Characters of the narrowest such column."""
MENU_WORDS = 3
"""Words of a line that may be a menu's."""
WRAPPED_SHARE = 0.5
"""Share of a text's line breaks that must be wraps inside a sentence."""
EXPLAINED_SHARE = 0.8
"""Share of its line breaks that must be wraps or ends of sentences."""
MOST_BLOCKS = 50_000
"""Blocks of a page when the settings say nothing."""
LAST = 6
"""Characters at a line's end within which a sentence's end is looked for."""
RAGGED = 10
"""One part in so many of the width may stay free at a line's end."""

Line = tuple[int, str]


class Plugin:
    """Makes the document of a plain-text page."""

    class Settings(PluginSettings):
        """``[plugins.extract_text]``: a page with more blocks than ``blocks`` is quarantined."""

        blocks: int = MOST_BLOCKS

    def __init__(self, settings: Settings) -> None:
        self.most_blocks = settings.blocks

    @hookimpl
    def extract(self, page: Page) -> Document | None:
        """The document of a text page; None for other kinds of page."""
        if page.media_type is not MediaType.TEXT:
            return None
        decoded = decode(page.content, page.charset)
        blocks = make_blocks(decoded.text)
        if len(blocks) > self.most_blocks:
            raise PageError("gate", "limit_blocks", f"{len(blocks)} blocks, the limit is {self.most_blocks}", Status.QUARANTINED)
        return Document(
            page=page, blocks=blocks, text=decoded.text, charset=decoded.charset, replacements=decoded.replacements,
            title=title(blocks), site=page.site)


def make_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text, numbered from 0, each with the line (from 1) on which it begins."""
    made = (_block(line, joined) for line, joined in _paragraphs(text))
    return tuple(Block(index, kind, joined, line=line)
                 for index, (line, kind, joined) in enumerate(found for found in made if found[2]))


def title(blocks: tuple[Block, ...]) -> str:
    """The first block when it reads as a headline, else an empty string. Two or three words may be a menu's; then text must follow."""
    if not blocks or not sentences.is_headline(blocks[0].text):
        return ""
    follows_text = len(blocks) > 1 and sentences.is_sentence(blocks[1].text)
    return blocks[0].text if follows_text or sentences.count_words(blocks[0].text) > MENU_WORDS else ""


def _block(line: int, text: str) -> tuple[int, BlockKind, str]:
    bullet = BULLET.match(text)
    if bullet:
        return line, BlockKind.LIST_ITEM, normalise(text[bullet.end():])
    return line, BlockKind.PARAGRAPH, normalise(text)


def _paragraphs(text: str) -> Iterator[Line]:
    chunks = list(_chunks(text))
    width = wrap_width(chunks)
    for chunk in chunks:
        yield from _joined(chunk, width) if width else chunk


def _chunks(text: str) -> Iterator[list[Line]]:
    """Runs of lines that are not blank."""
    chunk: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped:
            chunk.append((number, stripped))
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def wrap_width(chunks: list[list[Line]]) -> int:
    """The column at which a text was hard-wrapped, 0 when it was not.

    A break is a wrap when the next line's first word would have passed the width (the longest line). All wrapping editors follow this
    greedy rule. Half of the breaks must be wraps inside a sentence, and most others ends of paragraphs.
    """
    breaks = [(upper, lower) for chunk in chunks for (_, upper), (_, lower) in pairwise(chunk)]
    width = max((len(line) for chunk in chunks for _, line in chunk), default=0)
    if len(breaks) < 2 or not LEAST_WRAP_WIDTH <= width <= MOST_WRAP_WIDTH:
        return 0
    wraps = sum(_is_wrap(upper, lower, width) and not sentences.SENTENCE_END.search(upper[-LAST:]) for upper, lower in breaks)
    explained = sum(_is_wrap(upper, lower, width) or bool(sentences.SENTENCE_END.search(upper[-LAST:])) for upper, lower in breaks)
    return width if wraps >= WRAPPED_SHARE * len(breaks) and explained >= EXPLAINED_SHARE * len(breaks) else 0


def _is_wrap(upper: str, lower: str, width: int) -> bool:
    """Whether the lower line's first word did not fit on the upper line. A tenth of the width may stay free, for ragged text."""
    return len(upper) + 1 + len(lower.split(maxsplit=1)[0]) > width - width // RAGGED


def _joined(chunk: list[Line], width: int) -> Iterator[Line]:
    start, parts = chunk[0][0], [chunk[0][1]]
    for (_, upper), (number, lower) in pairwise(chunk):
        if _is_wrap(upper, lower, width) and not BULLET.match(lower):
            parts.append(lower)
        else:
            yield start, " ".join(parts)
            start, parts = number, [lower]
    yield start, " ".join(parts)
