"""Cuts a paragraph into tokens (words with their tags; names and quotations as one token each), and tokens into sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from copydesk_plugins.quotes.grammar.lexicon import Lexicon, Verb
from copydesk_plugins.quotes.grammar.mentions import Mention
from copydesk_plugins.quotes.marks.stretches import Stretch

TOKEN = re.compile(r"['’](?:s|ve|d|ll|re|m)\b|(?:[A-Za-z]\.){2,4}|\w{1,60}(?:[-&.]\w{1,40}|['’](?!s\b)\w{1,20}){0,6}|--|\S")
"""A word or sign."""
BEHIND_QUANTIFIER = frozenset({"noun", "name", "verbish"})
"""Tags behind which a quantifier counts as a determiner."""
NEARLY = frozenset({"about", "around", "over", "nearly", "almost", "some", "roughly"})
"""Words before a number."""
QUANTITIES = frozenset({"one", "another"})
"""Pronouns that may stand before "of"."""
INNER_MARKS = frozenset("'’‘”“\"» ")
"""Closing marks and blanks at the end of a quotation."""
SENTENCE_STOPS = frozenset(".!?…")
"""Signs that end a sentence."""
LONGEST = 400
"""A sentence of more tokens is cut, so that the work stays linear on hostile text."""
CENTURIES = frozenset({"18", "19", "20"})
"""How years begin."""
BARE_TAG = 5
"""Tokens of a sentence that is subject and verb alone."""
TAG_REACH = 12
"""Tokens behind a quotation that its tag ("…?" the senator from Ohio asked) may take before its verb."""
YEAR_DIGITS, LEAST_STEM = 4, 4
"""Digits of a year; a word whose ending tells its tag has more letters than this."""


@dataclass(slots=True)
class Token:
    """A piece of a paragraph.

    Attributes:
        start: where it begins in the body, in code points.
        end: where it ends.
        low: it in lower case; of a quotation its last sign, of a name its last word.
        tag: a list of the lexicon (`TAGS`), or ``name``, ``quote``, ``verb``, ``verbish``, ``poss``, ``punct`` or ``noun``.
        verb: the form of a reporting verb; None for other words.
        mention: the name; None for others.
        quote: the number of a quotation; -1 for others.
        capital: whether it begins with a capital.
    """

    start: int
    end: int
    low: str
    tag: str
    verb: Verb | None = None
    mention: Mention | None = None
    quote: int = -1
    capital: bool = False


def tokenize(body: str, start: int, end: int, stretches: Sequence[tuple[int, Stretch]], mentions: Sequence[Mention],
             lexicon: Lexicon) -> list[Token]:
    """The tokens of ``body[start:end]``. The ``stretches`` (with their numbers) and ``mentions`` lie inside, in order."""
    tokens: list[Token] = []
    names = {mention.left: mention for mention in mentions}
    at = start
    for number, stretch in stretches:
        _words(body, at, stretch.left, names, lexicon, tokens)
        tokens.append(Token(stretch.left, stretch.right, _last_sign(body, stretch), "quote", quote=number))
        at = stretch.right
    _words(body, at, end, names, lexicon, tokens)
    for token, after in pairwise(tokens):
        counts = after.tag in BEHIND_QUANTIFIER or (token.low in QUANTITIES and after.verb is not None and after.verb.form != "past")
        if (counts and token.low in lexicon.words["quantifiers"]) or (token.low in NEARLY and after.low[0].isdigit()):
            token.tag = "determiners"
        if after.tag == "poss" and token.tag == "subject_pronouns":  # "it's saying"
            after.tag = "auxiliaries"
    return tokens


def _last_sign(body: str, stretch: Stretch) -> str:
    """The last character of a quotation before any closing marks of inner quotations."""
    at = stretch.end - 1
    while at > stretch.start and body[at] in INNER_MARKS:
        at -= 1
    return body[at]


def _words(body: str, start: int, end: int, names: dict[int, Mention], lexicon: Lexicon, tokens: list[Token]) -> None:
    skip = start
    for match in TOKEN.finditer(body, start, end):
        at = match.start()
        if at < skip:
            continue
        mention = names.get(at)
        if mention is not None and mention.end <= end:
            tokens.append(_name_token(mention, tokens, lexicon, body.startswith(" by ", mention.end)))
            skip = mention.end
            continue
        text = match.group()
        stop = match.end()
        low = text.lower()
        initial = len(text) == 1 and text.isupper() and text != "I"
        if stop < end and body[stop] == "." and (initial or low in lexicon.words["abbreviations"]):
            stop = skip = stop + 1
        if text in "'’" and tokens and tokens[-1].end == at and tokens[-1].low.endswith("s") and tokens[-1].tag in ("noun", "name"):
            low = "'s"  # "the workers’ union"
        tokens.append(_token(text, low, at, stop, lexicon))


def _name_token(mention: Mention, tokens: list[Token], lexicon: Lexicon, passive: bool) -> Token:
    """The token of a name. A single capitalised word at a sentence's start that is nobody's name counts as a noun."""
    entity = mention.entity
    first = not tokens or tokens[-1].low in SENTENCE_STOPS or tokens[-1].tag == "quote"
    rare = entity is not None and not entity.person and entity.count == 1
    common = first and rare and len(mention.parts) == 1 and not mention.parts[0].isupper()
    verb = lexicon.verbs.get(mention.parts[-1].lower()) if common and passive else None
    if verb is not None and verb.form == "past":
        return Token(mention.left, mention.end, mention.parts[-1].lower(), "verb", verb=verb, capital=True)
    tag = "name" if not common else "adverbs" if mention.parts[0].endswith("ly") else "noun"
    return Token(mention.left, mention.end, mention.parts[-1].lower(), tag, mention=mention, capital=True)


def _token(text: str, low: str, start: int, end: int, lexicon: Lexicon) -> Token:
    low = low.replace("’", "'")
    capital = text[0].isupper()
    verb = lexicon.verbs.get(low)
    if verb is not None:
        return Token(start, end, low, "verb", verb=verb, capital=capital)
    tag = lexicon.tags.get(low)
    if tag is None:
        tag = _guess(low, text)
    return Token(start, end, low, tag, capital=capital)


def _guess(low: str, text: str) -> str:
    if low == "'s":
        return "poss"
    if low[0] == "'" and len(low) > 1:
        return "auxiliaries"
    if not text[0].isalnum():
        return "punct"
    if len(low) == YEAR_DIGITS and low.isdigit() and low[:2] in CENTURIES:
        return "times"
    if low.endswith("ly") and len(low) > LEAST_STEM:
        return "adverbs"
    if low.endswith("n't"):
        return "auxiliaries"
    return "verbish" if low.endswith(("ed", "ing")) and len(low) > LEAST_STEM else "noun"


def sentences(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The ranges of tokens that are sentences. A tag behind a quotation belongs to the quotation's sentence."""
    found: list[tuple[int, int]] = []
    begin = 0
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if after is None or index + 1 - begin >= LONGEST or (_may_end(token) and _begins(tokens, index + 1, token)):
            found.append((begin, index + 1))
            begin = index + 1
    return found


def _may_end(token: Token) -> bool:
    return token.low in SENTENCE_STOPS if token.tag in ("punct", "quote") else token.low in ("a.m.", "p.m.", "u.s.")


def _begins(tokens: Sequence[Token], index: int, before: Token) -> bool:
    """Whether a new sentence begins at a token that follows a possible end."""
    token = tokens[index]
    if before.tag not in ("punct", "quote"):
        return token.capital and token.tag not in ("name", "noun")
    if token.tag == "quote":
        return True
    if not token.capital:
        return False
    if before.tag != "quote":
        return True
    return not (_is_tag(tokens, index) if before.low in "!?…" else _is_bare_tag(tokens, index))


def _is_bare_tag(tokens: Sequence[Token], index: int) -> bool:
    """Whether a sentence of subject and verb alone follows a full stop: “….” Ann Lee said."""
    for k in range(index + 1, min(index + BARE_TAG, len(tokens))):
        verb = tokens[k].verb
        if verb is not None:
            ends = k + 1 == len(tokens) or (tokens[k + 1].tag != "quote" and tokens[k + 1].low in SENTENCE_STOPS)
            return verb.group == "speech" and verb.form in ("past", "s") and ends
        if tokens[k].tag not in ("name", "noun", "poss"):
            return False
    return False


def _is_tag(tokens: Sequence[Token], index: int) -> bool:
    """Whether a question's or cry's tag follows it: a verb of speech comes soon, and no quotation before that."""
    for token in tokens[index:index + TAG_REACH]:
        if token.verb is not None and token.verb.group == "speech" and token.verb.form in ("past", "s"):
            return True
        if token.tag in ("quote", "verbish", "auxiliaries", "subject_pronouns") or token.low in SENTENCE_STOPS:
            return False
    return False
