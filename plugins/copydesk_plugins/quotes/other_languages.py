"""Names speakers in languages without rules of their own, but only where a verb and a name touch the quotation.

„…“, sagte Anna Muster · « … », a déclaré la ministre Anne Exemple · Ana Ejemplo dijo: «…»
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from copydesk import Quote, Span
from copydesk_plugins.quotes.marks.stretches import Stretch

UPPER = "A-ZÀ-ÖØ-ÞŁŚŠŽČĆĐ"
"""Capital letters."""
CAPITAL = rf"(?:(?:Dr|Prof|[{UPPER}])\.|[{UPPER}][\w'’-]{{0,30}})"
"""A word of a name."""
WINDOW = 160
"""Characters behind or before a quotation in which a tag is read."""
GAP = 80
"""Characters between a tag and the next quotation of the same speaker."""
LEAST_ROLE = 4
"""Letters of a role that may be the end of a longer word."""
LEAST_ORGANISATION = 5
"""The same of a word for organisations."""
ELIDED = re.compile(rf"\w{{1,5}}['’][{UPPER}]")
"""An article or preposition joined to a name by an apostrophe."""
END = re.compile(r"[.!?:;„“”«»]")
"""Marks that end a sentence or a quotation."""
SURE = {"quote-verb-speaker": 0.9, "speaker-verb-quote": 0.85, "continued": 0.85}
"""How often the speaker of a pattern is the right one, 0 to 1."""


@dataclass(frozen=True, slots=True)
class FoundSpeaker:
    """A speaker that was found beside a quotation.

    Attributes:
        name: the fullest form of the name.
        start: where the name begins in the body, in code points.
        end: where it ends.
        cue_start: where the verb begins.
        cue_end: where it ends.
        pattern: how verb and name stand to the quotation.
        type: ``person``, ``organization`` or ``unknown``.
    """

    name: str
    start: int
    end: int
    cue_start: int
    cue_end: int
    pattern: str
    type: str = "unknown"


class Touching:
    """Reads the tags of one language, by its table in ``quotes_other.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        verbs = "|".join(re.escape(verb).replace("\\ ", " ") for verb in sorted(table["verbs"], key=lambda verb: (-len(verb), verb)))
        particles = "|".join(sorted(table["particles"]))
        name = rf"{CAPITAL}(?: (?:(?:{particles}) ){{0,2}}{CAPITAL}){{0,4}}"
        self.stops = frozenset(table["stops"])
        self.roles = frozenset(table["roles"])
        self.role_ends = tuple(role.lower() for role in table["roles"] if len(role) >= LEAST_ROLE)
        self.owners = frozenset(table["owners"])
        self.organisations = frozenset(table["organisations"])
        self.organisation_ends = tuple(word.lower() for word in table["organisations"] if len(word) >= LEAST_ORGANISATION)
        self.kin = frozenset(table["kin"])
        self.full = re.compile(rf"(?<![\w]){CAPITAL}(?: (?:(?:{particles}) ){{0,2}}{CAPITAL}){{1,4}}")
        role = r"(?: [^\W\d_A-Z][\w'’-]{0,24}){0,5}"
        self.behind = re.compile(rf"[ \u00a0]?[,–—-]?[ \u00a0]?(?P<cue>{verbs})(?P<role>{role}) (?P<name>{name})")
        self.dashes = bool(table["dashes"])
        self.tag = re.compile(rf"(?P<gap>(?<=[?!…])[ \u00a0]|,[ \u00a0]|[ \u00a0]{{0,2}}[—–―][ \u00a0]?)(?:{verbs})(?!\w)")
        self.before = re.compile(rf"(?:^|[.!?»”\"] |\n)(?P<name>{name}) (?P<cue>{verbs}) ?[:,]?[ \u00a0]?[“„«\"‘]?[ \u00a0]?$")

    def name(self, text: str, start: int, behind_article: bool) -> tuple[str, int] | None:
        """A name without the nouns in front of it, and where it starts; None when it only says whose somebody is."""
        words = text.rstrip(".,").split(" ")
        last_role = max((k for k, word in enumerate(words) if self._is_role(word, k)), default=-1)
        guessed = last_role < 0 and behind_article and bool(self.roles) and len(words) > 2
        cut = 1 if guessed else last_role + 1
        owned = max((k for k, word in enumerate(words) if word in self.kin and 0 < k < len(words) - 1), default=-1)
        if owned > last_role:  # "Anna Musters Mann Carl Beispiel", "Hans’ Tochter Anna"
            cut, guessed = owned + 1, False
        left = words[cut:]
        if not left or (cut and behind_article and left[0] in self.owners) or (guessed and left[-1].endswith("s")):
            return None  # "der Anwalt von Anna Muster", "der Sohn Anna Musters"
        return " ".join(left), start + sum(len(word) + 1 for word in words[:cut])

    def type(self, text: str, name: str) -> str:
        """What a name is of: an organisation by its words or capitals, a person by the role before it, else unknown."""
        words = name.split(" ")
        if any(word in self.organisations or word.lower().endswith(self.organisation_ends) for word in words):
            return "organization"
        if len(words) == 1 and name.isupper() and len(name) > 1:
            return "organization"
        return "person" if text != name or any(word in self.roles for word in text.split(" ")) else "unknown"

    def _is_role(self, word: str, place: int) -> bool:
        """Whether a word is a role, or (as the first word) ends in one: "Fraktionschefin", "Grünen-Chefin"."""
        bare = word.rstrip(".")
        return bare in self.roles or (place == 0 and bare.lower().endswith(self.role_ends))

    def tells_owner(self, role: str) -> bool:
        """Whether the words before a name make it only the owner of somebody: "le fils de", "l'avocat d'Anne"."""
        words = role.split()
        return bool(words) and (words[-1] in self.owners or ELIDED.match(words[-1]) is not None)


class TouchingReader:
    """Reads one article's quotations in such a language."""

    def __init__(self, body: str, paragraphs: Sequence[Span], language: Touching) -> None:
        self.body = body
        self.paragraphs = paragraphs
        self.language = language
        self.fullest: dict[str, str | None] = {}
        for span in paragraphs:
            for match in language.full.finditer(body, span.start, span.end):
                self._enter(match.group().rstrip(".,"))

    def _enter(self, name: str) -> None:
        parts = name.split(" ")
        while len(parts) > 2 and parts[0] in self.language.roles:
            parts.pop(0)
        known = self.fullest.setdefault(parts[-1], " ".join(parts))
        if known is not None and known != " ".join(parts):
            self.fullest[parts[-1]] = None  # two people may have this name

    def quotes(self, quotes: Sequence[Quote], stretches: Sequence[Stretch]) -> Iterator[Quote]:
        """The quotes, with speakers where these are certain."""
        by_start = {stretch.start: stretch for stretch in stretches}
        last: tuple[int, FoundSpeaker] | None = None
        for quote in quotes:
            stretch = by_start[quote.start]
            found = self._behind(stretch) or self._before(stretch)
            if found is None and last is not None and last[0] == stretch.paragraph and self._goes_on(last[1], stretch):
                found = replace(last[1], pattern="continued")
            last = (stretch.paragraph, found) if found is not None else None
            yield quote if found is None else self._with_speaker(quote, found)

    def is_tagged(self, stretch: Stretch) -> bool:
        """Whether a verb and a name touch a quotation, or a dash opens it in a dialogue."""
        return self.body[stretch.left] in "—–―" or self._behind(stretch) is not None or self._before(stretch) is not None

    def _with_speaker(self, quote: Quote, found: FoundSpeaker) -> Quote:
        return replace(quote, speaker=found.name, speaker_text=self.body[found.start:found.end], speaker_start=found.start,
                       speaker_end=found.end, speaker_type=found.type,
                       cue=self.body[found.cue_start:found.cue_end], cue_start=found.cue_start, cue_end=found.cue_end,
                       pattern=found.pattern, confidence=SURE[found.pattern])

    def _goes_on(self, before: FoundSpeaker, stretch: Stretch) -> bool:
        """Whether nothing but the end of the tag's sentence stands between a tag and the next quotation."""
        gap = self.body[before.end:stretch.left].rstrip(" \u00a0“„«\"")
        return before.end <= stretch.left and len(gap) <= GAP and gap.endswith(".") and not END.search(gap, 0, len(gap) - 1)

    def _behind(self, stretch: Stretch) -> FoundSpeaker | None:
        end = min(self.paragraphs[stretch.paragraph].end, stretch.right + WINDOW)
        match = self.language.behind.match(self.body, stretch.right, end)
        if match is None:
            return None
        role = match.group("role").lower().replace("’", "'").split()
        if self.language.stops.intersection(role) or self.language.tells_owner(match.group("role")):
            return None
        return self._found(match, "quote-verb-speaker", bool(role))

    def _before(self, stretch: Stretch) -> FoundSpeaker | None:
        start = max(self.paragraphs[stretch.paragraph].start, stretch.left - WINDOW)
        window = self.body[start:stretch.left]
        match = self.language.before.search(window)
        return self._found(match, "speaker-verb-quote", False, start) if match is not None else None

    def _found(self, match: re.Match[str], pattern: str, behind_article: bool, shift: int = 0) -> FoundSpeaker | None:
        named = self.language.name(match.group("name"), match.start("name") + shift, behind_article)
        if named is None:
            return None
        name, start = named
        full = name if " " in name else self.fullest.get(name)
        if full is None:
            return None
        kind = self.language.type(match.group("name").rstrip(".,"), name)
        return FoundSpeaker(full, start, start + len(name), match.start("cue") + shift, match.end("cue") + shift, pattern, kind)
