"""Reads what newsrooms' templates call the elements around a block: byline, date, caption …"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from copydesk import Document

MOST_TOKENS = 10
"""Tokens of a block that are looked at, the nearest first."""
KEPT_TOKENS = 4_096
"""Tokens whose meaning is remembered."""
NOTHING: Mapping[str, int] = {}
"""What a block without marks has."""
NONE: frozenset[str] = frozenset()
"""What a token that marks nothing says."""


class Marks:
    """Words of templates, by what they mark. A class or id token counts as a whole, and so does each part of it between hyphens."""

    def __init__(self, markup: Mapping[str, Collection[str]]) -> None:
        self._words = {word: frozenset(what for what, listed in markup.items() if word in listed)
                       for words in markup.values() for word in words}
        self._kept = lru_cache(KEPT_TOKENS)(self._of_token)

    def on(self, document: Document) -> tuple[Mapping[str, int], ...]:
        """For each block what its first ten tokens mark it as, with the place of the first token that does.

        Call it as ``document.once(marks.on)``, since several plugins ask.
        """
        heads = [block.tokens[:MOST_TOKENS] for block in document.blocks]
        telling = {token: found for token in set[str]().union(*heads) if (found := self._kept(token))}
        known = set(telling)
        return tuple([NOTHING if known.isdisjoint(head) else _places(head, telling) for head in heads])

    def _of_token(self, token: str) -> frozenset[str]:
        found = [self._words[part] for part in (token, *token.replace("_", "-").split("-")) if part in self._words]
        return frozenset().union(*found) if found else NONE


def _places(head: tuple[str, ...], telling: Mapping[str, frozenset[str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, token in enumerate(head):
        for what in telling.get(token, ()):
            places.setdefault(what, place)
    return places


def marked(marks: Mapping[str, int], what: str, tokens: int) -> bool:
    """Whether one of a block's first ``tokens`` tokens (at most `MOST_TOKENS`) marks it as ``what``."""
    return marks.get(what, tokens) < tokens
