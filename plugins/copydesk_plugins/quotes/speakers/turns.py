"""Finds who takes turns: in transcripts and interviews without marks, and in dialogues in which two people alternate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from copydesk import Span
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers.layouts import LABEL, MARKS, TURN
from copydesk_plugins.quotes.speakers.speaker_link import SpeakerLink

LEAST = 3
"""Paragraphs with a label of a clear layout. Its labels also alternate, and most of them come again."""
KEPT = 4
"""Paragraphs of speech that are remembered: two turns of each of two people."""


def with_turns(body: str, paragraphs: Sequence[Span], stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches, and each turn of a transcript without marks ("TIM MOSS: I was tired.") as one that begins with its label."""
    labels: dict[int, str] = {}
    marked: set[int] = set()
    for number, span in enumerate(paragraphs):
        label = TURN.match(body, span.start, span.end) or LABEL.match(body, span.start, span.end)
        if label is None or label.end() >= span.end:
            continue
        labels[number] = label.group()[0] if label.re is TURN else label.group(1)
        if body[label.end()] in MARKS:
            marked.add(number)
    capitals = 2 * sum(label.isupper() for label in labels.values()) > len(labels)
    labels = {number: label for number, label in labels.items() if label.isupper() == capitals}  # labels of the rarer kind are headlines
    if not _is_clear(labels):
        return list(stretches)
    turns = [number for number in labels if number not in marked]
    found = [stretch for stretch in stretches if stretch.paragraph not in labels or stretch.paragraph in marked]
    found += [Stretch(number, paragraphs[number].start, paragraphs[number].end, paragraphs[number].start, paragraphs[number].end)
              for number in turns]
    return sorted(found, key=lambda stretch: stretch.left)


def _is_clear(labels: dict[int, str]) -> bool:
    counts = Counter(label.split()[-1] for label in labels.values())
    again = sum(count for count in counts.values() if count > 1)
    order = list(labels.values())
    changes = sum(one != other for one, other in pairwise(order))
    return len(order) >= LEAST and len(counts) > 1 and 2 * again > len(order) and 2 * changes >= len(order) - 1


class Exchange:
    """The last paragraphs of speech, each with who spoke there. A dialogue of two goes on in turns."""

    def __init__(self) -> None:
        self.turns: list[tuple[int, SpeakerLink, bool]] = []

    def note(self, number: int, link: SpeakerLink, asks: bool) -> None:
        """Note who spoke in a paragraph, and with ``asks`` that it was a question."""
        self.turns = [*self.turns[1 - KEPT:], (number, link, asks)]

    def other(self, number: int) -> SpeakerLink | None:
        """Who speaks next in paragraph ``number``, when the two before it are an exchange of two people; else None."""
        if len(self.turns) < 2:
            return None
        (first, one, asks), (second, two, asks_too) = self.turns[-2:]
        if (first, second) != (number - 2, number - 1) or _who(one) is _who(two) or None in (_who(one), _who(two)):
            return None
        long = len(self.turns) == KEPT and self.turns[0][0] == number - KEPT and _who(self.turns[0][1]) is _who(one)
        return one if asks or asks_too or long or two.pattern == "alternating" else None


def _who(link: SpeakerLink) -> object:
    """The named person of a link, else None."""
    mention = link.source.mention if link.source is not None else None
    return mention.entity if mention is not None else None
