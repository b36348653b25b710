"""The link from a quotation to who says it."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk_plugins.quotes.grammar.cues import Cue
from copydesk_plugins.quotes.grammar.noun_phrases import SpeechSource


@dataclass(slots=True)
class SpeakerLink:
    """Who says a quotation, and how that was found.

    Attributes:
        pattern: the pattern that found the source; ``none`` when none did.
        source: who speaks; None when not found.
        cue: the reporting verb or phrase; None without one.
        alone: whether the quotation's sentence is nothing but quotations.
        adjacent: whether cue and quotation touch.
        index: the quotation's token in its paragraph.
        sentence: the tokens of its sentence: first, and behind the last.
        origin: the pattern of the link that it was taken over from; empty when it was not.
        excluded: whom its pronoun cannot mean; None when there is nobody.
        answers: whom its pronoun means, since that person was asked; None when not known.
    """

    pattern: str
    source: SpeechSource | None = None
    cue: Cue | None = None
    alone: bool = False
    adjacent: bool = False
    index: int = 0
    sentence: tuple[int, int] = (0, 0)
    origin: str = ""
    excluded: SpeechSource | None = None
    answers: SpeechSource | None = None
