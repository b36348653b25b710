"""Whether a text of which nobody told the language reads as English."""

from __future__ import annotations

import re

from copydesk_plugins.quotes.grammar.lexicon import Lexicon

WORD = re.compile(r"[^\W\d_]{1,30}")
LOOKED_AT = 800
"""How many characters tell."""
SHARE = 0.2
"""English has about half its words from these lists, other languages a tenth by chance."""


def looks_english(body: str, lexicon: Lexicon) -> bool:
    """Whether enough of the words that a text begins with are English words of grammar and verbs of speech."""
    words = WORD.findall(body[:LOOKED_AT].lower())
    known = sum(word in lexicon.tags or word in lexicon.verbs for word in words)
    return not words or known >= SHARE * len(words)
