"""Finds who answers: whom a pronoun behind a question means, and whom it cannot mean.

    Mark Webb asked Carla Dunn if she was well. “I am fine,” she replied.      Carla Dunn
    Ann Lee accused him of “theft,” a claim he called “absurd.”                not Ann Lee
"""

from __future__ import annotations

from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.cues import find_cues
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.noun_phrases import SpeechSource, noun_phrase_right
from copydesk_plugins.quotes.grammar.tokens import Token
from copydesk_plugins.quotes.speakers.resolver import GENDERED
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

WHOM_REACH = 6
"""Tokens behind a verb of asking within which the person asked stands."""


def note_replies(tokens: Sequence[Token], ranges: Sequence[tuple[int, int]], linked: Sequence[Sequence[SpeakerLink]],
                 lexicon: Lexicon) -> None:
    """Note on the links who replies in sentences behind a question to somebody (``answers``, ``excluded``)."""
    for place, links in enumerate(linked):
        for number, link in enumerate(links):
            if not is_pronoun(link.source):
                continue
            if number and _is_echo(tokens, links[number - 1], link):
                link.excluded = links[number - 1].source
            elif place and not number and is_reply(link, lexicon):
                link.excluded, link.answers = asker_and_asked(tokens, *ranges[place - 1], lexicon)


def is_reply(link: SpeakerLink, lexicon: Lexicon) -> bool:
    """Whether a link says that "he" or "she" answers, replies or responds."""
    return link.cue is not None and link.cue.base in lexicon.words["replying"] and is_pronoun(link.source)


def is_pronoun(source: SpeechSource | None) -> bool:
    """Whether a source is "he" or "she"."""
    return source is not None and source.kind == "pronoun" and source.low in GENDERED


def asker_and_asked(tokens: Sequence[Token], low: int, high: int, lexicon: Lexicon) -> tuple[SpeechSource | None, SpeechSource | None]:
    """Who asks in the sentence ``tokens[low:high]``, and whom; None for what it does not say."""
    cues = [cue for cue in find_cues(tokens, low, high, lexicon) if cue.base in lexicon.words["asking_of"] and cue.source is not None]
    if not cues:
        return None, None
    whom = noun_phrase_right(tokens, cues[-1].last + 1, high)
    near = whom is not None and whom.kind != "pronoun" and whom.index <= cues[-1].last + WHOM_REACH
    return cues[-1].source, whom if near else None


def _is_echo(tokens: Sequence[Token], before: SpeakerLink, link: SpeakerLink) -> bool:
    """Whether a pronoun's clause names what was said before it: "…,” a claim she called “…”"."""
    if before.source is None or link.source is None or link.source.index < before.index + 2:
        return False
    between = tokens[before.index + 1:link.source.index]
    between = between[1:] if between and between[0].low == "," else between
    return bool(between) and between[0].tag == "determiners" and all(token.tag in ("determiners", "noun", "relatives") for token in between)
