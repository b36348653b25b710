"""Makes quotes of what was read: a stretch, its link, its speaker."""

from __future__ import annotations

from copydesk import Quote, QuoteKind
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers.resolver import ResolvedSpeaker
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

DIGITS = 2
"""Decimals of a confidence."""


def row(body: str, stretch: Stretch, link: SpeakerLink, speaker: ResolvedSpeaker, kind: QuoteKind, place: tuple[int, int],
         clause: tuple[int, int] | None, lexicon: Lexicon) -> Quote:
    """A quote of a stretch, its link and its speaker. ``place`` is its utterance, and its part of that."""
    source, cue = link.source, link.cue
    clause = clause if kind is QuoteKind.MIXED else None
    text = body[stretch.start:stretch.end]
    return Quote(
        text=text, kind=kind, start=stretch.start, end=stretch.end, speaker=speaker.name,
        speaker_text=body[source.start:source.end] if source is not None else None,
        speaker_start=source.start if source is not None else None, speaker_end=source.end if source is not None else None,
        speaker_type=speaker.type, speaker_role=speaker.role,
        cue=body[cue.start:cue.end] if cue is not None else None,
        cue_start=cue.start if cue is not None else None, cue_end=cue.end if cue is not None else None,
        clause_start=clause[0] if clause else None, clause_end=clause[1] if clause else None,
        utterance=place[0], part=place[1], pattern=link.pattern,
        confidence=_confidence(link, speaker, lexicon))


def _confidence(link: SpeakerLink, speaker: ResolvedSpeaker, lexicon: Lexicon) -> float:
    """How often such a speaker is the right one, 0 to 1: by the link's pattern, and less for phrases and pronouns."""
    if link.source is None or not speaker.name:
        return 0.0
    column = 1 if link.source.kind == "nominal" and speaker.entity is None else 0
    return round(min(lexicon.confidence[each][column] for each in (link.pattern, link.origin or link.pattern)) * speaker.sure, DIGITS)


def goes_on(stretch: Stretch, link: SpeakerLink, before: SpeakerLink, new_paragraph: bool) -> bool:
    """Whether a stretch goes on with the utterance of the one before. ``new_paragraph``: it stands in another paragraph than that one."""
    if stretch.carried or new_paragraph:
        return stretch.carried
    if link.source is None or before.source is None or link.source.start != before.source.start:
        return False
    return link.pattern == "continued" or (link.cue is not None and before.cue is not None and link.cue.start == before.cue.start)
