"""Tells whether a form that could be a noun is a verb where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.lexicon import Lexicon, Verb
from copydesk_plugins.quotes.grammar.tokens import Token

BELIEFS = frozenset({"think", "believe", "know", "feel", "fear", "hope"})
"""Verbs of thought that may follow a noun in their base form."""
QUOTE_REACH, DETERMINER_REACH = 2, 4
"""Tokens behind a verb within which a quotation begins, and before it within which its subject's determiner stands."""


def is_verb(tokens: Sequence[Token], index: int, low: int, lexicon: Lexicon) -> bool:
    """Whether a form that could be a noun is a verb here."""
    verb = tokens[index].verb
    before = tokens[index - 1] if index > low else None
    if verb is None:
        return False
    if before is None:
        return verb.form == "past" or (verb.form == "ing" and verb.group != "thought")
    if verb.form in ("base", "s") and verb.base in lexicon.words["noun_verbs"]:
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if after is not None and after.tag == "auxiliaries" and before.tag not in ("auxiliaries", "subject_pronouns"):
            return False
        if before.tag in ("noun", "name", "verbish", "prepositions"):
            return _is_doubtful_verb(verb, before, after) or _is_perceived(tokens, index, low, lexicon)
    return _is_sure_verb(tokens, index, low, verb, lexicon)


def _is_doubtful_verb(verb: Verb, before: Token, after: Token | None) -> bool:
    """Whether a form that is as often a noun is a verb behind a noun or name."""
    told = after is not None and (after.low in ("that", ":") or after.tag == "quote") and (verb.form == "s" or before.low.endswith("s"))
    return before.tag in ("noun", "name") and (told or (before.tag == "name" and verb.form == "s"))


def _is_perceived(tokens: Sequence[Token], index: int, low: int, lexicon: Lexicon) -> bool:
    """Whether somebody is heard or seen to act, right before a quotation: "Ann heard Bob shout “…”"."""
    quoted = any(token.tag == "quote" for token in tokens[index + 1:index + 1 + QUOTE_REACH])
    first = index - 1
    while first > low and tokens[first].tag in ("determiners", "poss", "noun", "name"):
        first -= 1
    verb = tokens[first].verb
    return quoted and verb is not None and first < index - 1 and verb.base in lexicon.words["perception"]


def _is_sure_verb(tokens: Sequence[Token], index: int, low: int, verb: Verb, lexicon: Lexicon) -> bool:
    """Whether a form stands where verbs stand."""
    before = tokens[index - 1]
    if verb.form == "base":
        if before.tag in ("noun", "name") and verb.base not in lexicon.words["noun_verbs"] and (
                verb.group == "speech" or verb.base in BELIEFS):
            return True
        if before.tag == "adverbs" and index - 2 >= low and tokens[index - 2].tag in ("determiners", "poss"):
            return False  # "the long term"
        if before.low in ("to", "and", "who", "that") or before.tag in ("auxiliaries", "adverbs"):
            return True
        plural = before.low.endswith(("s", "people", "men", "women", "police")) or (index - 2 > low and tokens[index - 2].low == "and")
        return (before.tag == "subject_pronouns" and before.low not in ("he", "she", "it")) or (before.tag in ("noun", "name") and plural)
    if verb.form == "s" and before.tag == "noun":
        return any(tokens[k].tag in ("determiners", "poss", "name") for k in range(max(low, index - DETERMINER_REACH), index - 1))
    if before.tag in ("determiners", "poss"):
        return False
    if before.tag == "prepositions":
        return verb.form == "ing" and before.low in ("by", "in", "without", "to")
    return True
