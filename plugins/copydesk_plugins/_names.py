"""Names in bylines and author fields: split, cleaned, and told apart from roles, agencies and other bodies."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from copydesk import Person, fold_text, normalise
from copydesk_plugins._agencies import Agencies
from copydesk_plugins._data import load

MOST_CHARACTERS = 600
MOST_NAME_CHARACTERS = 60
MOST_NAME_WORDS = 6
MOST_NAMES = 30

_TAG = re.compile(r"<[^<>]{0,300}>")
_URL = re.compile(r"(?:https?:)?//[^\s()]{1,500}|www\.[^\s()]{1,300}", re.I)
_MAIL = re.compile(r"[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,40}){1,5}")
_HANDLE = re.compile(r"(?<!\w)@\w{1,40}")
_PARENTHESES = re.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_PARTS = re.compile(r"\s{0,5}(?:[|;•·\n\t/]|\s[–—-]\s|\s:\s)\s{0,5}")
_COMMAS = re.compile(r"\s{0,5}[,、，]\s{0,5}")
_EDGES = " ,;:|•·*–—-.\"“”„'’‘«»/\\"
_SLUG = re.compile(r"[a-z0-9]{1,40}(?:[-_][a-z0-9]{1,40}){1,8}")
_CODE = re.compile(r"[\d\W_]{1,200}|[a-z]{1,3}\d{2,8}|\w{0,20}\d{3,40}\w{0,20}")
_PREPOSITION = re.compile(r"(?:in|on|at|im|um|to|for|fotos?|photos?|bild|bilder|image|picture)[\s:]", re.I)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DATE_TAIL = re.compile(r"\s{0,5}(?:\d{1,2}[./:]\d{1,2}.{0,60}|(?:updated|published|posted|on)\b.{0,80}\d.{0,40})$", re.I)


class Names:
    """Reads author strings. Holds the word lists; make one a plugin instance."""

    def __init__(self, agencies: Agencies | None = None) -> None:
        data = load("bylines")
        self.agencies = agencies or Agencies()
        leads = sorted(map(re.escape, data["leads"]), key=len, reverse=True)
        self._lead = re.compile(rf"(?:{'|'.join(leads)})(?:\s?:|\s)\s{{0,5}}(?=\S)", re.I)
        joins = sorted(map(re.escape, data["joins"]), key=len, reverse=True)
        self._joins = frozenset(data["joins"])
        self._join = re.compile(rf"\s{{1,5}}(?:{'|'.join(joins)})\s{{1,5}}", re.I)
        self._honorific = re.compile(rf"(?:{'|'.join(re.escape(word.rstrip('.')) for word in data['honorifics'])})\.?\s{{1,5}}(?=\S)", re.I)
        self._particles = frozenset(data["particles"])
        self._roles = _any_word(data["roles"])
        self._organisations = _any_word(data["organisations"])
        self._nobody = frozenset(data["nobody"])
        places = "|".join(map(re.escape, data["places"]))
        self._place_tail = re.compile(rf"\s(?:{places})\s(?P<place>[A-ZÀ-Þ][\w.’'-]{{1,30}}(?:\s[A-ZÀ-Þ][\w.’'-]{{1,30}}){{0,3}})$")
        self._agency_tail = re.compile(rf"\s(?:(?:of|for|from)\s)?(?P<agency>{self.agencies.any_pattern})\.?$", re.I)
        helpers = "|".join(sorted(map(re.escape, data["helpers"]), key=len, reverse=True))
        roles = "|".join(sorted(map(re.escape, [*data["roles"], "staff"]), key=len, reverse=True))
        self._role_tail = re.compile(rf"\s(?P<role>(?:{roles})(?:\s(?:{roles})){{0,3}})$", re.I)
        self._helpers = re.compile(rf"\s{{0,3}}[,;(|•·–—-]?\s{{0,3}}(?<!\w)(?P<opening>{helpers})\s", re.I)

    def split(self, text: str) -> tuple[Person, ...]:
        """The people and bodies in a raw author string, in order, once each. A body's name stands in ``organization`` too."""
        text = normalise(html.unescape(_TAG.sub(" ", text[:MOST_CHARACTERS])))
        text = self.without_helpers(text)
        text = _DATE_TAIL.sub("", _HANDLE.sub(" ", _MAIL.sub(" ", _URL.sub(" ", text))))
        found: list[Person] = []
        for part, beside in self._parts(self._without_lead(text)):
            self._add(found, part, beside)
        return unique(found)[:MOST_NAMES]

    def without_helpers(self, text: str) -> str:
        """A byline without the part that names those who helped ("…, with reporting by …")."""
        match = self._helpers.search(text)
        return text[:match.start()] if match else text

    def helpers(self, text: str) -> str:
        """The part of a byline that `without_helpers` cuts, from its opening on; empty without one."""
        match = self._helpers.search(text)
        return text[match.start("opening"):] if match else ""

    def is_organisation(self, name: str) -> bool:
        """Whether a name is an agency's or another body's."""
        return bool(self.agencies.full_name(name) or self._organisations.search(name) or re.search(r"\w\.(?:\w{2,4})$", name))

    def is_role(self, text: str) -> bool:
        """Whether a text says what someone does."""
        return bool(self._roles.search(text))

    def looks_like_person(self, name: str) -> bool:
        """Whether a string has the shape of a person's full name: two to six words, each with a capital but for particles."""
        if _EAST_ASIAN.search(name):
            return 2 <= len(name.replace(" ", "")) <= 8
        parts = name.split()
        return 2 <= len(parts) <= MOST_NAME_WORDS and not any(char.isdigit() or char == ":" for char in name) and all(
            part[:1].isupper() or part.lower() in self._particles or not part[:1].isalpha() or not part[:1].islower()
            or "’" in part or "'" in part for part in parts)

    def _without_lead(self, text: str) -> str:
        for _ in range(3):
            match = self._lead.match(text)
            if not match:
                break
            text = text[match.end():]
        return text.strip(_EDGES.replace(".", ""))

    def _parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The parts of a byline, each with whether it may belong to the name before it (after "and" it does not)."""
        for piece in _PARTS.split(text):
            commas = [part for part in _COMMAS.split(piece) if part.strip(_EDGES)]
            if len(commas) == 2 and self._is_last_first(*commas):
                yield f"{commas[1]} {commas[0]}", False
                continue
            for part in commas:
                first, _, rest = part.partition(" ")
                if first in self._joins and rest[:1].isupper():
                    yield from ((piece, False) for piece in self._joined(rest))
                    continue
                yield from ((piece, index == 0) for index, piece in enumerate(self._joined(part)))

    def _is_last_first(self, last: str, first: str) -> bool:
        """"Miller, Anna": one word on each side, none of them a body."""
        single = all(len(part.split()) == 1 and part[:1].isupper() and part.isalpha() and not part.isupper() for part in (last, first))
        return single and not _EAST_ASIAN.search(last + first) and not self.is_organisation(last) and not self.is_organisation(first)

    def _joined(self, text: str) -> Iterator[str]:
        """Names joined by "and" and the like; a join inside a body's name or between single words of one name stays."""
        if self.agencies.full_name(text):
            yield text
            return
        pieces = self._join.split(text)
        tight = all(len(piece.split()) == 1 for piece in pieces) and not any(self.is_organisation(piece) for piece in pieces)
        yield from [text] if len(pieces) > 1 and tight and len(pieces) == 2 and not re.search(r"\s(?:&|and|und|et)\s", text) else pieces

    def _add(self, found: list[Person], part: str, beside: bool) -> None:
        """Take a part in: a new name, or role, place or organisation of the name before it."""
        part = self._without_lead(part)
        bracketed = _PARENTHESES.findall(part)
        part = _PARENTHESES.sub(" ", part)
        name = self._clean(part)
        agency = self.agencies.full_name(name)
        last = found[-1] if found and beside else None
        if fold_text(name) in self._nobody and not (last is not None and self.is_role(name)):
            return
        if agency is not None:
            if last is not None and not last.organization and self.looks_like_person(last.name) and not self.is_organisation(last.name):
                found[-1] = replace(last, organization=agency)
            else:
                found.append(Person(agency, organization=agency))
            return
        titled = self._role_tail.search(name) if last is None else None
        if titled and name[:titled.start()].isupper() != titled["role"].isupper() and self._may_be_person(name[:titled.start()]):
            found.append(Person(proper_case(name[:titled.start()], self._particles), role=titled["role"]))
            return
        if name and self.is_role(name):
            if last is not None and not last.role:
                found[-1] = replace(last, role=name, organization=last.organization or self.agencies.inside(name) or "")
            elif self.agencies.inside(name):
                found.append(Person(str(self.agencies.inside(name)), organization=str(self.agencies.inside(name))))
            elif self._organisations.search(name):
                found.append(Person(name, organization=name))
            return
        if not self._is_somebody(name):
            return
        self._add_name(found, name, last, next((full for full in map(self.agencies.full_name, bracketed) if full), ""))

    def _add_name(self, found: list[Person], name: str, last: Person | None, organisation: str) -> None:
        """Take a name in, with the place or agency at its end; a body beside a person is that person's."""
        tail = self._agency_tail.search(name)
        if tail and self._may_be_person(name[:tail.start()]):
            organisation = self.agencies.full_name(tail["agency"]) or organisation
            name = proper_case(name[:tail.start()], self._particles)
        place = self._place_tail.search(name)
        if place and self._may_be_person(name[:place.start()]):
            name = name[:place.start()]
        else:
            place = None
        if self.is_organisation(name):
            if last is not None and not last.organization and self._may_be_person(last.name):
                found[-1] = replace(last, organization=name)
                return
            organisation = name
        found.append(Person(name, organization=organisation, location=place["place"] if place else ""))

    def _may_be_person(self, name: str) -> bool:
        return self.looks_like_person(name) and not self.is_organisation(name) and not self.is_role(name) and not name.startswith("The ")

    def _clean(self, text: str) -> str:
        text = normalise(text).strip(_EDGES if not re.search(r"\b\w\.$", text) else _EDGES.replace(".", ""))
        for _ in range(2):
            text = self._honorific.sub("", text, count=1) if self._honorific.match(text) else text
        if _SLUG.fullmatch(text) and "-" in text:
            return ""
        return proper_case(text, self._particles)

    def _is_somebody(self, name: str) -> bool:
        tail = self._agency_tail.search(name) or self._place_tail.search(name)
        core = name[:tail.start()] if tail else name
        if not 2 <= len(core) <= MOST_NAME_CHARACTERS or len(core.split()) > MOST_NAME_WORDS:
            return False
        return not _CODE.fullmatch(name) and not _PREPOSITION.match(name)


def proper_case(name: str, particles: frozenset[str] = frozenset()) -> str:
    """A name in capitals as it is written otherwise; other names as they are.

    >>> proper_case("JEAN-LUC O'NEIL")
    "Jean-Luc O'Neil"
    """
    parts = name.split()
    if len(parts) < 2 or name != name.upper() or not re.search(r"[^\W\d_]{3}", name) or name.lower() == name:
        return name
    return " ".join(_capital(part) if part.lower() not in particles else part.lower() for part in parts)


def _capital(word: str) -> str:
    word = re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), word.lower())
    return re.sub(r"\b(Mc)([a-z])", lambda match: match[1] + match[2].upper(), word)


def unique(people: Iterable[Person]) -> tuple[Person, ...]:
    """People once each by folded name, the fuller record kept."""
    found: dict[str, Person] = {}
    for person in people:
        key = fold_text(person.name)
        other = found.get(key)
        if other is None:
            found[key] = person
        else:
            found[key] = Person(other.name, other.role or person.role, other.organization or person.organization,
                                other.location or person.location)
    return tuple(found.values())


def authors(people: Iterable[Person]) -> tuple[Person, ...]:
    """People where there are any, else the bodies that are named as author."""
    everyone = tuple(people)
    persons = tuple(person for person in everyone if person.name != person.organization)
    return persons or everyone


def _any_word(words: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.I)
