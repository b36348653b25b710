"""Lists of patterns from data files, tried together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copydesk_plugins._phrases import compile_bounded


@dataclass(frozen=True, slots=True)
class Needing:
    """A pattern that may stand anywhere, and strings of which a text must have one for it (none: no such test)."""

    needs: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str, first: int = 0) -> re.Match[str] | None:
        """The pattern's first match from a place on."""
        for need in self.needs:
            if need in text:
                return self.pattern.search(text, first)
        return None if self.needs else self.pattern.search(text, first)


class Patterns:
    """Patterns of a data file. Those that begin with ``^`` are one, tried at a text's start; the others are searched, one by one.

    An entry is a pattern, or a table of ``pattern`` and ``needs``, strings of which one must stand in the text (a cheap test before it).
    """

    def __init__(self, entries: Sequence[str | Mapping[str, Any]], slots: Mapping[str, str], where: str) -> None:
        opening: list[str] = []
        self._floating: list[Needing] = []
        for entry in entries:
            table = {"pattern": entry} if isinstance(entry, str) else entry
            pattern = table["pattern"]
            for name, value in slots.items():
                pattern = pattern.replace(f"<{name}>", value)
            if pattern.startswith("^"):
                opening.append(f"(?:{pattern})")
            else:
                self._floating.append(Needing(tuple(table.get("needs", ())), compile_bounded(pattern, where)))
        self._opening = compile_bounded("|".join(opening), where) if opening else None

    def __iter__(self) -> Iterator[re.Pattern[str]]:
        return iter([*([self._opening] if self._opening else []), *(each.pattern for each in self._floating)])

    def hit(self, text: str, first: int = 0) -> bool:
        """Whether one of them matches; those that are searched look from ``first`` on."""
        if self._opening is not None and self._opening.match(text):
            return True
        for each in self._floating:  # noqa: SIM110  # a loop is quicker than any() here
            if each.search(text, first):
                return True
        return False

    def starts(self, text: str, first: int) -> list[int]:
        """Where the matches of those that are searched begin, from ``first`` on."""
        return [found.start() for each in self._floating if (found := each.search(text, first))]
