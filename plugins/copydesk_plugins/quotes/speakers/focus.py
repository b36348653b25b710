"""Whom "he" and "she" mean: the person in focus, by recency, place in the sentence and who spoke last.

Gender is read off the text's own words (Mr., spokeswoman, a pronoun where only one person is in play), never off a name, and is used
only to rule people out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.mentions import Entity, Mention
from copydesk_plugins.quotes.marks.stretches import Stretch

GENDERS = {"he": "m", "his": "m", "him": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
BOUNDARY = re.compile(r"[.!?…][\"”’')\]]{0,3}\s{1,50}(?=[\"“‘'(\[]?[A-Z0-9])|\n{1,50}")
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Hh]imself|[Hh]erself)\b")
PREPOSITION = re.compile(r"\b(?:of|for|with|to|by|from|about|against|on|in|at|over|like|than)[ \u00a0]$")
DECAY = 0.66
FIRST = 2.0
ASIDE = 0.5
LAST_SPEAKER = 0.1
REACH = 30
"""How many names back a pronoun may point."""


class Focus:
    """Persons named outside quotations, by place, for resolving pronouns."""

    def __init__(self, body: str, mentions: Sequence[Mention], stretches: Sequence[Stretch]) -> None:
        self.mentions = [mention for mention in mentions if not mention.quoted and mention.entity is not None and mention.entity.person]
        self.starts = [mention.start for mention in self.mentions]
        self.breaks = [0, *(match.end() for match in BOUNDARY.finditer(body))]
        self.sentence = [bisect_right(self.breaks, start) for start in self.starts]
        self.weights = [self._weight(body, k) for k in range(len(self.mentions))]
        self._vote(body, stretches)

    def _weight(self, body: str, k: int) -> float:
        """How much a place in its sentence puts a person in focus: the first name most, owners and names behind prepositions least."""
        mention = self.mentions[k]
        first = k == 0 or self.sentence[k - 1] != self.sentence[k]
        owner = body[mention.end:mention.end + 2] in ("'s", "’s")
        behind = PREPOSITION.search(body[max(0, mention.left - 9):mention.left]) is not None
        return (FIRST if first else 1.0) * (ASIDE if owner or behind else 1.0)

    def _vote(self, body: str, stretches: Sequence[Stretch]) -> None:
        """A pronoun in a sentence with one person so far, named in it or the one before, tells that person's gender."""
        index = 0
        for match in PRONOUN.finditer(body):
            while index < len(stretches) and stretches[index].right <= match.start():
                index += 1
            if index < len(stretches) and stretches[index].left <= match.start():
                continue
            at = bisect_left(self.starts, match.start())
            here = bisect_right(self.breaks, match.start())
            near = {id(m.entity): m.entity for k in range(max(0, at - 4), at)
                    for m in (self.mentions[k],) if self.sentence[k] >= here - 1}
            if len(near) == 1:
                entity = next(iter(near.values()))
                if entity is not None:
                    entity.genders[GENDERS[match.group().lower()]] += 1

    def resolve(self, pronoun: str, at: int, speaker: Entity | None, apart: Sequence[Entity] = ()) -> Entity | None:
        """The person that a pronoun at offset ``at`` means; ``speaker`` spoke last before it, ``apart`` are others."""
        gender = GENDERS.get(pronoun)
        here = bisect_right(self.breaks, at)
        index = bisect_left(self.starts, at)
        scores: dict[int, float] = {}
        people: dict[int, Entity] = {}
        for k in range(index - 1, max(-1, index - 1 - REACH), -1):
            entity = self.mentions[k].entity
            distance = here - self.sentence[k]
            if entity is None or distance > 12:
                continue
            if any(entity is each for each in apart) or entity.gender not in (None, gender):
                continue
            score = DECAY ** distance * self.weights[k]
            people[id(entity)] = entity
            scores[id(entity)] = max(scores.get(id(entity), 0.0), score) + 0.02
        if speaker is not None and not any(speaker is each for each in apart) and speaker.gender in (None, gender):
            people[id(speaker)] = speaker
            scores[id(speaker)] = scores.get(id(speaker), 0.0) + LAST_SPEAKER
        for key, entity in people.items():
            scores[key] *= 1.1 if entity.gender == gender else 1.0
        return people[max(scores, key=lambda key: scores[key])] if scores else None
