"""Finds the reporting verb, and so the source, of each quotation: by the patterns of its sentence, then of its paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.cues import Cue, find_cues, main_verb, unknown_tag, unlisted_before
from copydesk_plugins.quotes.grammar.equations import equation
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.noun_phrases import DASHES, SpeechSource, noun_phrase_left
from copydesk_plugins.quotes.grammar.subjects import main_source
from copydesk_plugins.quotes.grammar.tokens import Token
from copydesk_plugins.quotes.speakers.layouts import signature
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

TAG_ENDS = frozenset(",?!…—-–")
"""Signs at the end of a quotation behind which a tag may follow."""
BETWEEN = frozenset({"determiners", "noun", "adverbs", "times", "poss", "name", "verbish"})
"""Tags of the words of a subject."""
NEW_CLAUSE = frozenset({"and", "but", "while", "who", "which", "as", "whereas", "though", "although", "with"})
"""Words behind a comma that begin a clause of the writer's own."""
TAG_LENGTH = 30
"""How many tokens a tag behind a quotation may take before its verb."""
SETTING = frozenset({"times", "prepositions", "determiners", "noun", "name", "adverbs", "poss"})
BEHIND_TAG = frozenset({"punct", "prepositions", "times", "adverbs", "name", "subordinators"})
FILLERS = frozenset({",", ":", *DASHES})
"""Tags of a setting before "that"; tags behind a tag at a sentence's end; signs between a verb and a quotation."""


def link_sentence(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> list[SpeakerLink]:
    """A link for each quotation of the sentence ``tokens[low:high]``, in order."""
    quotes = [index for index in range(low, high) if tokens[index].tag == "quote"]
    if not quotes:
        return []
    cues = find_cues(tokens, low, high, lexicon)
    alone = _only_quotes(tokens[low:high])
    signed = signature(tokens, quotes[-1], high) if not alone and _only_quotes(tokens[low:quotes[-1]]) else None
    if signed is not None:
        return [SpeakerLink("signed", signed, alone=True, adjacent=True, index=index, sentence=(low, high)) for index in quotes]
    links = []
    for index in quotes:
        link = SpeakerLink("none") if alone else _link(tokens, low, high, index, cues, lexicon)
        link.alone, link.index, link.sentence = alone, index, (low, high)
        links.append(link)
    return links


def _only_quotes(tokens: Sequence[Token]) -> bool:
    return all(token.tag in ("quote", "punct", "conjunctions") for token in tokens)


def _link(tokens: Sequence[Token], low: int, high: int, index: int, cues: Sequence[Cue], lexicon: Lexicon) -> SpeakerLink:
    """The link of the quotation at ``index`` by the first pattern that fits."""
    before = _outermost(tokens, low, _cue_before(index, cues), cues)
    after = _tag_after(tokens, index, (low, high), cues)
    end = _tag_at_end(tokens, index, high, cues)
    if before is not None and before.source is None:
        before = next((cue for cue in cues if cue.index < before.index and cue.group == "speech" and cue.source is not None), before)
    if before is not None and before.source is not None and after is not None and _tells_that(tokens, before, index):
        return SpeakerLink("speaker-verb-clause", before.source, before)
    touching = before is not None and _touches(tokens, before, index)
    if before is not None and touching and not (before.group != "speech" and (after or end)) and (after is None or before.side == "left"):
        return SpeakerLink("speaker-verb-quote", before.source, before, adjacent=True)
    if after is not None:
        inverted = "according-to" if after.group == "source" else "quote-verb-speaker"
        return SpeakerLink(inverted if after.side == "right" else "quote-speaker-verb", after.source, after, adjacent=True)
    if end is not None:
        return SpeakerLink("according-to" if end.group == "source" else "tag-at-end", end.source, end)
    equal = equation(tokens, index, high, lexicon)
    if equal is not None:
        return SpeakerLink("according-to", equal.source, equal, adjacent=True)
    if before is not None and before.source is not None:
        return SpeakerLink("speaker-verb-clause", before.source, before)
    opening = next((cue for cue in cues if cue.group == "source" and cue.index < index), None)
    if opening is not None:
        return SpeakerLink("according-to", opening.source, opening)
    colon = tokens[index - 1].low == ":" if index > low else False
    source = _before_colon(tokens, low, index) if colon and before is None else None
    source = source or main_source(tokens, low, index)
    if source is None or (source.kind == "nominal" and tokens[source.last + 1].tag == "quote" and not colon):  # "the so-called “pool tax”"
        return SpeakerLink("none")
    cue = before or unlisted_before(tokens, low, index, source) or main_verb(tokens, index, source)
    return SpeakerLink("colon" if colon else "same-sentence", source, cue)


def _before_colon(tokens: Sequence[Token], low: int, index: int) -> SpeechSource | None:
    """The name right before a colon: "… - Ann Lee: “…”"."""
    at = index - 2
    named_here = at >= low and tokens[at].tag == "name" and (at == low or tokens[at - 1].tag not in ("poss", "prepositions"))
    return noun_phrase_left(tokens, at, low) if named_here else None


def _cue_before(index: int, cues: Sequence[Cue]) -> Cue | None:
    """The nearest reporting verb before the quotation."""
    found = [cue for cue in cues if cue.last < index and cue.group != "source"]
    return found[-1] if found else None


def _outermost(tokens: Sequence[Token], low: int, cue: Cue | None, cues: Sequence[Cue]) -> Cue | None:
    """The reporting verb in whose clause ``cue`` stands: "said", in "Ann said that Bob called it …"."""
    if cue is None or cue.source is None:
        return cue
    for outer in cues:
        if outer.index >= cue.index:
            break
        if outer.group != "speech" or outer.source is None or outer.index >= cue.source.index:
            continue
        if outer.form == "ing" and (cue.group == "speech" or tokens[outer.last + 1].low != "that"):
            continue
        if not _parted(tokens, low, outer, cue.source.index) and not _beside(tokens, outer, cue):
            return outer
    return cue


def _beside(tokens: Sequence[Token], outer: Cue, cue: Cue) -> bool:
    """Whether two people speak side by side: "a woman asked for a photo and Ann said, “…”"."""
    if cue.group != "speech" or cue.source is None or cue.side != "left" or cue.source.index < 1:
        return False
    between = tokens[outer.last + 1:cue.source.index]
    return bool(between) and between[-1].low in ("and", "but") and all(token.low != "that" for token in between)


def _parted(tokens: Sequence[Token], low: int, outer: Cue, last: int) -> bool:
    """Whether a new clause of the writer's own begins between a verb and a later subject."""
    first, subject = outer.last + 1, last
    while subject > first and tokens[subject - 1].tag in BETWEEN:
        subject -= 1
    if subject > first and tokens[subject - 1].low == ",":
        return True
    begin = outer.source.index if outer.source is not None and outer.side == "left" else outer.index
    opened = tokens[low].tag == "subordinators" or (begin > low and tokens[begin - 1].tag == "subordinators")
    for k in range(first, last):
        token = tokens[k]
        if token.low == ";" or (token.low == "," and (opened or tokens[k + 1].low in NEW_CLAUSE)):
            return True
    return False


def _touches(tokens: Sequence[Token], cue: Cue, index: int) -> bool:
    """Whether only a comma, a colon, "that" or "as" stands between verb and quotation."""
    gap = tokens[cue.last + 1:index]
    return len(gap) <= 2 and all(token.low in FILLERS or token.low in ("that", "as", "of", "it", "for") for token in gap)


def _tells_that(tokens: Sequence[Token], cue: Cue, index: int) -> bool:
    """Whether a place, a time or a listener and "that" stand between verb and quotation: "said on Monday that “…”"."""
    gap = tokens[cue.last + 1:index]
    return 1 < len(gap) <= TAG_LENGTH and gap[-1].low == "that" and all(token.tag in SETTING for token in gap[:-1])


def _tag_after(tokens: Sequence[Token], index: int, sentence: tuple[int, int], cues: Sequence[Cue]) -> Cue | None:
    """The tag right behind the quotation: "…," she said; "…," said Ann."""
    low, high = sentence
    comma = index + 1 < high and tokens[index + 1].low in (",", *DASHES)
    if tokens[index].low not in TAG_ENDS and not comma and index > low:
        return None
    begin = index + 2 if comma else index + 1
    behind = [cue for cue in cues if cue.index > index]
    cue = behind[0] if behind else None
    if cue is not None and cue.source is not None and cue.source.phrase is not None:  # "…," said of "Ann Lee, who saw it, said"
        cue = next((each for each in behind[1:] if each.side == "left" and _is_tag(tokens, begin, each)), cue)
    if cue is not None and _is_tag(tokens, begin, cue):
        opens = cue.last + 1 < high and tokens[cue.last + 1].low == ":" and tokens[low].tag in ("subordinators", "verb")
        return None if opens else cue
    return unknown_tag(tokens, begin, high)


def _is_tag(tokens: Sequence[Token], begin: int, cue: Cue) -> bool:
    if cue.group == "source":
        return cue.index == begin
    if cue.source is None or cue.group == "naming":
        return False
    if cue.side == "right":
        return all(token.tag == "adverbs" for token in tokens[begin:cue.index])
    return cue.side == "left" and cue.source.index >= begin and cue.index - begin <= TAG_LENGTH and _is_subject(tokens[begin:cue.index])


def _is_subject(tokens: Sequence[Token]) -> bool:
    """Whether tokens between a quotation and a verb can be the verb's subject: they have no other verb, except in a relative clause."""
    for k, token in enumerate(tokens):
        if token.tag == "relatives" and k > 0:
            return True
        if token.tag == "quote" or token.low in (";", ":") or token.tag == "verb":
            return False
        if token.tag == "subordinators" and (k == 0 or tokens[k - 1].low != ","):
            return False
        if token.tag == "conjunctions" and (k == 0 or tokens[k - 1].low == ","):
            return False
        if token.tag == "auxiliaries" and any(later.tag not in ("auxiliaries", "adverbs") for later in tokens[k:]):
            return False
    return True


def _tag_at_end(tokens: Sequence[Token], index: int, high: int, cues: Sequence[Cue]) -> Cue | None:
    """A tag further behind: "… “words” and more words, she said."; "…, according to police"."""
    for cue in cues:
        if cue.index <= index or cue.source is None:
            continue
        if cue.group == "source":
            return cue
        after = tokens[cue.last + 1] if cue.last + 1 < high else None
        closes = after is None or (after.tag in BEHIND_TAG and after.low not in (":", "of"))
        first = cue.source.index if cue.side == "left" else cue.index
        while first > index and tokens[first - 1].tag in BETWEEN:
            first -= 1
        opens = tokens[first - 1].low == ","
        if cue.group == "speech" and cue.form in ("past", "s") and closes and opens:
            return cue
    return None


def link_paragraph(sentences: Sequence[list[SpeakerLink]], before: SpeakerLink | None, introduced: bool) -> None:
    """Give quotations without a source that of the sentence before, of the one behind, or of the paragraph before."""
    last: SpeakerLink | None = None
    waiting: list[SpeakerLink] = []
    for links in sentences:
        for link in links:
            if link.source is not None:
                for earlier in waiting:
                    _take(earlier, link, "next-sentence")
                waiting, last = [], link
            elif last is not None:
                _take(link, last, "continued")
            else:
                waiting.append(link)
    if before is not None:
        for link in waiting:
            if link.alone or introduced:
                _take(link, before, "colon" if introduced else "floating")


def _take(link: SpeakerLink, other: SpeakerLink, pattern: str) -> None:
    link.source, link.cue, link.pattern, link.origin = other.source, other.cue, pattern, other.origin or other.pattern
    link.excluded, link.answers = other.excluded, other.answers
