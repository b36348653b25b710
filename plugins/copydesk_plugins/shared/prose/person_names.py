"""Reads names in bylines and author fields: splits and cleans them, and tells people from roles and organisations."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from copydesk import Person, fold_text, normalise
from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.byline_parts import EAST_ASIAN as _EAST_ASIAN
from copydesk_plugins.shared.prose.byline_parts import EDGES as _EDGES
from copydesk_plugins.shared.prose.byline_parts import NameParts

MOST_CHARACTERS = 600
MOST_NAME_CHARACTERS = 60
MOST_NAME_WORDS = 6
MOST_NAMES = 30
"""Bounds on an author string (characters), on a name (characters and words), and on the names that are kept."""
DAY_TAIL, MOST_EAST_ASIAN, MOST_LEADS = 30, 8, 3
"""Characters at the end that may hold a date; characters of an East Asian name; openings such as "by" in front."""
_TAG = re.compile(r"<[^<>]{0,300}>")
_URL = re.compile(r"(?:https?:)?//[^\s()]{1,500}|www\.[^\s()]{1,300}", re.I)
_MAIL = re.compile(r"[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,40}){1,5}")
_HANDLE = re.compile(r"(?<!\w)@\w{1,40}")
_PARENTHESES = re.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_SLUG = re.compile(r"[a-z0-9]{1,40}(?:[-_.][a-z0-9]{1,40}){1,8}")
_ODD = re.compile(r"[\[\]{}<>=$%^\\~#]")
_CODE = re.compile(r"[\d\W_]{1,200}|[a-z]{1,3}\d{2,8}|\w{0,20}\d{3,40}\w{0,20}")
_PREPOSITION = re.compile(r"(?:in|on|at|im|um|to|for|fotos?|photos?|bild|bilder|image|picture)[\s:]", re.I)
_DATE_TAIL = re.compile(r"\s{0,5}(?:\d{1,2}[./:]\d{1,2}.{0,60}|\s(?:updated|published|posted|on)\b.{0,80}\d.{0,40})$", re.I)


class Names:
    """Reads author strings. Making one reads the word lists, so plugins share one (`names_of`)."""

    def __init__(self, agencies: Agencies | None = None) -> None:
        data = load("bylines")
        self.agencies = agencies or Agencies()
        leads = sorted(map(re.escape, data["leads"]), key=len, reverse=True)
        self._lead = re.compile(rf"(?:{'|'.join(leads)})(?:\s?:|\s)\s{{0,5}}(?=\S)", re.I)
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
        self._others = re.compile(rf"\s{{0,3}}[,&]?\s{{0,3}}(?:{'|'.join(data['others'])})\s{{0,3}}$", re.I)
        ours = "|".join(map(re.escape, data["ours"]))
        self._ours = re.compile(rf"(?:{ours})\s(?:{roles})\w{{0,3}}(?:\s(?:{places})\s[^\s,]{{2,30}},?)?\s(?=[A-ZÀ-Þ])", re.I)
        self._for_tail = re.compile(rf"\s(?:{'|'.join(data['for'])})\s(?P<body>[^\s].{{1,40}})$")
        self._role_tail = re.compile(rf"\s(?P<role>(?:{roles})(?:\s(?:{roles})){{0,3}})$", re.I)
        self._helpers = re.compile(rf"\s{{0,3}}[,;(|•·–—-]?\s{{0,3}}(?<!\w)(?P<opening>{helpers})\s?:?\s", re.I)
        forms = {form for names in load("months")["months"].values() for each in names for form in each.split()}
        months = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
        self._day_tail = re.compile(rf"[\s,–-]{{1,4}}(?:(?:{months})\.?\s\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}\.?\s(?:de\s)?(?:{months})\.?)"
                                    rf"(?:,?\s(?:de\s)?\d{{4}})?[\s,.]{{0,3}}$", re.I)
        self._name_parts = NameParts(self.is_organisation, self.looks_like_person, self.agencies)

    def split(self, text: str) -> tuple[Person, ...]:
        """The people and organisations in a raw author string, in order, once each. An organisation's name is also its ``organization``."""
        text = normalise(html.unescape(_TAG.sub(" ", text[:MOST_CHARACTERS])))
        text = self._others.sub("", self.without_helpers(text))
        text = _DATE_TAIL.sub("", _HANDLE.sub(" ", _MAIL.sub(" ", _URL.sub(" ", text))))
        text = self._day_tail.sub("", text) if any(map(str.isdigit, text[-DAY_TAIL:])) else text
        found: list[Person] = []
        for part, beside in self._name_parts.of(self._without_lead(text)):
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
        """Whether a name is an agency's or another organisation's."""
        return bool(self.agencies.full_name(name) or self._organisations.search(name) or re.search(r"\w\.(?:\w{2,4})$", name))

    def opens(self, text: str) -> bool:
        """Whether a short line is only the opening of a byline ("Author of the article:", "Kommentar von").

        >>> Names().opens("Kommentar von"), Names().opens("Kommentar")
        (True, False)
        """
        found = self._lead.match(f"{text.strip().rstrip(':')} x")
        return found is not None and found.end() > len(text.strip().rstrip(":"))

    def is_role(self, text: str) -> bool:
        """Whether a text says what someone does."""
        return bool(self._roles.search(text))

    def looks_like_person(self, name: str) -> bool:
        """Whether a string has the shape of a person's full name: two to six words, each with a capital but for particles."""
        if _EAST_ASIAN.search(name):
            return 2 <= len(name.replace(" ", "")) <= MOST_EAST_ASIAN
        parts = name.split()
        return 2 <= len(parts) <= MOST_NAME_WORDS and not any(char.isdigit() or char == ":" for char in name) and all(
            part[:1].isupper() or part.lower() in self._particles or not part[:1].isalpha() or not part[:1].islower()
            or "’" in part or "'" in part for part in parts)

    def _without_lead(self, text: str) -> str:
        for _ in range(MOST_LEADS):
            match = self._lead.match(text)
            if not match:
                break
            text = text[match.end():]
        return text.strip(_EDGES.replace(".", ""))

    def _add(self, found: list[Person], part: str, beside: bool) -> None:
        """Add a part to the people found: as a new name, or as role or organisation of the name before it."""
        part = self._without_lead(part)
        part = self._ours.sub("", part, count=1) if self._ours.match(part) else part
        bracketed = _PARENTHESES.findall(part)
        part = _PARENTHESES.sub(" ", part)
        name = self._clean(part)
        agency = self.agencies.full_name(name)
        last = found[-1] if found and beside else None
        if fold_text(name) in self._nobody and not (last is not None and self.is_role(name)):
            return
        if agency is not None:
            if last is not None and not last.organization and self.looks_like_person(last.name) and not self.is_organisation(last.name):
                found[:] = [each if each.organization or not self.looks_like_person(each.name) else replace(each, organization=agency)
                            for each in found]
            else:
                found.append(Person(agency, organization=agency))
            return
        titled = self._role_tail.search(name) if last is None else None
        apart = titled is not None and (name[:titled.start()].isupper() != titled["role"].isupper() or bool(_EAST_ASIAN.match(name)))
        if titled and apart and self._may_be_person(name[:titled.start()]):
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
        """Add a name, with the place or agency at its end. An organisation beside a person is that person's."""
        tail = self._agency_tail.search(name)
        if tail and self._may_be_person(name[:tail.start()]):
            organisation = self.agencies.full_name(tail["agency"]) or organisation
            name = proper_case(name[:tail.start()], self._particles)
        told = self._for_tail.search(name)
        if told and self._may_be_person(name[:told.start()]) and (told["body"].isupper() or self.is_organisation(told["body"])):
            organisation = self.agencies.full_name(told["body"]) or told["body"]
            name = proper_case(name[:told.start()], self._particles)
        place = self._place_tail.search(name)
        if place and self._may_be_person(name[:place.start()]):
            name = proper_case(name[:place.start()], self._particles)
        else:
            place = None
        if self.is_organisation(name) and not (told and organisation):
            if last is not None and not last.organization and self._may_be_person(last.name):
                found[-1] = replace(last, organization=name)
                return
            organisation = name
        found.append(Person(name, organization=organisation, location=proper_case(place["place"], self._particles) if place else ""))

    def _may_be_person(self, name: str) -> bool:
        return self.looks_like_person(name) and not self.is_organisation(name) and not self.is_role(name) and not name.startswith("The ")

    def _clean(self, text: str) -> str:
        text = normalise(text).strip(_EDGES if not re.search(r"\b(?:\w|[JS]r)\.$", text) else _EDGES.replace(".", ""))
        for _ in range(2):
            text = self._honorific.sub("", text, count=1) if self._honorific.match(text) else text
        if _SLUG.fullmatch(text) and ("-" in text or "_" in text):
            return ""
        return proper_case(text, self._particles)

    def _is_somebody(self, name: str) -> bool:
        tail = self._agency_tail.search(name) or self._place_tail.search(name)
        core = name[:tail.start()] if tail else name
        if not 2 <= len(core) <= MOST_NAME_CHARACTERS or len(core.split()) > MOST_NAME_WORDS:
            return False
        account = name.islower() and name.isascii() and " " not in name and not self.is_organisation(name)
        if account or _ODD.search(name) or all(word in self._nobody for word in fold_text(name).split()):
            return False
        return not _CODE.fullmatch(name) and not _PREPOSITION.match(name)


def proper_case(name: str, particles: frozenset[str] = frozenset()) -> str:
    """A name in capitals, with capitals only where names have them. Other names stay as they are.

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
    """People once each by folded name. What a later one adds (role, organisation, place) goes to the first."""
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
    """The people among authors; the organisations when there are no people."""
    everyone = tuple(people)
    persons = tuple(person for person in everyone if person.name != person.organization)
    return persons or everyone


def _any_word(words: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.I)


@lru_cache(1)
def names_of() -> Names:
    """The one reader of names that several plugins share."""
    return Names()
