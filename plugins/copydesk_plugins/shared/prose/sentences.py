"""The shape of a block of text: sentence or scrap, how many words, what stands in quotation marks."""

from __future__ import annotations

import re
from math import exp

from copydesk import BlockKind, Document, words
from copydesk import count_words as count_words

SENTENCE_END = re.compile(r"[.!?…。！？।॥](?:[\"'”’»)\]]{0,3})$")
INNER_END = re.compile(r"[a-z0-9%)”\"’][.!?](?:[\"'”’»)]{0,2}) [\"'“‘«(]?[A-ZÀ-Þ0-9]|[。！？]")
QUOTED = re.compile(r"“[^”]{1,2000}”|„[^“”]{1,2000}[“”]|«[^»]{1,2000}»|\"[^\"]{1,2000}\"")
ENOUGH_WORDS = 8
NOT_TEXT = frozenset({BlockKind.TABLE_ROW, BlockKind.PREFORMATTED})
HEADLINE_WORDS = 40
PROSE_WORDS = 12
PROSE_SHARE = 0.6
_CERTAIN = 30.0


def is_sentence(text: str) -> bool:
    """Whether a text reads as running text: enough words, and a sentence ends at its end or inside it."""
    return count_words(text) >= ENOUGH_WORDS and _ends(text)


def sentences(document: Document) -> tuple[bool, ...]:
    """Whether each block of a document reads as running text (`is_sentence`). Ask by ``document.once(sentences)``."""
    return tuple([count >= ENOUGH_WORDS and _ends(block.text) for block, count in zip(document.blocks, document.word_counts, strict=True)])


def _ends(text: str) -> bool:
    return bool(SENTENCE_END.search(text[-6:]) or INNER_END.search(text))


def ends_sentence(text: str) -> bool:
    """Whether a text of three words or more ends as a sentence does."""
    return bool(SENTENCE_END.search(text[-6:])) and count_words(text) >= 3


def reads_as_prose(text: str) -> bool:
    """Whether a text is long for a line of a menu, and most of its words are in lower case (or its script has no case): a paragraph
    that was cut off, or that lacks its full stop.

    >>> reads_as_prose("The crews of the ferries left their ships on Friday, and the union said that they would not return until")
    True
    """
    found = words(text)
    cased = [word for word in found if word[0].isalpha() and word[0].lower() != word[0].upper()]
    return count_words(text) >= PROSE_WORDS and sum(word[0].islower() for word in cased) >= PROSE_SHARE * len(cased)


def is_headline(text: str) -> bool:
    """Whether a text could be a headline: 2 to 40 words, and no sentence ends inside it followed by another one's end.

    >>> is_headline("Ferry crews vote to strike. Will anyone notice?"), is_headline("It rained. Then it snowed. All were wet.")
    (True, False)
    """
    if not 2 <= count_words(text) <= HEADLINE_WORDS:
        return False
    return not (text.endswith((".", "…", ",", ";")) and not text.endswith(("...", "U.S."))) and len(INNER_END.findall(text)) < 2


def without_quotations(text: str) -> str:
    """The text with everything in quotation marks blanked out: what the writer says in their own voice."""
    if not ("\"" in text or "“" in text or "«" in text or "„" in text):
        return text
    return QUOTED.sub(lambda match: " " * len(match.group()), text)


def chance(odds: float) -> float:
    """The probability that log odds stand for."""
    return 1.0 / (1.0 + exp(-odds)) if odds > -_CERTAIN else 0.0
