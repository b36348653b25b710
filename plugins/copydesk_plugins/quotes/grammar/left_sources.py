"""Finds the source left of a verb: its subject, also across an apposition, a relative clause, or a setting of place and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copydesk_plugins.quotes.grammar.mentions import Mention
from copydesk_plugins.quotes.grammar.noun_phrases import (
    DASHES,
    NOMINAL,
    REACH,
    SpeechSource,
    is_person,
    name_source,
    noun_phrase_left,
    pronoun_source,
)
from copydesk_plugins.quotes.grammar.tokens import Token

STOPS = frozenset({".", "!", "?", "…", ";", ":"})
"""Signs that end the search for a subject."""
APPOSED = frozenset({"determiners", "relatives", "noun", "name", "verbish"})
"""Tags with which an apposition begins."""
QUANTIFIED = frozenset({"both", "all", "some", "many"})
"""Words before "of whom"."""
SETTING_REACH = 5
"""Tokens of a phrase of place or time."""
WHO_REACH = 16
"""Tokens back from a phrase in which its "who" stands."""


def source_left(tokens: Sequence[Token], first: int, low: int, participle: bool = False) -> SpeechSource | None:
    """The subject that ends right before token ``first``: name, pronoun, phrase; across an apposition or relative clause."""
    at = first - 1
    if at < low:
        return None
    token = tokens[at]
    if token.tag == "subject_pronouns":
        return replace(pronoun_source(tokens, at), excluded=_whom(tokens, at, low))
    if token.tag == "relatives":
        return _relative(tokens, at, low)
    if token.tag == "punct":
        if participle and token.low not in (")",):
            return None
        return _across(tokens, at, low)
    if token.tag in NOMINAL:
        setting = _setting(tokens, at, low)
        if setting is not None:
            return source_left(tokens, setting, low, participle) if tokens[setting].tag == "auxiliaries" else None
        found = noun_phrase_left(tokens, at, low)
        return _whose_clause(tokens, found, low) or _open_apposition(tokens, found) or found
    return None


def _whom(tokens: Sequence[Token], at: int, low: int) -> Mention | None:
    """Whom a pronoun behind "whom" cannot mean: the person whom the clause describes."""
    first = at - 1
    if first <= low or tokens[first].low != "whom":
        return None
    while first > low and (tokens[first].tag in ("relatives", "prepositions", "punct") or tokens[first].low in QUANTIFIED):
        first -= 1
    meant = noun_phrase_left(tokens, first, low)
    return meant.mention if meant is not None else None


def _setting(tokens: Sequence[Token], last: int, low: int) -> int | None:
    """Where a phrase of place or time between a subject and its verb begins ("has in the past said", "and in a letter said").

    That is the first auxiliary, or the "and", before it; None when there is no such phrase.
    """
    first = last
    while first > low and last - first < SETTING_REACH and tokens[first].tag in ("determiners", "noun", "times"):
        first -= 1
    if first <= low or first == last or tokens[first].tag != "prepositions" or tokens[last].capital:
        return None
    before = first - 1
    if tokens[before].tag == "auxiliaries":
        while before > low and tokens[before - 1].tag in ("auxiliaries", "adverbs"):
            before -= 1
        return before
    return before if tokens[before].low in ("and", "but") and before > low else None


def _whose_clause(tokens: Sequence[Token], found: SpeechSource | None, low: int) -> SpeechSource | None:
    """Whom a relative clause describes that ends in a phrase: the man, in "a man who had seen the boat said"."""
    if found is None or found.kind == "pronoun":
        return None
    acted = False
    for k in range(found.index - 1, max(low, found.index - WHO_REACH), -1):
        token = tokens[k]
        if token.tag in ("punct", "quote", "conjunctions"):
            return None
        if token.low == "who":
            return noun_phrase_left(tokens, k - 1, low) if acted else None
        acted = acted or token.tag in ("verb", "verbish", "auxiliaries")
    return None


def _open_apposition(tokens: Sequence[Token], found: SpeechSource | None) -> SpeechSource | None:
    """The name before a role without its second comma, behind a quotation or at the start: "Ann Lee, head of the port said"."""
    if found is None or found.kind == "pronoun":
        return None
    comma = found.index - 1
    while comma > 1 and tokens[comma].tag in ("noun", "conjunctions"):
        comma -= 1
    if comma < 1 or tokens[comma].low != "," or not is_person(tokens[comma - 1]):
        return None
    if tokens[comma + 1].tag != "noun" and tokens[comma + 1].low != "the":
        return None
    opens = comma - 1 == 0 or tokens[comma - 2].tag in ("quote", "punct")
    return name_source(tokens, comma - 1) if opens else None


def _relative(tokens: Sequence[Token], at: int, low: int) -> SpeechSource | None:
    before = at - 2 if at - 1 > low and tokens[at - 1].low in (",", *DASHES) else at - 1
    meant = noun_phrase_left(tokens, before, low) if before >= low else None
    if meant is None:
        return None
    return replace(meant, start=tokens[at].start, end=tokens[at].end, index=at, last=at, phrase=(meant.start, meant.end))


def _across(tokens: Sequence[Token], at: int, low: int) -> SpeechSource | None:
    """The subject before a parenthesis that ends with the punctuation at ``at``."""
    sign = tokens[at].low
    if sign == ")":
        k = next((k for k in range(at - 1, max(low, at - REACH) - 1, -1) if tokens[k].low == "("), None)
        return None if k is None else source_left(tokens, k, low)
    if sign in DASHES:
        k = next((k for k in range(at - 1, max(low, at - REACH) - 1, -1) if tokens[k].low in DASHES), None)
        return None if k is None else source_left(tokens, k, low)
    return _across_commas(tokens, at, low) if sign == "," else None


def _across_commas(tokens: Sequence[Token], at: int, low: int) -> SpeechSource | None:
    """The name before an apposition between commas; without such a name, the phrase before the nearest comma."""
    phrase: SpeechSource | None = None
    for k in range(at - 1, max(low, at - REACH), -1):
        token, before = tokens[k], tokens[k - 1]
        if token.tag == "quote" or token.low in STOPS:
            break
        if token.low != ",":
            continue
        if is_person(before):
            return noun_phrase_left(tokens, k - 1, low)
        if k + 2 == at and is_person(tokens[k + 1]) and before.tag in NOMINAL:
            return name_source(tokens, k + 1)
        if phrase is None and before.tag in ("noun", "name") and tokens[k + 1].tag in APPOSED:
            phrase = noun_phrase_left(tokens, k - 1, low)
    return phrase
