"""Reads sentences that equate a quotation with somebody's words: “…” is how Ann Lee put it; “…” was the message from Ann Lee."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.cues import BE, Cue
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.noun_phrases import DASHES, SpeechSource, noun_phrase_right
from copydesk_plugins.quotes.grammar.tokens import Token

POINTING = frozenset({"that", "this", "it", "those", "these", "such"})
"""Words between a quotation and "is" that point back at it."""
REACH = 5
"""How many tokens behind "was the" a noun of speech may stand."""


def equation(tokens: Sequence[Token], index: int, high: int, lexicon: Lexicon) -> Cue | None:
    """The cue and source of a quotation at token ``index``, when "is how Ann put it" or "was the message from Ann" follows it."""
    at = index + 1
    while at < high and (tokens[at].low in (",", *DASHES) or tokens[at].low in POINTING):
        at += 1
    if at + 1 >= high or tokens[at].low not in BE:
        return None
    if tokens[at + 1].low == "how":
        return _how(tokens, at + 2, high)
    noun = next((k for k in range(at + 1, min(high - 1, at + 1 + REACH)) if tokens[k].low in lexicon.words["words_of"]), None)
    if noun is None or tokens[at + 1].tag != "determiners" or tokens[noun + 1].low not in ("from", "of", "by"):
        return None
    source = noun_phrase_right(tokens, noun + 2, high)
    return _cue(tokens, noun, noun + 1, source, "right") if source is not None else None


def _how(tokens: Sequence[Token], first: int, high: int) -> Cue | None:
    """The verb of "how Ann Lee put it", "how the minister described her"."""
    source = noun_phrase_right(tokens, first, high)
    verb = source.last + 1 if source is not None else high
    if source is None or verb >= high or tokens[verb].verb is None:
        return None
    return _cue(tokens, verb, verb, source, "left")


def _cue(tokens: Sequence[Token], first: int, last: int, source: SpeechSource, side: str) -> Cue:
    return Cue(first, last, tokens[first].start, tokens[last].end, "source", "", tokens[first].low, source, side)
