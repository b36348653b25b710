"""Finds whom "he" and "she" mean: the person in focus, by recency, by place in the sentence, and by who spoke last.

Gender comes from the text's own words (Mr., spokeswoman, a pronoun where only one person is in play), never from a name. It only rules
people out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from copydesk_plugins.quotes.grammar.mentions import Entity, Mention
from copydesk_plugins.quotes.marks.stretches import Stretch

GENDERS = {"he": "m", "his": "m", "him": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
"""The gender of each pronoun."""
BOUNDARY = re.compile(r"[.!?…][\"”’')\]]{0,3}\s{1,50}(?=[\"“‘'(\[]?[A-Z0-9])|\n{1,50}")
"""The end of a sentence or line."""
PRONOUN = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im|[Hh]imself|[Hh]erself)\b")
"""A pronoun of a person."""
PREPOSITION = re.compile(r"\b(?:of|for|with|to|by|from|about|against|on|in|at|over|like|than)[ \u00a0]$")
"""A preposition right before a name."""
DECAY = 0.66
"""Factor of a person's score for each sentence between name and pronoun."""
FIRST = 2.0
"""Factor for the first name of a sentence."""
ASIDE = 0.5
"""Factor for an owner ("Ann's"), and for a name behind a preposition."""
LAST_SPEAKER = 0.1
"""Added to the score of who spoke last."""
REACH = 30
"""How many names back a pronoun may point."""
MOST_SENTENCES = 12
"""How many sentences back it may point."""
AGAIN, SAME_GENDER = 0.02, 1.1
"""Added to the score for each mention; factor for a person whose gender the text tells."""
VOTE_REACH = 4
"""Names back among which a pronoun tells a person's gender."""
PREPOSITION_BEFORE = 9
"""Characters before a name in which a preposition stands."""


class Focus:
    """Resolves pronouns by the people named outside of quotations."""

    def __init__(self, body: str, mentions: Sequence[Mention], stretches: Sequence[Stretch]) -> None:
        self.mentions = [mention for mention in mentions if not mention.quoted and mention.entity is not None and mention.entity.person]
        self.starts = [mention.start for mention in self.mentions]
        self.breaks = [0, *(match.end() for match in BOUNDARY.finditer(body))]
        self.sentence = [bisect_right(self.breaks, start) for start in self.starts]
        self.weights = [self._weight(body, k) for k in range(len(self.mentions))]
        self._vote(body, stretches)

    def _weight(self, body: str, k: int) -> float:
        """How much its place in the sentence puts a name in focus: most the first one, least owners and names behind prepositions."""
        mention = self.mentions[k]
        first = k == 0 or self.sentence[k - 1] != self.sentence[k]
        owner = body[mention.end:mention.end + 2] in ("'s", "’s")
        behind = PREPOSITION.search(body[max(0, mention.left - PREPOSITION_BEFORE):mention.left]) is not None
        return (FIRST if first else 1.0) * (ASIDE if owner or behind else 1.0)

    def _vote(self, body: str, stretches: Sequence[Stretch]) -> None:
        """Take votes on gender: a pronoun tells it of the only person named so far in its sentence and the one before."""
        index = 0
        for match in PRONOUN.finditer(body):
            while index < len(stretches) and stretches[index].right <= match.start():
                index += 1
            if index < len(stretches) and stretches[index].left <= match.start():
                continue
            at = bisect_left(self.starts, match.start())
            here = bisect_right(self.breaks, match.start())
            near = {id(m.entity): m.entity for k in range(max(0, at - VOTE_REACH), at)
                    for m in (self.mentions[k],) if self.sentence[k] >= here - 1}
            if len(near) == 1:
                entity = next(iter(near.values()))
                if entity is not None:
                    entity.genders[GENDERS[match.group().lower()]] += 1

    def resolve(self, pronoun: str, at: int, speaker: Entity | None, excluded: Sequence[Entity] = ()) -> Entity | None:
        """The person that a pronoun at offset ``at`` means; ``speaker`` spoke last before it, and it means none of ``excluded``."""
        gender = GENDERS.get(pronoun)
        here = bisect_right(self.breaks, at)
        index = bisect_left(self.starts, at)
        scores: dict[int, float] = {}
        people: dict[int, Entity] = {}
        for k in range(index - 1, max(-1, index - 1 - REACH), -1):
            entity = self.mentions[k].entity
            distance = here - self.sentence[k]
            if entity is None or distance > MOST_SENTENCES:
                continue
            if any(entity is each for each in excluded) or entity.gender not in (None, gender):
                continue
            score = DECAY ** distance * self.weights[k]
            people[id(entity)] = entity
            scores[id(entity)] = max(scores.get(id(entity), 0.0), score) + AGAIN
        if speaker is not None and not any(speaker is each for each in excluded) and speaker.gender in (None, gender):
            people[id(speaker)] = speaker
            scores[id(speaker)] = scores.get(id(speaker), 0.0) + LAST_SPEAKER
        for key, entity in people.items():
            scores[key] *= SAME_GENDER if entity.gender == gender else 1.0
        return people[max(scores, key=lambda key: scores[key])] if scores else None
