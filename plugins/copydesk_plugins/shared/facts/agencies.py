"""News agencies by their names and codes."""

from __future__ import annotations

import re

from copydesk import fold_text
from copydesk_plugins.shared.facts.loading import load

_WORD = re.compile(r"\w+")
"""A word of a name."""
ARTICLE, SUFFIX = "the ", " news agency"
"""What names of agencies may be written without."""
OPENING = 2
"""Characters by which most texts that name no agency are told quickly."""


class Agencies:
    """The agencies of ``data/agencies.toml``.

    Attributes:
        name_pattern: the names as alternatives of a regular expression, the longest first.
        code_pattern: the same of the codes.
        any_pattern: a name in any case or a code in its own, with or without "the".
    """

    def __init__(self) -> None:
        self._full: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        names: list[str] = []
        for entry in load("agencies")["agency"]:
            full = entry["name"]
            for form in (full, *entry["names"]):
                self._full[_key(form)] = full
                names.append(form.removeprefix("The "))
            for code in entry["codes"]:
                self._codes[code] = full
        self._first_words = frozenset(_WORD.search(form)[0].lower() for form in (*names, *self._codes))  # type: ignore[index]  # each has a word
        self._openings = frozenset([ARTICLE[:OPENING], *(key[:OPENING] for key in self._full)])
        self.name_pattern = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        self.code_pattern = "|".join(sorted(map(re.escape, self._codes), key=len, reverse=True))
        self.any_pattern = f"(?:[Tt]he )?(?<!\\w)(?:(?i:{self.name_pattern})|(?-i:{self.code_pattern}))(?!\\w)"
        self._inside = re.compile(rf"(?<!\w)(?:{self.name_pattern}|(?-i:{self.code_pattern}))(?!\w)", re.I)

    def full_name(self, text: str) -> str | None:
        """The full name of the agency when a text names it and says nothing else; else None.

        >>> Agencies().full_name("AP"), Agencies().full_name("the Associated Press"), Agencies().full_name("Apple")
        ('The Associated Press', 'The Associated Press', None)
        """
        text = text.strip(" .,;:()[]—–-/")
        opening = text[:OPENING]
        if opening.isalnum() and opening.lower() not in self._openings and text.isascii():  # true of most texts: saves folding them
            return self._codes.get(text)
        return self._codes.get(text) or self._full.get(_key(text))

    def may_name(self, text: str) -> bool:
        """Whether a word of a text is the first word of an agency's name or code. This is quick, and true wherever `inside` finds one."""
        return not self._first_words.isdisjoint(_WORD.findall(text.lower()))

    def inside(self, text: str) -> str | None:
        """The full name of the first agency named in a short text ("Associated Press writer")."""
        match = self._inside.search(text)
        return self.full_name(match.group()) if match else None

    def names_in(self, text: str, agency: str) -> bool:
        """Whether a text names an agency, given by its full name, anywhere."""
        return any(self.full_name(match.group()) == agency for match in self._inside.finditer(text))


def _key(text: str) -> str:
    """A name in the form in which names are compared."""
    return fold_text(text).removeprefix(ARTICLE).removesuffix(SUFFIX)
