"""Finds who speaks by the layout: a name and a colon before each speech (transcripts), or a dash and a name behind it (signed)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from copydesk import Span
from copydesk_plugins.quotes.grammar.mentions import Mention
from copydesk_plugins.quotes.grammar.noun_phrases import DASHES, SpeechSource, noun_phrase_right
from copydesk_plugins.quotes.grammar.tokens import Token
from copydesk_plugins.quotes.marks.stretches import Stretch

LABEL = re.compile(r"([A-Z][A-Z.'’-]{1,25}(?: [A-Z][A-Z.'’-]{1,25}){0,3}|(?:[A-Z][\w.'’-]{1,20} ){1,3}[A-Z][\w'’-]{1,20})"
                   r"(?: \([^()\n]{1,40}\))?:[ \u00a0]{1,3}")
"""A name before a colon."""
TURN = re.compile(r"[QA][.:][ \u00a0]{1,3}")
"""The letter of a turn in questions and answers."""
MARKS = tuple("“\"‘'«„")
"""Opening marks."""
SIGNATURE = re.compile(r"[-–—―]{1,2} ?(?=[A-Z])")
"""The dash before a signature."""
SIGNED_LINE = re.compile(r"\(?[A-Z][^.!?:;()\n]{2,60}, [^.!?:;()\n]{1,60}\)?(?!.)")
"""A line that is a name with a trade, a place or an age."""
SIGNED = 24
"""Tokens of a signature: a name with a role or a place."""
SIGNED_LENGTH = 120
"""Characters of a paragraph that is a signature."""
LABEL_OFFSET = 2
"""Characters before the first mark of a paragraph that begins with a label."""

Labels = Mapping[int, tuple[int, int]]


def cut_labels(body: str, stretches: Sequence[Stretch], paragraphs: Sequence[Span]) -> tuple[list[Stretch], Labels]:
    """The stretches without the names before a colon at their start, and the spans of those names by the stretches' numbers.

    A single such name may be a headline's ("Poll: …"), so at least two paragraphs of a text must have one.
    """
    found: dict[int, tuple[int, int]] = {}
    plain = [_without_turn(body, stretch) for stretch in stretches]
    cut = list(plain)
    for number, stretch in enumerate(stretches):
        if stretch.single or stretch.left > paragraphs[stretch.paragraph].start + LABEL_OFFSET:
            continue
        label = LABEL.match(body, stretch.start, stretch.end)
        if label is not None and label.end() < stretch.end:
            found[number] = label.span(1)
            cut[number] = replace(stretch, start=label.end(), carried=False)
    return (cut, found) if len(found) > 1 else (plain, {})


def _without_turn(body: str, stretch: Stretch) -> Stretch:
    """A stretch without the letter of its turn (“Q: When?”)."""
    turn = TURN.match(body, stretch.start, stretch.end)
    return replace(stretch, start=turn.end(), carried=False) if turn is not None and turn.end() < stretch.end else stretch


def turn_end(body: str, span: Span) -> int:
    """Where a paragraph's own words begin: behind the letter of a turn before a mark (Q. “When?”)."""
    turn = TURN.match(body, span.start, span.end)
    return turn.end() if turn is not None and body[turn.end():turn.end() + 1] in MARKS else span.start


def is_turn(body: str, stretch: Stretch, span: Span) -> bool:
    """Whether a stretch is a question or answer with its letter. Whoever was named before need not be its speaker."""
    own = TURN.match(body, stretch.left, stretch.end) or TURN.match(body, stretch.left + 1, stretch.end)
    return own is not None or span.start < turn_end(body, span) == stretch.left


def label_source(place: tuple[int, int], mentions: Mapping[int, Mention]) -> SpeechSource:
    """A transcript's name as a source."""
    start, end = place
    mention = mentions.get(start)
    if mention is not None and mention.end == end:
        return SpeechSource(mention.start, end, "name", -1, -1, mention.parts[-1].lower(), mention)
    return SpeechSource(start, end, "nominal", -1, -1)


def signature(tokens: Sequence[Token], index: int, high: int) -> SpeechSource | None:
    """The source in "“…” ― Ann Lee, teacher": a dash and a name behind the quotation ``index`` end its sentence."""
    begin = index + 1
    if begin + 1 < high and tokens[begin].low == "(" and tokens[high - 1].low in (")", ".") and high - begin <= SIGNED:
        return line_signature(tokens[begin:high])
    if begin + 1 >= high or tokens[begin].low not in DASHES or high - begin > SIGNED:
        return None
    while begin < high and tokens[begin].low in DASHES:
        begin += 1
    if begin >= high or not tokens[begin].capital or any(token.tag in ("verb", "auxiliaries", "quote") for token in tokens[begin:high]):
        return None
    return noun_phrase_right(tokens, begin, high)


def is_signature(body: str, span: Span) -> bool:
    """Whether a paragraph is a dash and a name, or a name and a trade or age ("Tim Moss, singer", "(Tim Moss, 54)")."""
    return span.end - span.start <= SIGNED_LENGTH and any(each.match(body, span.start, span.end) for each in (SIGNATURE, SIGNED_LINE))


def line_signature(tokens: Sequence[Token]) -> SpeechSource | None:
    """The source of a paragraph that is a person's name with a trade, a place or an age behind it."""
    at = 1 if tokens and tokens[0].low == "(" else 0
    name = tokens[at].mention if at + 1 < len(tokens) else None
    if name is None or len(name.parts) < 2 or tokens[at + 1].low != ",":
        return None
    if any(token.tag in ("verb", "auxiliaries", "quote", "relatives") for token in tokens[at + 1:]):
        return None
    return SpeechSource(name.start, name.end, "name", at, at, tokens[at].low, name)
