"""Finds who says: the reporting verbs of a sentence, and the subject of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from copydesk_plugins.quotes.grammar.left_sources import source_left
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.noun_phrases import DASHES, REACH, SpeechSource, noun_phrase_right, pronoun_source
from copydesk_plugins.quotes.grammar.subjects import main_source
from copydesk_plugins.quotes.grammar.tokens import QUANTITIES, Token
from copydesk_plugins.quotes.grammar.verbs import is_verb

OBJECT_PRONOUNS = frozenset({"him", "them", "us", "me", "himself", "herself", "themselves"})
"""Pronouns that are no subjects."""
OBJECTS = {"him": "he", "her": "she"}
"""The subject form of pronouns in "quoted him as saying"."""
QUOTED_REACH = 14
"""Tokens behind "quoted" within which "as saying" stands."""
BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "'s", "'re", "gets", "got", "get"})
"""Verbs that make a passive."""
NEAR_SUBJECT, NEAR_QUANTITY = 6, 10
"""Tokens behind a verb within which an inverted subject begins; more behind "one of …"."""
BY_REACH = 12
"""Tokens behind a passive within which its "by" stands."""
FIRST_WORDS = 2
"""A verb among so many first tokens of a sentence may have its subject behind it."""


@dataclass(slots=True)
class Cue:
    """A reporting verb or phrase in a sentence.

    Attributes:
        index: its first token.
        last: its last token.
        start: where it begins in the body, in code points.
        end: where it ends.
        group: ``speech``, ``naming`` or ``thought``, or ``source`` for a phrase such as "according to".
        form: the form of its verb (`Verb.form`), empty for a phrase.
        base: its base form, or a phrase's first word.
        source: its subject; None when none was found.
        side: where the subject stands: ``left``, ``right`` (inverted), ``inherited`` or ``passive``.
    """

    index: int
    last: int
    start: int
    end: int
    group: str
    form: str
    base: str
    source: SpeechSource | None
    side: str


def find_cues(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> list[Cue]:
    """The reporting verbs and phrases of the sentence ``tokens[low:high]`` with their sources."""
    cues: list[Cue] = []
    for index in range(low, high):
        if tokens[index].verb is not None and not is_verb(tokens, index, low, lexicon):
            tokens[index].verb, tokens[index].tag = None, "noun"
    for index in range(low, high):
        token = tokens[index]
        if token.low in lexicon.sources:
            cues += _before_source(tokens, index, high, lexicon)
        elif token.verb is not None:
            cue = _cue(tokens, index, low, high, cues, lexicon)
            if cue is not None:
                cues.append(cue)
    return cues


def _before_source(tokens: Sequence[Token], index: int, high: int, lexicon: Lexicon) -> list[Cue]:
    """The phrase at ``index`` behind which a source stands ("according to Ann Lee"); empty when there is none."""
    words = lexicon.sources[tokens[index].low]
    last = index + len(words) - 1
    if last >= high or any(tokens[index + k].low != word for k, word in enumerate(words)):
        return []
    source = noun_phrase_right(tokens, last + 1, high)
    if words[-1] in lexicon.before_names and (source is None or source.kind != "name"):
        return []
    return [Cue(index, last, tokens[index].start, tokens[last].end, "source", "", words[0], source, "right")]


def _cue(tokens: Sequence[Token], index: int, low: int, high: int, earlier: Sequence[Cue], lexicon: Lexicon) -> Cue | None:
    token = tokens[index]
    verb = token.verb
    if verb is None:
        return None
    told = _quoted_as(tokens, index, high) if verb.base == "quote" else None
    source, side = (told, "left") if told is not None else _source(tokens, index, low, high, earlier)
    if verb.form == "ing" and source is not None and source.kind == "nominal" and source.low in lexicon.words["papers"]:
        maker = shared_subject(tokens, low, source.index, (), high)
        source, side = (maker, "inherited") if maker is not None and maker.index < source.index else (source, side)
    if side == "left" and source is not None and _is_reduced(tokens, index, source, lexicon):
        source, side = None, "passive"
    return Cue(index, index, token.start, token.end, verb.group, verb.form, verb.base, source, side)


def _is_reduced(tokens: Sequence[Token], index: int, source: SpeechSource, lexicon: Lexicon) -> bool:
    """Whether a participle describes the noun before it: "a show called …", "a statement released on Monday"."""
    verb = tokens[index].verb
    if verb is None or verb.form != "past" or source.kind != "nominal" or verb.base not in lexicon.words["reduced"] or source.phrase:
        return False
    named = index + 1 < len(tokens) and tokens[index + 1].tag == "quote"
    return source.last == index - 1 and (named or source.low in lexicon.words["papers"])


def _source(tokens: Sequence[Token], index: int, low: int, high: int, earlier: Sequence[Cue]) -> tuple[SpeechSource | None, str]:
    """The subject of the verb at ``index``, and its side: left, right (inverted), inherited or passive."""
    verb = tokens[index].verb
    first = index
    while first > low and tokens[first - 1].tag in ("auxiliaries", "adverbs"):
        first -= 1
    if verb is not None and verb.form == "past" and _is_passive(tokens, index, low, high, first):
        return _passive(tokens, index, low, high, first)
    before = tokens[first - 1] if first > low else None
    if before is not None and verb is not None and verb.group == "speech" and verb.form in ("past", "s"):
        quoted = before.tag == "quote" or (before.low in (",", *DASHES) and first - 1 > low and tokens[first - 2].tag == "quote")
        after_comma = before.low in (",", *DASHES) and first - 1 > low
        left = source_left(tokens, first, low) if after_comma and not quoted else None
        if left is not None and left.kind == "name":
            return left, "left"
        right = noun_phrase_right(tokens, index + 1, high) if quoted or after_comma else None
        reach = NEAR_QUANTITY if index + 1 < high and tokens[index + 1].low in QUANTITIES else NEAR_SUBJECT
        near = right is not None and right.low not in ("it", "you") and right.index <= index + reach
        if right is not None and near and (quoted or _closes(tokens, right, high)):
            return right, "right"
    if before is None and verb is not None and verb.group == "speech" and verb.form in ("past", "s"):
        right = noun_phrase_right(tokens, index + 1, high)
        if right is not None and (right.kind == "name" or tokens[right.index].capital):  # "Said Ann Lee, …"
            return right, "right"
    left = source_left(tokens, first, low, participle=verb is not None and verb.form == "ing")
    if left is not None:
        return left, "left"
    return shared_subject(tokens, low, index, earlier, high), "inherited"


def _quoted_as(tokens: Sequence[Token], index: int, high: int) -> SpeechSource | None:
    """Whose words somebody passes on: Ann Lee's, in "the agency quoted Ann Lee as saying"."""
    behind = _as_saying(tokens, index + 2, high)
    if behind is None:
        return None
    meant = OBJECTS.get(tokens[index + 1].low) if behind == index + 2 else None
    return replace(pronoun_source(tokens, index + 1), low=meant) if meant else noun_phrase_right(tokens, index + 1, behind)


def _as_saying(tokens: Sequence[Token], first: int, high: int) -> int | None:
    """The token where "as saying" begins at or behind token ``first``; None when it does not."""
    at = next((k for k in range(first, min(high - 1, first + QUOTED_REACH)) if tokens[k].low == "as"), None)
    return at if at is not None and tokens[at + 1].low.endswith("ing") else None


def _closes(tokens: Sequence[Token], source: SpeechSource, high: int) -> bool:
    """Whether the clause ends behind a source. Then the verb before it is inverted ("…, said Ann Lee, who …")."""
    after = tokens[source.last + 1] if source.last + 1 < high else None
    return source.kind != "pronoun" and (after is None or after.tag in ("punct", "relatives"))


def unknown_tag(tokens: Sequence[Token], begin: int, high: int) -> Cue | None:
    """A tag right behind a quotation with a verb that no list has: "…," the senator riffed; "…," beamed Ann Lee."""
    if begin >= high:
        return None
    if tokens[begin].tag == "verbish" and tokens[begin].low.endswith("ed"):
        source = noun_phrase_right(tokens, begin + 1, high)
        if source is None or source.kind == "pronoun" or tokens[begin + 1].low in OBJECT_PRONOUNS:
            return None
        return _unlisted(tokens[begin], begin, source, "right")
    source = noun_phrase_right(tokens, begin, high)
    if source is None:
        return None
    at = source.last + 1
    while at < high and tokens[at].tag == "adverbs":
        at += 1
    told = at + 1 >= high or tokens[at + 1].low not in ("to", "by")  # "the number needed to win" says nothing
    if at < high and told and tokens[at].tag == "verbish" and not tokens[at].low.endswith("ing"):
        return _unlisted(tokens[at], at, source, "left")
    return None


def unlisted_before(tokens: Sequence[Token], low: int, index: int, source: SpeechSource) -> Cue | None:
    """A verb that no list has, right before a quotation: "then leaned in and boomed: “…”"."""
    at = index - 1
    while at > low and tokens[at].tag in ("punct", "adverbs"):
        at -= 1
    if at <= low or tokens[at].tag != "verbish" or tokens[at].low.endswith("ing") or at <= source.last:
        return None
    return _unlisted(tokens[at], at, source, "left")


def main_verb(tokens: Sequence[Token], index: int, source: SpeechSource) -> Cue | None:
    """The verb behind a source, in a sentence with a quotation and without a reporting verb: "introduced him as “…”"."""
    for k in range(source.last + 1, index):
        token = tokens[k]
        finite = token.tag == "verbish" and not token.low.endswith("ing")
        if finite or (token.verb is not None and token.verb.form in ("past", "s")):
            return _unlisted(token, k, source, "left")
        if token.tag in ("punct", "quote", "relatives"):
            return None
    return None


def _unlisted(token: Token, index: int, source: SpeechSource, side: str) -> Cue:
    return Cue(index, index, token.start, token.end, "speech", "past", token.low, source, side)


def _is_passive(tokens: Sequence[Token], index: int, low: int, high: int, first: int) -> bool:
    """Whether a past form is a passive: "was called", or "Called … by" where a sentence begins."""
    opens = index == low and index + 1 < high and tokens[index + 1].low == "by"
    return opens or any(tokens[k].low in BE for k in range(first, index))


def _passive(tokens: Sequence[Token], index: int, low: int, high: int, first: int) -> tuple[SpeechSource | None, str]:
    if tokens[index].low == "quoted" and _as_saying(tokens, index + 1, high) is not None:
        return source_left(tokens, first, low), "left"
    for k in range(index + 1, min(high, index + BY_REACH)):
        if tokens[k].low == "by":
            return noun_phrase_right(tokens, k + 1, high), "passive"
    return None, "passive"


def shared_subject(tokens: Sequence[Token], low: int, index: int, earlier: Sequence[Cue], high: int) -> SpeechSource | None:
    """The subject that a participle or a second verb shares with the verb before, else the sentence's main subject."""
    comma = next((k for k in range(low, min(index, low + REACH)) if tokens[k].low == ","), low)
    opened = comma if tokens[low].tag in ("subordinators", "prepositions", "verbish", "verb") else low
    for cue in reversed(earlier):
        if cue.index < opened < index:
            break
        if cue.source is not None and cue.group != "source" and cue.side != "passive":
            return cue.source
    return main_source(tokens, low, index) or (main_source(tokens, low, high) if index - low < FIRST_WORDS else None)
