"""Sorts the names of an article into people and others, and ties short forms to the fullest form.

Runs of capitalised words are cut at titles ("NATO Secretary-General Mark Rutte" is Mark Rutte with a role). Evidence in the text makes a
run a person: a title, a first name, an age or an apposition behind it, or a later "Mr. X". A short form means the entity with that last
name that was named last. The first word counts too where only that fits (family name first).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk import Span
from copydesk_plugins.quotes.grammar.lexicon import Lexicon
from copydesk_plugins.quotes.grammar.mentions import Entity, Mention, find_mentions

BEHIND_PERSON = re.compile(r", (?:\d\d\b|who\b|whose\b|an? |the |(?:[a-z-]{1,20} ){0,3}(?:of|at|for)\b)| \((?:[DRI]-|I-)")
"""An age, an apposition or a party behind a person's name."""
NOUN_BEFORE = re.compile(r"\b([a-z]{3,15}),? $")
"""A noun right before a name."""
NOUN_REACH = 18
"""Characters before a name in which that noun stands."""
INITIALS = re.compile(r"(?:[^\W\d_]\.){2,4}")
"""Initials written as one word."""
BESIDE = 80
"""Characters within which two namesakes are named side by side."""
PROMINENT = 3
"""Somebody named in full this many times as often as others of the name is meant by it."""
FAR = 400
"""Beyond this many characters a last name means whom the article names in full most often, not who was named last."""
LOOKED_BACK, NAMESAKES = 12, 20
"""Entities of one last name that are compared, so that the time stays bounded."""
TITLE_VOTES, NOUN_VOTES = 5, 3
"""Votes on gender of a title ("Mr."), and of a noun before a name ("spokeswoman")."""
USUAL_LENGTH, ODD_LENGTH, MOST_USUAL = 0.6, -0.5, 4
"""Evidence of a name's number of words: two to four are usual for people. (Evidence above 0 in all makes a person.)"""
TITLED, FIRST_NAMED, ADDRESSED, DESCRIBED = 2.0, 2.5, 1.5, 1.0
"""Evidence of a title, a first name, a later "Mr. X", and a description behind the name."""
ORGANISED, ORGANISED_FIRST, PLACED, WITH_THE = 4.0, 2.0, 3.0, 2.0
"""Evidence against: words of organisations, one of them in front, a place, a "the" before the name."""
ABBREVIATED, JOINED = 3.0, 3.0
"""Evidence against: an abbreviation, and joining words."""
THE = "the "
"""The article before names of organisations and places."""
SHORT_CAPITALS = 3
"""A word in capitals with more letters is an abbreviation."""


class NameTable:
    """The entities of an article, and the mentions that point to them."""

    def __init__(self, body: str, paragraphs: Sequence[Span], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.mentions = find_mentions(body, lexicon, paragraphs)
        self.by_last: dict[str, list[Entity]] = {}
        self.by_first: dict[str, list[Entity]] = {}
        self.by_parts: dict[tuple[str, ...], Entity] = {}
        self._addressed = {mention.parts[-1].lower() for mention in self.mentions if mention.title and len(mention.parts) == 1}
        for mention in self.mentions:
            if len(mention.parts) > 1:
                self._enter(body, mention)
        latest: dict[str, tuple[Entity, int]] = {}
        for mention in self.mentions:
            self._link(body, mention, latest)

    def _enter(self, body: str, mention: Mention) -> None:
        """Enter a name of several words."""
        score = self._person_score(body, mention)
        parts = _bare(mention.parts, self.lexicon)
        entity = self.by_parts.get(parts) or self._same_person(parts)
        name = " ".join(mention.parts)
        if entity is None:
            entity = Entity(name, parts, False)
            self.by_last.setdefault(parts[-1], []).append(entity)
            self.by_first.setdefault(parts[0], []).append(entity)
        elif len(_letters(name)) > len(_letters(entity.name)):
            entity.name = name
        self.by_parts[parts] = entity
        mention.entity = entity
        entity.score += score
        entity.full += 1
        entity.person = entity.score > 0

    def _same_person(self, parts: tuple[str, ...]) -> Entity | None:
        """An entity with the same first and last word ("Donald J. Trump", "Donald Trump")."""
        for entity in self.by_last.get(parts[-1], ())[-LOOKED_BACK:]:
            if entity.parts[0] == parts[0] or entity.parts[-len(parts):] == parts:
                return entity
        return None

    def _person_score(self, body: str, mention: Mention) -> float:
        """Evidence that a name of several words is a person's."""
        words = self.lexicon.words
        low = [part.lower().rstrip(".") for part in mention.parts]
        score = USUAL_LENGTH if 2 <= len(low) <= MOST_USUAL else ODD_LENGTH
        score += (TITLED * bool(mention.title) + FIRST_NAMED * (low[0] in words["first_names"])
                  + ADDRESSED * (low[-1] in self._addressed))
        score += DESCRIBED * bool(BEHIND_PERSON.match(body, mention.end))
        score -= ORGANISED * bool(words["organisations"].intersection(low[1:])) + ORGANISED_FIRST * (low[0] in words["organisations"])
        score -= PLACED * bool(words["places"].intersection((low[0], low[-1])) and low[0] not in words["first_names"])
        score -= WITH_THE * (body[max(0, mention.left - len(THE)):mention.left].lower() == THE)
        score -= ABBREVIATED * any(part.isupper() and len(part) > SHORT_CAPITALS and "." not in part for part in mention.parts)
        score -= JOINED * any(part in ("of", "for", "the", "and", "in", "on") for part in mention.parts)
        return score

    def _link(self, body: str, mention: Mention, latest: dict[str, tuple[Entity, int]]) -> None:
        entity = mention.entity or self._short_form(mention, latest)
        if entity is None:
            entity = Entity(" ".join(mention.parts), _bare(mention.parts, self.lexicon), self._alone_is_person(mention))
            self.by_parts[entity.parts] = entity
        mention.entity = entity
        entity.count += 1
        if len(mention.parts) > 1:
            entity.last = mention.start
        if entity.person:
            latest[entity.parts[-1]] = (entity, mention.start)
        self._note_title(body, mention, entity)

    def _alone_is_person(self, mention: Mention) -> bool:
        low = mention.parts[-1].lower()
        if len(mention.parts) > 1:
            return False
        if not mention.title:
            return mention.parts[0].istitle() and low in self.lexicon.words["first_names"] and low not in self.lexicon.words["places"]
        return low not in self.lexicon.words["places"] and low not in self.lexicon.words["organisations"]

    def _short_form(self, mention: Mention, latest: dict[str, tuple[Entity, int]]) -> Entity | None:
        """The entity that a single word means: by the title's gender, by who was named last, or the only one there is."""
        parts = _bare(mention.parts, self.lexicon)
        if len(parts) != 1:
            return self.by_parts.get(parts)
        word, gender = parts[0], _title_gender(mention.title, self.lexicon)
        people = [entity for entity in self.by_last.get(word, ())[:NAMESAKES] if entity.person]
        if gender:
            people = [entity for entity in people if entity.gender == gender] or [e for e in people if e.gender is None] or people
        if people:
            return self._namesake(mention, people, latest)
        firsts = [entity for entity in self.by_first.get(word, ())[:NAMESAKES] if entity.person]
        if len(firsts) == 1 or (firsts and not mention.title):
            return firsts[0]
        return self.by_parts.get(parts)

    def _namesake(self, mention: Mention, people: list[Entity], latest: dict[str, tuple[Entity, int]]) -> Entity:
        """Which of the people with one family name is meant: by the role beside it, by who was named last, or by who is most prominent."""
        role = mention.title.lower()
        office = [entity for entity in people if role and entity.role and entity.role.lower().startswith(role)]
        if len(office) == 1:
            return office[0]
        near = [entity for entity in people if mention.start - entity.last < FAR]
        recent, at = latest.get(people[0].parts[-1], (people[0], -FAR))
        found = recent if recent in people and mention.start - at < FAR else max(people, key=lambda entity: entity.full)
        if len(near) < 2:
            return found
        if max(entity.last for entity in near) - min(entity.last for entity in near) < BESIDE:
            found = max(near, key=lambda entity: (entity.full, entity.score))  # named side by side: of equals the first one
        mention.doubtful = any(each is not found and found.full < PROMINENT * each.full for each in near)
        return found

    def _note_title(self, body: str, mention: Mention, entity: Entity) -> None:
        gender = _title_gender(mention.title, self.lexicon)
        if gender:
            entity.genders[gender] += TITLE_VOTES
            if len(mention.parts) == 1:
                entity.person = True
        before = NOUN_BEFORE.search(body[max(0, mention.left - NOUN_REACH):mention.left])
        if before is not None:
            kin = _title_gender(before.group(1), self.lexicon)
            if kin:
                entity.genders[kin] += NOUN_VOTES
        words = mention.title.split()
        if words and words[-1].lower().rstrip(".") not in self.lexicon.words["addresses"]:
            entity.role = entity.role or mention.title


def _letters(name: str) -> str:
    return re.sub(r"[ .]", "", name)


def _bare(parts: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    """A name's words in lower case, without suffixes (Jr.) and the article of a family name (al-), and with initials one by one."""
    if "." in parts[0] and INITIALS.fullmatch(parts[0]):
        parts = (*parts[0].rstrip(".").split("."), *parts[1:])
    low = [part.lower().rstrip(".,") for part in parts]
    article, dash, name = low[-1].partition("-")
    if dash and article in lexicon.words["name_articles"]:
        low[-1] = name
    while len(low) > 1 and low[-1] in lexicon.words["suffixes"]:
        low.pop()
    return tuple(low)


def _title_gender(title: str, lexicon: Lexicon) -> str | None:
    if not title:
        return None
    for word in title.lower().replace(".", "").split():
        if word in lexicon.words["he_titles"] or word in lexicon.words["he_nouns"]:
            return "m"
        if word in lexicon.words["she_titles"] or word in lexicon.words["she_nouns"]:
            return "f"
    return None
