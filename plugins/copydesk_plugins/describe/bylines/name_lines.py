"""Finds names on lines of their own between headline and text of a plain-text scrape. The lines beside them show what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk import Block, Document, Person
from copydesk_plugins.shared.lines.lines import Lines
from copydesk_plugins.shared.prose.person_names import Names, authors, unique
from copydesk_plugins.shared.prose.written_dates import TextDates

BELOW = 14
"""Lines below a headline that are looked at."""
ABOVE = 25
"""Lines above the text that are looked at where there is no headline."""
LONG_HEAD = 25
"""Words of a "headline" that is in truth a paragraph of the text."""
LONG = 40
"""Words of a long paragraph."""
MOST_LONG = 2
"""The long paragraph at which the search ends."""
MOST_LINE = 120
"""Characters of a line of names."""
MOST_DATE = 60
"""Characters of a line with a date."""
MOST_OPENING = 30
"""Characters of the opening of a byline."""
MOST_OTHER = 6
"""Words that a line may have beside the names."""
MOST_ROLE = 5
"""Words of a line with a role."""
MOST_BESIDE = 30
"""Characters that a line may have beside its date."""
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z]{2,20}\b)")
"""Where a scrape may have glued two words together."""
DATED = re.compile(r"\s[·•|]\s(?=.{0,60}\d{4})")
"""A mark with a date behind it."""
_MARKS = " ,|·•–—-&0123456789"
"""Characters that are stripped from a line's ends."""
_ADDRESSES = re.compile(r"[\w.+-]{1,60}@[\w.-]{1,60}")


class NameLines:
    """Reads the lines below a headline."""

    def __init__(self, names: Names, lines: Lines, dates: TextDates) -> None:
        self.names, self.lines, self.dates = names, lines, dates

    def find(self, document: Document, heading: int) -> tuple[int, tuple[Person, ...]] | None:
        """The index of a line, and the people that it and the lines right behind it name; None when no line surely names people."""
        window = list(self._window(document, heading))
        pictured = {line.text.strip(" ©") for line in window if line.text.startswith("©")}
        for place, block in enumerate(window):
            people = () if block.text in pictured else self._named(block.text)
            if not people:
                continue
            run = [people, *self._following(window[place + 1:])]
            before = self._beside(document, block.index, -1)
            behind = self._beside(document, window[min(place + len(run), len(window)) - 1].index, 1)
            if self.lines.by.match(block.text) or DATED.search(block.text) or self._opens(before) or self._tells(before, behind):
                return block.index, authors(unique(person for each in run for person in each))
        return None

    def _window(self, document: Document, heading: int) -> Iterator[Block]:
        """The lines below the headline, up to the second long paragraph. Where there is no headline, the lines above the text."""
        if document.word_counts[heading] >= LONG_HEAD:
            yield from document.blocks[max(0, heading - ABOVE):heading]
            return
        long = 0
        for block in document.blocks[heading + 1:heading + 1 + BELOW]:
            long += document.word_counts[block.index] >= LONG
            if long >= MOST_LONG:
                return
            yield block

    def _beside(self, document: Document, index: int, step: int) -> str:
        """The text of the next line in a direction that does not repeat this one; empty at the end."""
        own = document.blocks[index].text
        place = index + step
        while 0 <= place < len(document.blocks) and document.blocks[place].text == own:
            place += step
        return document.blocks[place].text if 0 <= place < len(document.blocks) else ""

    def _named(self, text: str) -> tuple[Person, ...]:
        """The people of a line that names nothing else; empty for other lines."""
        if len(text) > MOST_LINE or text.endswith((".", "?", "!", ":")):
            return ()
        text = self._unglued(_ADDRESSES.sub("", text))
        first = DATED.split(text)[0].strip(_MARKS)
        text = first if DATED.search(text) and self.lines.is_person(first) else text.strip(_MARKS)
        found = authors(self.names.split(text))
        full = bool(found) and all(self.lines.is_person(person.name) or self.names.agencies.full_name(person.name) for person in found)
        named = sum(len(person.name.split()) for person in found)
        return found if full and (len(text.split()) <= named + MOST_OTHER or self.lines.opens_byline(text)) else ()

    def _unglued(self, text: str) -> str:
        """The text with a comma between a name and the role that the scrape glued to it ("Ann LeeNews Reporter")."""
        for cut in _GLUED.finditer(text):
            if self.names.is_role(text[cut.start():]):
                return f"{text[:cut.start()]}, {text[cut.start():]}"
        return text

    def _opens(self, before: str) -> bool:
        """Whether the line before says that names follow."""
        if len(before) > MOST_OPENING:
            return False
        return self.lines.is_byline_opening(before) or self.names.opens(before)

    def _tells(self, before: str, behind: str) -> bool:
        """Whether a date or a role stands on the line before or behind."""
        role = len(behind.split()) <= MOST_ROLE and self.names.is_role(behind)
        return self._is_date(behind) or self._is_date(before) or role

    def _is_date(self, text: str) -> bool:
        if not text or len(text) > MOST_DATE:
            return False
        return self.lines.is_date(text) or self.dates.says_published(text) or any(
            len(text) - (each.end - each.start) <= MOST_BESIDE for each in self.dates.find(text))

    def _following(self, blocks: list[Block]) -> Iterator[tuple[Person, ...]]:
        for block in blocks:
            people = self._named(block.text)
            if not people:
                return
            yield people
