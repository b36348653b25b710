"""Tells the shape of a block of text: whether it reads as running text, and what stands in quotation marks."""

from __future__ import annotations

import re
from math import exp

from copydesk import BlockKind, Document, words
from copydesk import count_words as count_words

SENTENCE_END = re.compile(r"[.!?…。！？।॥](?:[\"'”’»)\]]{0,3})$")
"""The end of a sentence at a text's end."""
INNER_END = re.compile(r"[a-z0-9%)”\"’][.!?](?:[\"'”’»)]{0,2}) [\"'“‘«(]?[A-ZÀ-Þ0-9]|[。！？]")
"""The end of a sentence with another behind it."""
QUOTED = re.compile(r"“[^”]{1,2000}”|„[^“”]{1,2000}[“”]|«[^»]{1,2000}»|\"[^\"]{1,2000}\"")
"""A quotation."""
ENOUGH_WORDS = 8
"""Words of a text that can be running text."""
NOT_TEXT = frozenset({BlockKind.TABLE_ROW, BlockKind.PREFORMATTED})
"""Kinds of block that never are running text."""
HEADLINE_WORDS = 40
"""Words of the longest headline."""
PROSE_WORDS = 12
"""Words of a text that is too long for a menu's line."""
PROSE_SHARE = 0.6
"""Share of the words of such a text that begin in lower case."""
_CERTAIN = 30.0
"""Log odds below minus this are a probability of 0; ``exp`` could overflow."""
_LAST = 6
"""Characters at a text's end within which `SENTENCE_END` matches."""
_LEAST_CLOSED = 3
"""Words of a text that can be a sentence by its end alone."""


def is_sentence(text: str) -> bool:
    """Whether a text reads as running text: it has enough words, and a sentence ends at its end or inside of it."""
    return count_words(text) >= ENOUGH_WORDS and _ends(text)


def sentences(document: Document) -> tuple[bool, ...]:
    """Whether each block of a document reads as running text (`is_sentence`). Call it as ``document.once(sentences)``."""
    return tuple([count >= ENOUGH_WORDS and _ends(block.text) for block, count in zip(document.blocks, document.word_counts, strict=True)])


def _ends(text: str) -> bool:
    return bool(SENTENCE_END.search(text[-_LAST:]) or INNER_END.search(text))


def ends_sentence(text: str) -> bool:
    """Whether a text of three words or more ends as a sentence does."""
    return bool(SENTENCE_END.search(text[-_LAST:])) and count_words(text) >= _LEAST_CLOSED


def reads_as_prose(text: str) -> bool:
    """Whether a text reads as a paragraph that was cut off, or that lacks its full stop.

    It is long for a line of a menu, and most of its words begin in lower case (or its script has no case).

    >>> reads_as_prose("The crews of the ferries left their ships on Friday, and the union said that they would not return until")
    True
    """
    found = words(text)
    cased = [word for word in found if word[0].isalpha() and word[0].lower() != word[0].upper()]
    return count_words(text) >= PROSE_WORDS and sum(word[0].islower() for word in cased) >= PROSE_SHARE * len(cased)


def is_headline(text: str) -> bool:
    """Whether a text could be a headline: it has 2 to 40 words, no full stop at its end, and at most one sentence ends inside of it.

    >>> is_headline("Ferry crews vote to strike. Will anyone notice?"), is_headline("It rained. Then it snowed. All were wet.")
    (True, False)
    """
    if not 2 <= count_words(text) <= HEADLINE_WORDS:
        return False
    return not (text.endswith((".", "…", ",", ";")) and not text.endswith(("...", "U.S."))) and len(INNER_END.findall(text)) < 2


def without_quotations(text: str) -> str:
    """The text with quotations blanked out, which leaves the writer's own voice. Places in the text stay the same."""
    if not ("\"" in text or "“" in text or "«" in text or "„" in text):
        return text
    return QUOTED.sub(lambda match: " " * len(match.group()), text)


def chance(odds: float) -> float:
    """The probability, 0 to 1, that log odds stand for."""
    return 1.0 / (1.0 + exp(-odds)) if odds > -_CERTAIN else 0.0
