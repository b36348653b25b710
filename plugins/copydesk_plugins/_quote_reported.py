"""Indirect speech: clauses reported without marks ("Ann said that it rained", "according to police, …"). A first, modest version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk_plugins._quote_clauses import Cue, find_cues
from copydesk_plugins._quote_lexicon import Lexicon
from copydesk_plugins._quote_tokens import SENTENCE_STOPS, Token

LEAST = 3
CLAUSE_STARTS = frozenset({"determiners", "name", "noun", "subject_pronouns", "subordinators", "prepositions", "verbish", "auxiliaries"})
OBJECT = frozenset({"determiners", "name", "noun", "poss", "times"})
OBJECT_VERBS = frozenset({"tell", "assure", "inform", "warn", "remind", "advise", "ask"})
OBJECT_REACH = 8
NEW_PART = frozenset({"and", "but", "while", "according"})

Report = tuple[Cue, int, int]


def reports(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> Iterator[Report]:
    """Each outermost reported clause without marks in a sentence: its cue, first and last token."""
    beyond = low
    for cue in find_cues(tokens, low, high, lexicon):
        if cue.index < beyond or cue.source is None or cue.group == "naming":
            continue
        found = _clause(tokens, cue, low, high)
        if found is None:
            continue
        first, last = found
        if any(token.tag == "quote" for token in tokens[first:last + 1]):
            beyond = max(beyond, last + 1)
        elif last - first + 1 >= LEAST:
            beyond = max(beyond, last + 1, cue.last + 1)
            yield cue, first, last


def _clause(tokens: Sequence[Token], cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    if cue.group == "source":
        return _according(tokens, cue, low, high)
    return _behind(tokens, cue, high) or _before(tokens, cue, low, high)


def _behind(tokens: Sequence[Token], cue: Cue, high: int) -> tuple[int, int] | None:
    """The clause that follows the verb: "said (on Monday) (that) …", "told reporters that …"."""
    first = cue.last + 1
    if cue.side == "right" and cue.source is not None:
        return None
    while first < high and tokens[first].tag in ("times", "adverbs"):
        first += 1
    that = next((k for k in range(first, min(high, first + OBJECT_REACH)) if tokens[k].low == "that"), None)
    if that is not None and all(token.tag in OBJECT or token.tag in ("prepositions", "adverbs") for token in tokens[first:that]):
        return that + 1, _end(tokens, that + 1, high)
    if cue.group == "thought" and (first >= high or tokens[first].tag not in ("subject_pronouns",)):
        return None
    if cue.base in OBJECT_VERBS:
        while first < high and tokens[first].tag in OBJECT:
            first += 1
    if first >= high or tokens[first].tag not in CLAUSE_STARTS:
        return None
    return first, _end(tokens, first, high)


def _before(tokens: Sequence[Token], cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    """The clause in front of a tag: "It will rain, Ann said."."""
    first = min(cue.index, cue.source.index if cue.source is not None else cue.index)
    while first > low and tokens[first - 1].tag in ("determiners", "noun"):
        first -= 1
    if first - 1 <= low or tokens[first - 1].low != "," or cue.group != "speech":
        return None
    return low, first - 2


def _according(tokens: Sequence[Token], cue: Cue, low: int, high: int) -> tuple[int, int] | None:
    if cue.index > low + 1:
        return low, cue.index - (2 if tokens[cue.index - 1].low == "," else 1)
    comma = next((k for k in range(cue.last + 1, high) if tokens[k].low == ","), None)
    return (comma + 1, _end(tokens, comma + 1, high)) if comma is not None and comma + 1 < high else None


def _end(tokens: Sequence[Token], first: int, high: int) -> int:
    """The clause's last token: before the full stop, or a comma with a participle of speech or a new part behind it."""
    last = first - 1
    for k in range(first, high):
        token = tokens[k]
        if token.tag == "punct" and token.low in SENTENCE_STOPS:
            break
        after = tokens[k + 1] if k + 1 < high else None
        participle = after is not None and after.verb is not None and after.verb.form == "ing"
        if token.low in (",", ";") and after is not None and (participle or after.low in NEW_PART):
            break
        last = k
    return last
