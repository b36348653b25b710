"""Finds who a source is: the fullest form of a name, the person of a pronoun, a phrase as written; with type and role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.mentions import Entity, Mention
from copydesk_plugins.quotes.grammar.noun_phrases import SpeechSource
from copydesk_plugins.quotes.marks.stretches import Stretch
from copydesk_plugins.quotes.speakers.focus import GENDERS, Focus

ROLE_BEHIND = re.compile(r", ((?:an? |the )?[a-z][^,;.“”\"()]{3,90}?)(?=,|\.|;| who | said\b)")
"""A role behind a name, between commas."""
ROLE_BEFORE = re.compile(r"(?<![\w-])([A-Z]?(?:[a-z][a-z-]{1,20} ){1,4})$")
"""A role before a name."""
RELATIVES = frozenset({"who", "whose", "whom", "which", "that", "where", "when"})
"""Words that begin a relative clause and no role."""
GENDERED = frozenset({"he", "she"})
"""Pronouns that mean one person."""
PRONOUN = 0.8
"""How sure the person of a pronoun is, 0 to 1."""
DOUBTFUL = 0.5
"""How sure a name is that two people bear, where nothing in the text decides."""
AS_IT_STANDS = 0.5
"""How sure a pronoun is that names nobody ("they", "someone")."""
ROLE_REACH = 60
"""Characters before a name in which a role stands."""
THE = "the "
"""The article before names of organisations."""


@dataclass(frozen=True, slots=True)
class ResolvedSpeaker:
    """Who said it.

    Attributes:
        name: the name, or the phrase as written; None when nobody is named.
        entity: whose name it is; None for a phrase or pronoun.
        type: ``person``, ``organization`` or ``unknown``.
        role: the role; None when none is known.
        sure: how sure that is, 0 to 1.
    """

    name: str | None
    entity: Entity | None = None
    type: str = "unknown"
    role: str | None = None
    sure: float = 1.0


class Resolver:
    """Names the speakers of one article."""

    def __init__(self, body: str, mentions: Sequence[Mention], stretches: Sequence[Stretch], lexicon: Lexicon) -> None:
        self.body = body
        self.mentions = mentions
        self.stretches = stretches
        self.lexicon = lexicon
        self.last_meant: tuple[str, Entity] | None = None  # whom the last pronoun meant: the next "he" is not the last "she"

    @cached_property
    def focus(self) -> Focus:
        """Resolves pronouns. It is built when the first pronoun speaks."""
        return Focus(self.body, self.mentions, self.stretches)

    def speaker(self, source: SpeechSource, last: Entity | None, others: Sequence[Mention] = ()) -> ResolvedSpeaker:
        """The speaker that a source stands for. ``last`` is the person who spoke before; a pronoun means none of ``others``."""
        if source.mention is not None and source.mention.entity is not None:
            entity = source.mention.entity
            sure = DOUBTFUL if source.mention.doubtful else 1.0
            return ResolvedSpeaker(entity.name, entity, self._name_type(entity, source.mention), self._role(source.mention), sure)
        start, end = source.phrase or (source.start, source.end)
        phrase = self.body[start:end]
        if source.kind == "pronoun" and source.low in GENDERED:
            excluded = [self.last_meant[1]] if self.last_meant is not None and self.last_meant[0] != source.low else []
            excluded += [mention.entity for mention in (source.excluded, *others) if mention is not None and mention.entity is not None]
            meant = self.focus.resolve(source.low, source.start, last, excluded)
            if meant is not None:
                self.last_meant = (source.low, meant)
                return ResolvedSpeaker(meant.name, meant, "person", meant.role, PRONOUN)
            return ResolvedSpeaker(None, None, "person", None, 0.0)
        if source.kind == "pronoun":
            return ResolvedSpeaker(phrase, None, "unknown", None, AS_IT_STANDS)
        return ResolvedSpeaker(phrase, None, self._phrase_type(source), None)

    def answer(self, source: SpeechSource, meant: SpeechSource) -> ResolvedSpeaker | None:
        """The person who was asked, as the speaker that "he" or "she" stands for; None where the text's gender words contradict."""
        if meant.mention is None or meant.mention.entity is None:
            start, end = meant.phrase or (meant.start, meant.end)
            return ResolvedSpeaker(self.body[start:end], None, self._phrase_type(meant), None, PRONOUN)
        entity = meant.mention.entity
        if not entity.person or entity.gender not in (None, GENDERS[source.low]):
            return None
        self.last_meant = (source.low, entity)
        return ResolvedSpeaker(entity.name, entity, "person", entity.role, PRONOUN)

    def _name_type(self, entity: Entity, mention: Mention) -> str:
        """What a name is of. A lone word that is no first name, place or abbreviation may be either."""
        if entity.person:
            return "person"
        low = set(entity.parts)
        place = bool(low & self.lexicon.words["places"]) and self.body[max(0, mention.left - len(THE)):mention.left].lower() != THE
        capitals = any(part.isalpha() and part.isupper() and len(part) > 1 for part in mention.parts)
        return "organization" if place or capitals or len(low) > 1 or low & self.lexicon.words["organisations"] else "unknown"

    def _phrase_type(self, source: SpeechSource) -> str:
        low = source.low.rstrip("s")
        if source.low in self.lexicon.words["bodies"]:
            return "organization"
        return "person" if low in self.lexicon.words["all_titles"] or source.low in self.lexicon.words["all_titles"] else "unknown"

    def _role(self, mention: Mention) -> str | None:
        """The role seen first for the person of a mention, there or elsewhere; None when there is none."""
        entity = mention.entity
        if entity is None or not entity.person:
            return None
        behind = ROLE_BEHIND.match(self.body, mention.end)
        if behind is not None and entity.role is None:
            words = re.findall(r"[\w-]+", behind.group(1).lower())
            known = self.lexicon.words["all_titles"].intersection(words) or words[0] in ("a", "an", "the")
            if known and words[0] not in RELATIVES:
                entity.role = behind.group(1).strip()
        before = ROLE_BEFORE.search(self.body[max(0, mention.left - ROLE_REACH):mention.left])
        if before is not None and entity.role is None:
            words = before.group(1).split()
            if words[-1].lower() in self.lexicon.words["all_titles"]:
                tags, verbs = self.lexicon.tags, self.lexicon.verbs
                kept = [word for word in words if tags.get(word.lower()) in (None, "adverbs") and word.lower() not in verbs]
                entity.role = " ".join(kept) or None
        return entity.role
