"""Finds the rules that may hit a text by the text's words. Each rule is filed under one word of every string that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from copydesk import words

MOST_KNOWN = 50_000
"""Words whose rules are remembered; when there are more, all are forgotten, so that memory stays bounded."""
WORD = re.compile(r"\w{1,60}")
"""A word of a needed string."""


class _Known(NamedTuple):
    """What is known of words: those seen, those of them that rules need, and which rules."""

    seen: set[str]
    telling: set[str]
    rules: dict[str, tuple[int, ...]]


class Needs:
    """Finds the positions of rules by what the rules need."""

    def __init__(self, needs: Iterable[Sequence[str]]) -> None:
        """``needs`` are each rule's strings, of which a text must have one."""
        self._whole: dict[str, set[int]] = {}
        self._openings: dict[str, list[tuple[str, int]]] = {}
        self._signs: dict[str, set[int]] = {}
        for position, strings in enumerate(needs):
            for need in strings:
                self._file(need, position)
        self._known = _Known(set(), set(), {})

    def _file(self, need: str, position: int) -> None:
        """File a rule under the longest word of a string that it needs.

        A word with something behind it is a whole word. The last word of a string may be the beginning of a longer one. A string without
        words is filed as a sign.
        """
        found = [f"{word[0]} " if word.end() < len(need) else word[0] for word in WORD.finditer(need)]
        if not found:
            self._signs.setdefault(need, set()).add(position)
            return
        telling = max(found, key=len)
        if telling.endswith(" "):
            self._whole.setdefault(telling[:-1], set()).add(position)
        else:
            self._openings.setdefault(telling[:2], []).append((telling, position))

    def met(self, folded: str) -> set[int]:
        """The positions of the rules of which a folded text has a needed word or sign."""
        known, spoken = self._known, set(words(folded))
        unseen = spoken - known.seen
        if unseen:
            self._learn(known, unseen)
        found: set[int] = set()
        for word in spoken & known.telling:
            found.update(known.rules[word])
        for sign, positions in self._signs.items():
            if sign in folded:
                found |= positions
        return found

    def _learn(self, known: _Known, unseen: set[str]) -> None:
        """Find the rules of unseen words and remember them, up to a bound. Other threads may read ``known`` meanwhile."""
        for word in unseen:
            filed = (*self._openings.get(word[:2], ()), *self._openings.get(word[:1], ()))
            found = {position for opening, position in filed if word.startswith(opening)} | self._whole.get(word, set())
            if found:
                known.rules[word] = tuple(found)
                known.telling.add(word)
        known.seen.update(unseen)
        if len(known.seen) > MOST_KNOWN:
            self._known = _Known(set(), set(), {})
