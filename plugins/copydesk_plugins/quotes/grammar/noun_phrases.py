"""Finds noun phrases left or right of a verb, their heads, and names beside them.

Tags take the place of a parser. Every walk is bounded by `REACH` tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk_plugins.quotes.grammar.mentions import Mention
from copydesk_plugins.quotes.grammar.tokens import QUANTITIES, Token

DASHES = frozenset({"—", "–", "-", "--", "―"})
"""Dashes as tokens."""
NOMINAL = frozenset({"noun", "name", "determiners", "poss", "times"})
"""Tags of a noun phrase's words."""
CALLED = frozenset({"calling", "known", "called", "named", "identified", "nicknamed"})
"""Participles before a name."""
NAMED = frozenset({"called", "named"})
"""Those of them that may stand inside of an apposition."""
APPOSED_REACH = 6
"""Tokens behind a phrase within which the name in apposition stands."""
REACH = 40
"""How many tokens away a subject is looked for."""


@dataclass(frozen=True, slots=True)
class SpeechSource:
    """Who speaks, as the text writes it.

    Attributes:
        start: where it begins in the body, in code points; of a relative clause ("Ann Lee, who said") this is the "who".
        end: where it ends.
        kind: ``name``, ``pronoun`` or ``nominal`` (another phrase).
        index: its first token.
        last: its last token.
        low: its head or pronoun in lower case.
        mention: the name; None for a pronoun or phrase.
        phrase: the span that the "who" of a relative clause stands for; None for others.
        excluded: whom a pronoun cannot mean (Ann Lee in "Ann Lee, whom she called"); None when there is nobody.
    """

    start: int
    end: int
    kind: str
    index: int
    last: int
    low: str = ""
    mention: Mention | None = None
    phrase: tuple[int, int] | None = None
    excluded: Mention | None = None


def pronoun_source(tokens: Sequence[Token], at: int) -> SpeechSource:
    """A pronoun as a source."""
    token = tokens[at]
    word = token.low.partition("'")[0]
    return SpeechSource(token.start, token.start + len(word), "pronoun", at, at, word)


def is_person(token: Token) -> bool:
    """Whether a token is the name of a person."""
    return token.mention is not None and token.tag == "name" and token.mention.entity is not None and token.mention.entity.person


def noun_phrase_left(tokens: Sequence[Token], last: int, low: int) -> SpeechSource | None:
    """The noun phrase that ends with token ``last``."""
    first = last + 1
    while first > low and last - first < REACH:
        token = tokens[first - 1]
        joins = token.tag == "prepositions" or (
            token.low == "and" and first - 2 >= low and tokens[first - 2].tag == "name" and tokens[first].tag == "name")
        before = tokens[first - 2] if first - 2 >= low else None
        inner = token.tag in ("verbish", "adverbs") and before is not None and before.tag == "determiners"
        if token.tag not in NOMINAL and not joins and not inner:
            break
        first -= 1
    led = _doers_noun(tokens, first, last, low)
    if led is not None:
        return noun_phrase_left(tokens, led, low)
    while first <= last and tokens[first].tag in ("prepositions", "poss", "times"):
        first = _behind_preposition(tokens, first, last)
    return _phrase(tokens, first, last) if first <= last else None


def _doers_noun(tokens: Sequence[Token], first: int, last: int, low: int) -> int | None:
    """Where the noun ends that a participle and its doer describe: "researchers", in "researchers led by Ann Lee"."""
    at = first - 2
    if first > last or at < low or tokens[first].low != "by" or tokens[at].tag not in ("noun", "name"):
        return None
    verb = tokens[first - 1].verb
    return at if tokens[first - 1].tag == "verbish" or (verb is not None and verb.form == "past") else None


def _behind_preposition(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where the subject begins behind an opening phrase of place or time ("In Ohio Mr. Lee said")."""
    begin = first + 1
    names = [k for k in range(begin, last + 1) if tokens[k].tag == "name" and tokens[k - 1].tag not in ("prepositions", "determiners")]
    if tokens[first].tag == "prepositions" and names and names[-1] == last and names[-1] > begin:
        return last
    if tokens[first].tag == "prepositions" and begin < last and tokens[begin].tag in ("times", "name", "noun"):
        return begin + 1
    return begin


def _phrase(tokens: Sequence[Token], first: int, last: int) -> SpeechSource | None:
    """The source in the phrase from ``first`` to ``last``: the name that is its head, or the whole phrase."""
    head = next((k - 1 for k in range(first + 1, last + 1) if tokens[k].tag == "prepositions"), last)
    names = [k for k in range(first, head + 1) if tokens[k].tag == "name"]
    if names and (names[-1] == head or (head > names[-1] and tokens[names[-1] + 1].tag == "times")):
        return _together(tokens, first, last) or name_source(tokens, names[-1])
    if tokens[first].tag in ("noun", "determiners", "name", "verbish") or names:
        while last > first and tokens[last].tag in ("times", "prepositions", "determiners", "poss"):
            last -= 1
        return SpeechSource(tokens[first].start, tokens[last].end, "nominal", first, last, tokens[head].low)
    return None


def _together(tokens: Sequence[Token], first: int, last: int) -> SpeechSource | None:
    """Two people who speak with one voice: "Ann Lee and Bob Ray said"."""
    if last - 2 < first or tokens[last - 1].low != "and" or not is_person(tokens[last]) or not is_person(tokens[last - 2]):
        return None
    return SpeechSource(name_source(tokens, last - 2).start, tokens[last].end, "nominal", last - 2, last, "persons")


def name_source(tokens: Sequence[Token], at: int) -> SpeechSource:
    """A name as a source."""
    token = tokens[at]
    start = token.mention.start if token.mention is not None else token.start
    return SpeechSource(start, token.end, "name", at, at, token.low, token.mention)


def noun_phrase_right(tokens: Sequence[Token], first: int, high: int) -> SpeechSource | None:
    """The noun phrase that begins at token ``first``, or behind the adverbs there."""
    while first < high and tokens[first].tag in ("adverbs",):
        first += 1
    if first >= high:
        return None
    if tokens[first].tag == "subject_pronouns":
        return (_apposed(tokens, first, high) if tokens[first].low in QUANTITIES else None) or pronoun_source(tokens, first)
    last = first - 1
    named = False
    while last + 1 < high and last - first < REACH:
        token = tokens[last + 1]
        inner = token.tag == "verbish" and not named and (last < first or tokens[last].tag in ("determiners", "poss"))
        small = token.tag == "prepositions" and last >= first and not named and token.low in ("of", "for", "at", "in", "from", "with", "to")
        if token.tag not in NOMINAL and not small and not inner:
            break
        if token.tag == "name" and last + 2 < high and tokens[last + 2].tag not in ("poss", "noun", "name"):
            named = tokens[last].tag != "prepositions" if last >= first else True
        last += 1
        if named:
            break
    while last >= first and tokens[last].tag in ("prepositions", "determiners", "poss"):
        last -= 1
    if last < first:
        return None
    found = _phrase(tokens, first, last)
    apposed = _apposed(tokens, last, high) or _by_name(tokens, last, high) if found is not None and found.kind == "nominal" else None
    return apposed or found


def _by_name(tokens: Sequence[Token], last: int, high: int) -> SpeechSource | None:
    """The name in "a man calling himself Paul Lee", "the chief known as Bob"."""
    at = last + 1
    if at >= high or tokens[at].low not in CALLED:
        return None
    at += 2 if at + 1 < high and tokens[at + 1].low in ("himself", "herself", "themselves", "as", "only") else 1
    return name_source(tokens, at) if at < high and tokens[at].tag == "name" else None


def _apposed(tokens: Sequence[Token], last: int, high: int) -> SpeechSource | None:
    """The name behind a phrase: "the ambassador at the time, John Herbst"; "one of them, a nurse called Ida Holm"."""
    if tokens[last].low in QUANTITIES and last + 2 < high and tokens[last + 1].low == "of":
        last = next((k for k in range(last + 2, min(high, last + APPOSED_REACH)) if tokens[k + 1:k + 2] and tokens[k + 1].low == ","), last)
    if last + 2 >= high or tokens[last + 1].low != ",":
        return None
    at = last + 2
    while at < high and at < last + APPOSED_REACH and (tokens[at].tag in ("noun", "determiners") or tokens[at].low in NAMED):
        at += 1
    return name_source(tokens, at) if at < high and is_person(tokens[at]) else None
