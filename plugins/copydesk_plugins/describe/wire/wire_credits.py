"""Reads wire credits in one block of text at a time: datelines, bylines, credit lines, sign-offs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from copydesk import Person
from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.person_names import Names

MOST_CREDIT = 700
"""Characters of the longest credit line."""
MOST_BYLINE = 140
"""Characters of the longest byline; also those at a text's end that may name an agency."""
MOST_CLOSING = 80
"""Characters at a text's end that may be a closing mark."""
MOST_NAMES = 400
"""Characters of a list of names that are read."""
MOST_PLACE = 9
"""Words of the places and the date before an agency's code."""
_DASH = r"(?:[.:]?\s?[—–‒−_-]{1,3}|[.:])(?=\s|$|[A-ZÀ-Þ“\"„«])"
"""What stands behind a dateline."""
_PLACE = r"(?P<place>[A-ZÀ-Þ][^()—–;:!?\n]{1,70}?)"
"""The place of a dateline."""
_PLACE_WORD = re.compile(r"[A-ZÀ-Þ][\w.’'-]{1,40}")
"""A word of a place."""
_STAFF = re.compile(
    r"(?P<all>(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.’' /-]{2,40})(?:,\s[A-ZÀ-Þ][\w.]{1,20}(?:\s[A-ZÀ-Þ\d][\w.]{0,20}){0,2}){0,3})\s?[—–−-]{1,2}\s")
"""A dateline without an agency: the place in capitals, and a dash."""
_LIST = re.compile(r";\s?|,?\s(?:and|und|y|et|e)\s|,\s(?!(?:[A-Z][a-z]{1,14}\.?|[A-Z]\.[A-Z]\.)(?:,|\s(?:and|contributed)|$))")
"""What stands between names of a list; a comma before a state ("Austin, Texas") does not."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What a text credits.

    Attributes:
        agency: the agency by its full name; None when no agency is credited.
        people: the people who are credited, with role and organisation.
        form: how the text credits them, for the claim's evidence.
    """

    agency: str | None
    people: tuple[Person, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline at the opening of a text.

    Attributes:
        text: the dateline as written.
        end: where the text behind it begins, in code points.
        agency: the agency it names, by its full name; None for the paper's own.
    """

    text: str
    end: int
    agency: str | None


class Wire:
    """Reads wire credits."""

    def __init__(self, agencies: Agencies | None = None) -> None:
        self.names = Names(agencies)
        self.agencies = self.names.agencies
        self._name = _name_form(load("bylines"))
        data = load("wire")
        form = self.agencies.any_pattern
        self._dateline = re.compile(rf"(?:{_PLACE}\s?(?::\s|[—–-]{{1,2}}\s)?)?\((?P<agency>{form})(?:[/,]\s?[^()]{{1,30}})?\)\s?{_DASH}")
        self._undashed = re.compile(
            rf"(?P<place>[A-ZÀ-Þ]{{3,20}}(?:[ /-][A-ZÀ-Þ]{{2,20}}){{0,3}}):?\s\((?P<agency>{form})\)\s(?=[A-ZÀ-Þ“\"])")
        self._italian = re.compile(rf"\((?P<agency>{form})\)\s?[—–-]\s?(?P<place>[A-ZÀ-Þ][^()]{{1,60}}?)\s?[—–-]\s")
        self._credits, self._closings, self._helped = (tuple(re.compile(pattern.replace("<agency>", form), re.I) for pattern in data[key])
                                                       for key in ("credits", "closings", "helped"))
        self._pictured = re.compile(rf"(?<!\w)(?:{'|'.join(data['pictures'])})(?!\w)", re.I)
        writers, verbs = "|".join(data["writers"]), "|".join(data["contributed"])
        self._writers = re.compile(
            rf"(?P<agency>{form})(?:’s|'s)?\s(?:[A-Za-z]{{2,15}}\s){{0,2}}(?:{writers})\s"
            rf"(?P<names>[^;\n]{{3,400}}?),?\s(?:also\s)?(?:{verbs})\b")
        self._contributed = re.compile(
            rf"^(?P<names>[A-ZÀ-Þ][^;\n]{{3,300}}?)\s(?:of|for|from|with)\s(?P<agency>{form})\s(?:also\s)?(?:{verbs})\b")
        self._byline = re.compile(
            r"(?:by\s)?(?P<names>[^|()]{3,80}?)"
            rf"(?:\s?[|/•–—-]\s?|,\s|\s?\(|\sof\s|\sfor\s|\s)(?P<agency>{form})(?:\s(?:{writers}))?\)?\.?", re.I)
        self._alone = re.compile(rf"(?:(?:by|from|von|por|par|di)\s)?(?P<agency>{form})(?:\s(?:{writers}|staff|news))?\.?", re.I)
        self._closing = re.compile(rf"(?:^|\s)(?:[—–-]\s?(?P<dashed>{form})|\((?P<agency>{form})\))\.?$")
        signs = [(opening, role) for role, openings in data["signs"].items() for opening in openings]
        openings = "|".join(sorted((re.escape(opening) for opening, _ in signs), key=len, reverse=True))
        self._roles = dict(signs)
        helpers = "|".join(sorted(map(re.escape, load("bylines")["helpers"]), key=len, reverse=True))
        self._helping = re.compile(rf"(?P<opening>{helpers})\s?:?\s?", re.I)
        self._sign = re.compile(rf"(?:^\(?|[;.,]\s{{1,2}})(?P<opening>{openings})\s", re.I)

    def dateline(self, text: str) -> Dateline | None:
        """The dateline that a paragraph opens with."""
        match = self._dateline.match(text) or self._italian.match(text) or self._undashed.match(text)
        if match and match["place"] is None and match.end() == len(text):
            return None  # "(ANSA)." at the end of a story is its sign-off
        if match and (match["place"] is None or self._is_place(match["place"])):
            agency = self.agencies.full_name(match["agency"])
            return Dateline(text[:text.index(")", match.end("agency")) + 1], match.end(), agency)
        staff = _STAFF.match(text)
        return Dateline(staff["all"].strip(), staff.end(), None) if staff else None

    def credit(self, text: str) -> Credit | None:
        """What a credit line or sign-off under (or over) a story credits; None for other texts."""
        if len(text) > MOST_CREDIT:
            return None
        return (self._stated(text) if self.agencies.may_name(text) else None) or self._signed(text)

    def _stated(self, text: str) -> Credit | None:
        people = tuple(self._writers_in(text))
        for pattern in self._credits:
            match = pattern.search(text)
            if match:
                return Credit(self.agencies.inside(match.group()), people, "credit-line")
        if people:
            return Credit(people[0].organization, people, "agency-writers")
        if any(pattern.search(text) for pattern in self._helped):
            agency = self.agencies.inside(text) or ""
            return Credit(None, (Person(agency, "contributing", agency),), "helped")
        return None

    def byline(self, text: str) -> Credit | None:
        """The agency that a byline names, alone or behind a writer's name."""
        if len(text) > MOST_BYLINE or not self.agencies.may_name(text) or self._pictured.search(text):
            return None
        alone = self._alone.fullmatch(text)
        if alone:
            return Credit(self.agencies.full_name(alone["agency"]), (), "byline")
        match = self._byline.fullmatch(text)
        agency = self.agencies.full_name(match["agency"]) if match else None
        return Credit(agency, (), "byline") if agency else None

    def closing(self, text: str) -> str | None:
        """The agency named behind a dash or in brackets at the very end of a story, or by a last line that says nothing else."""
        if not self.agencies.may_name(text[-MOST_BYLINE:]):
            return None
        if len(text) <= MOST_BYLINE and not self._pictured.search(text) and any(pattern.match(text) for pattern in self._closings):
            return self.agencies.inside(text)
        match = self._closing.search(text[-MOST_CLOSING:])
        return self.agencies.full_name(match["dashed"] or match["agency"]) if match else None

    def people(self, names: str, role: str, organization: str) -> list[Person]:
        """The people of a list such as "Ann Lee in Rome and Bo Ek in Oslo". Roles and organisations in it are left out.

        >>> [(p.name, p.location) for p in Wire().people("Ann Lee in Rome and Bo Ek in Oslo", "reporting", "")]
        [('Ann Lee', 'Rome'), ('Bo Ek', 'Oslo')]
        """
        found: list[Person] = []
        for part in _LIST.split(names[:MOST_NAMES]):
            match = self._name.match(part.strip(" .,;()"))
            if match and not self.names.is_role(match["name"]) and not self.names.is_organisation(match["name"]):
                found.append(Person(match["name"], role, organization, (match["place"] or "").strip()))
        return found

    def helped(self, text: str) -> tuple[Person, ...]:
        """The people behind an opening such as "with reporting by", with what they did."""
        opening = self._helping.match(text)
        if opening is None:
            return ()
        role = self._roles.get(opening["opening"].lower().removeprefix("with "), "contributing")
        return tuple(self.people(text[opening.end():].partition("|")[0], role, ""))

    def _is_place(self, place: str) -> bool:
        """Whether the text before an agency's code can be places and a date: few words, a capital in front, and no sentence."""
        return len(place.split()) <= MOST_PLACE and bool(_PLACE_WORD.match(place)) and not re.search(
            r"[a-zà-ÿ]{4,30}\.\s", place) and not re.search(r"\b(?:said|told|says|according|photo|file)\b", place, re.I)

    def _writers_in(self, text: str) -> Iterator[Person]:
        for pattern in (self._writers, self._contributed):
            for match in pattern.finditer(text):
                agency = self.agencies.full_name(match["agency"]) or ""
                yield from self.people(match["names"], "contributing", agency)

    def _is_byline(self, text: str, marks: list[re.Match[str]]) -> bool:
        """Whether a sign-off is in truth the story's byline: it names only who wrote, outside brackets ("Written by X")."""
        return len(marks) == 1 and not text.startswith("(") and self._roles[marks[0]["opening"].lower()] == "writing"

    def _signed(self, text: str) -> Credit | None:
        """What a sign-off such as "(Reporting by X in Y; Editing by Z)" credits. It is Reuters' when it names reporters and editors."""
        marks = list(self._sign.finditer(text))
        if not marks or marks[0].start() > 1 or self._is_byline(text, marks):
            return None
        found: list[Person] = []
        for index, mark in enumerate(marks):
            end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
            role = self._roles[mark["opening"].lower()]
            found += self.people(text[mark.end():end].strip(" ().;,"), role, "")
        roles = {person.role for person in found}
        if not found:
            return None
        full = roles & {"reporting", "writing"} and "editing" in roles and (";" in text or (text[0] == "(" and text[-1] == ")"))
        named = self.agencies.inside(text)
        return Credit(named or ("Reuters" if full else None), tuple(found), "sign-off")


def _name_form(data: Mapping[str, list[str]]) -> re.Pattern[str]:
    """The pattern of a name of two to six words, particles among them, and the place behind it."""
    small = "|".join(map(re.escape, sorted(data["particles"], key=len, reverse=True)))
    word = rf"(?:[A-ZÀ-Þ][\w.’'-]{{0,30}}|(?:{small})(?!\w))"
    return re.compile(rf"(?P<name>{word}(?:\s{word}){{1,5}})(?:\s(?:{'|'.join(map(re.escape, data['places']))})\s"
                      r"(?P<place>[A-ZÀ-Þ][\w.’' -]{1,40}?(?:,\s(?:[A-Z][a-z]{2,15}\.?|[A-Z]\.[A-Z]\.|D\.C\.))?))?$")
