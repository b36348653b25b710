"""Finds the main subject of a sentence, behind opening phrases of place and time."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.noun_phrases import (
    DASHES,
    REACH,
    SpeechSource,
    is_person,
    name_source,
    noun_phrase_right,
    pronoun_source,
)
from copydesk_plugins.quotes.grammar.tokens import Token

LATER = frozenset({"later", "earlier", "ago", "before", "afterward", "afterwards"})
"""Words behind a span of time."""
MOST_OPENINGS = 4
"""Opening phrases that are passed over."""


def main_source(tokens: Sequence[Token], low: int, high: int) -> SpeechSource | None:
    """The first subject of ``tokens[low:high]``, behind opening phrases ("In a speech on Monday, …")."""
    at = low
    high = min(high, low + 2 * REACH)
    for _ in range(MOST_OPENINGS):
        while at < high and tokens[at].tag in ("conjunctions", "adverbs", "punct", "quote"):
            at += 1
        if at >= high:
            return None
        if tokens[at].tag not in ("prepositions", "subordinators", "verbish", "verb", "times"):
            found = noun_phrase_right(tokens, at, high)
            if found is None or not (_is_place(tokens, found, high) or _is_time(tokens, found, high)):
                return found
            at = found.last + 2
            continue
        comma = next((k for k in range(at + 1, high) if tokens[k].low == ","), None)
        if comma is None:
            break
        at = comma + 1
    return _first_person(tokens, low, high)


def _is_place(tokens: Sequence[Token], source: SpeechSource, high: int) -> bool:
    """Whether a source is a name of no person with a comma behind it, as at the end of "in Salem, New Hampshire, …"."""
    behind = source.last + 1
    signs = (",", *DASHES)
    return source.kind == "name" and not is_person(tokens[source.last]) and behind < high and tokens[behind].low in signs


def _is_time(tokens: Sequence[Token], source: SpeechSource, high: int) -> bool:
    """Whether a source is the beginning of a phrase such as "Minutes later, …"."""
    behind = source.last + 1
    return source.kind == "nominal" and behind + 1 < high and tokens[behind].low in LATER and tokens[behind + 1].low == ","


def _first_person(tokens: Sequence[Token], low: int, high: int) -> SpeechSource | None:
    for k in range(low, high):
        if tokens[k].tag == "subject_pronouns" and tokens[k].low in ("he", "she"):
            return pronoun_source(tokens, k)
        mention = tokens[k].mention
        if mention is not None and mention.entity is not None and mention.entity.person:
            return name_source(tokens, k)
    return None
