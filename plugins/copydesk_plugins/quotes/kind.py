"""Decides what a stretch in marks is: speech set out (direct), words in the writer's sentence (mixed), or no quotation of anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from copydesk import Quote, QuoteKind
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.tokens import SENTENCE_STOPS, Token
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

WORDS = re.compile(r"\w{1,60}(?:['’.-]\w{1,60}){0,20}")
"""A word of a quotation."""
NOTE = re.compile(r"[(\[][^()\[\]]{1,80}[)\]]\.?")
"""A note of the transcriber: (Laughter.)"""
ENDS = ".,!?…—-"
"""Signs at which speech ends."""
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e01-\u0e5b]")
"""Letters of languages that set no blanks between words."""
UNSPACED_LEAST = 6
"""Such letters of a quotation that is more than a word or two."""
FEW = 3
"""With fewer words a quotation needs other signs that it is one."""
KNOWN = 4
"""Words of a name that somebody is known by."""
HEADLINE = 0.8
"""Share of longer words with capitals in a sentence set as a headline."""
LABEL = 2
"""Words of a label."""
TITLE = 9
"""A title has fewer words than this."""
TITLE_PLACES = frozenset({"poss", "prepositions", "noun", "name"})
"""Tags before which titles of works stand."""
SMALL = 3
"""Titles leave words of up to so many letters in lower case."""


def judge(body: str, stretch: Stretch, link: SpeakerLink, tokens: Sequence[Token], lexicon: Lexicon) -> QuoteKind | None:
    """The kind of a stretch: direct, mixed, or None for what is no quotation (a title, a label, a nickname, a word named as a word)."""
    text = body[stretch.start:stretch.end]
    count = len(WORDS.findall(text))
    if NOTE.fullmatch(text):
        return None
    if stretch.single and link.alone and link.pattern in ("none", "floating"):
        return None
    if link.alone or stretch.carried or stretch.open_end:
        return QuoteKind.DIRECT if count > 1 or text[-1] in ENDS else None
    before = tokens[link.index - 1] if link.index > link.sentence[0] else None
    if _is_name(text, count, link, tokens, before, lexicon):
        return None
    if not _is_speech(text, count, link, before, _is_headline(tokens[link.sentence[0]:link.sentence[1]])):
        return None
    return QuoteKind.DIRECT if _is_clause(text, count, link, before) else QuoteKind.MIXED


def _is_name(text: str, count: int, link: SpeakerLink, tokens: Sequence[Token], before: Token | None, lexicon: Lexicon) -> bool:
    """Whether the marks set off a name: what somebody or something is known as, a nickname between two names, or a work's title."""
    after = tokens[link.index + 1] if link.index + 1 < len(tokens) else None
    between = before is not None and before.tag == "name" and after is not None and after.tag == "name" and after.capital
    known = link.adjacent and link.cue is not None and link.cue.base in lexicon.words["named_so"]
    work = before is not None and (before.low in lexicon.words["works"] or (
        before.verb is not None and before.verb.base in lexicon.words["performing"] and text[-1] not in "!?."))
    return (between and count < FEW) or (known and count <= KNOWN) or (work and count < TITLE and _is_set_as_title(text))


def _is_set_as_title(text: str) -> bool:
    """Whether the first and the last word and all longer ones have capitals ("Let It Go")."""
    words = WORDS.findall(text)
    return len(words) > 1 and not words[0][0].islower() and not words[-1][0].islower() and all(
        not word[0].islower() for word in words if len(word) > SMALL)


def _is_headline(tokens: Sequence[Token]) -> bool:
    """Whether nearly all longer words of a sentence have capitals. Then capitals inside its marks show no title."""
    long = [token.capital for token in tokens if token.tag != "quote" and token.mention is None and token.end - token.start > SMALL]
    names = [token.mention for token in tokens if token.mention is not None]
    long += [True for name in names for part in (*name.title.split(), *name.parts) if len(part) > SMALL]
    return len(long) >= KNOWN and sum(long) >= HEADLINE * len(long)


def _is_speech(text: str, count: int, link: SpeakerLink, before: Token | None, headline: bool) -> bool:
    """Whether somebody said the words, by their pattern and length, and because they are no title where titles stand."""
    title = _is_title(text) and not headline
    if title and count < TITLE and before is not None and before.tag in TITLE_PLACES:
        return False
    if link.pattern in ("none", "next-sentence"):
        return count > KNOWN and not title
    if link.pattern == "same-sentence":
        return count > LABEL and not title
    if link.adjacent:
        thing = link.source is not None and link.source.kind == "nominal"
        group = link.cue.group if link.cue is not None else ""
        return not (title and (group == "thought" or (thing and group == "naming")))
    return not title or (count >= FEW and text[-1] in ".,!?")


def _is_title(text: str) -> bool:
    """Whether all longer words have capitals, as in a title."""
    long = [word for word in WORDS.findall(text) if len(word) > SMALL]
    return bool(long) and all(word[0].isupper() or word[0].isdigit() for word in long)


def _is_clause(text: str, count: int, link: SpeakerLink, before: Token | None) -> bool:
    """Whether the stretch is all of what was said, or begins and ends as a sentence of its own."""
    tagged = link.pattern in ("quote-verb-speaker", "quote-speaker-verb")
    if count < 2 and text[-1] not in ("!?.," if tagged and text[0].isupper() else "!?."):
        return False
    if tagged:
        return before is None or before.tag in ("punct", "quote", "conjunctions") or text[0].isupper()
    if link.pattern == "speaker-verb-quote" and link.cue is not None:
        that = before is not None and before.low in ("that", "as", "of", "it", "for")
        return not that and (link.cue.group != "naming" or text[0].isupper()) and (count >= FEW or _is_sentence(text))
    opens = before is None or before.low in (",", ":")
    return _is_sentence(text) and opens and (count >= FEW or link.adjacent or (before is not None and before.low == ":"))


def _is_sentence(text: str) -> bool:
    """Whether a text begins and ends as a sentence does."""
    return text[0].isupper() and text[-1] in ".!?"


def clause(link: SpeakerLink, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The reported clause around a mixed quotation: its sentence without source and verb. None when that cannot be told."""
    if link.cue is None or not link.sentence[0] <= link.index < link.sentence[1]:
        return None
    low, high = link.sentence
    cue = link.cue
    inside = low <= cue.index <= cue.last < high and tokens[cue.index].start == cue.start
    if not inside:  # the cue stands in another paragraph or inside the marks, where tokens are counted differently
        return None
    if cue.last < link.index:
        first = cue.last + 1
        while first < link.index and (tokens[first].low in ("that", ",", ":") or tokens[first].tag == "times"):
            first += 1
        last = _clause_end(tokens, link.index, high)
    else:
        first, last = low, link.index
        edge = min(cue.index, link.source.index if link.source is not None else cue.index)
        last = max(link.index, _clause_end(tokens, link.index, edge))
    return tokens[first].start, tokens[last].end


def _clause_end(tokens: Sequence[Token], index: int, high: int) -> int:
    """The last token of the clause that holds ``index``: before a full stop, or before a comma that a participle follows."""
    last = index
    for k in range(index + 1, high):
        token = tokens[k]
        after = tokens[k + 1] if k + 1 < high else None
        if token.low in SENTENCE_STOPS and token.tag == "punct":
            break
        if token.low == "," and (after is None or (after.verb is not None and after.verb.form == "ing") or after.low == "according"):
            break
        last = k
    while last > index and tokens[last].tag == "punct":
        last -= 1
    return last


def marks_only(body: str, stretches: Sequence[Stretch], tagged: Callable[[Stretch], bool] = lambda _: False) -> Iterator[Quote]:
    """Quotes by their marks alone, for languages without rules. No speaker is guessed. Short ones count only when ``tagged`` says so."""
    utterance, part = -1, 0
    for stretch in stretches:
        text = body[stretch.start:stretch.end]
        short = len(WORDS.findall(text)) < FEW and text[-1] not in "!?.。！？" and len(UNSPACED.findall(text)) < UNSPACED_LEAST
        if short and not tagged(stretch):
            continue
        utterance, part = (utterance, part + 1) if stretch.carried and utterance >= 0 else (utterance + 1, 0)
        kind = QuoteKind.DIRECT if text[0].isupper() or text[-1] in ".!?…。！？" or stretch.carried else QuoteKind.MIXED
        yield Quote(text=text, kind=kind, start=stretch.start, end=stretch.end, utterance=utterance, part=part, pattern="marks")
