"""Lists of patterns from data files, tried together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copydesk_plugins.shared.phrases.rules import compile_bounded


class Patterns:
    """Patterns of a data file.

    Those that begin with ``^`` are joined to one, which is tried at a text's start. The others are searched one by one.

    An entry is a pattern, or a table of ``pattern`` and ``needs``. One of the strings in ``needs`` must stand in the text; testing that
    first is cheap.
    """

    def __init__(self, entries: Sequence[str | Mapping[str, Any]], slots: Mapping[str, str], where: str) -> None:
        opening: list[str] = []
        self._floating: list[tuple[tuple[str, ...], re.Pattern[str]]] = []
        for entry in entries:
            table = {"pattern": entry} if isinstance(entry, str) else entry
            pattern = table["pattern"]
            for name, value in slots.items():
                pattern = pattern.replace(f"<{name}>", value)
            if pattern.startswith("^"):
                opening.append(f"(?:{pattern})")
            else:
                self._floating.append((tuple(table.get("needs") or ("",)), compile_bounded(pattern, where)))
        self._opening = compile_bounded("|".join(opening), where) if opening else None

    def __iter__(self) -> Iterator[re.Pattern[str]]:
        return iter([*([self._opening] if self._opening else []), *(pattern for _, pattern in self._floating)])

    def hit(self, text: str, first: int = 0) -> bool:
        """Whether one of the patterns matches. Those that are searched look from the character ``first`` on."""
        if self._opening is not None and self._opening.match(text):
            return True
        for needs, pattern in self._floating:
            for need in needs:  # a loop is quicker than any() here
                if need in text:
                    if pattern.search(text, first):
                        return True
                    break
        return False

    def starts(self, text: str, first: int) -> list[int]:
        """Where the searched patterns first match, from the character ``first`` on."""
        return [found.start() for needs, pattern in self._floating
                if any(need in text for need in needs) and (found := pattern.search(text, first))]
