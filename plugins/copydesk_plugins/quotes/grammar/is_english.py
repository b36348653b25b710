"""Tells whether a text in an unknown language reads as English."""

from __future__ import annotations

import re

from copydesk_plugins.quotes.grammar.lexicon import Lexicon

WORD = re.compile(r"[^\W\d_]{1,30}")
"""A word."""
LOOKED_AT = 800
"""Characters of a text that are looked at."""
SHARE = 0.2
"""Share of its words that must be in the lists. English has about half its words from them, other languages a tenth by chance."""


def looks_english(body: str, lexicon: Lexicon) -> bool:
    """Whether enough of a text's first words are English words of grammar or verbs of speech."""
    words = WORD.findall(body[:LOOKED_AT].lower())
    known = sum(word in lexicon.tags or word in lexicon.verbs for word in words)
    return not words or known >= SHARE * len(words)
