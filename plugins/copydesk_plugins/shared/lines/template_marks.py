"""What the names say that newsrooms' templates give to the elements around a block: byline, date, caption …"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from copydesk import Document

MOST_TOKENS = 10
KEPT_TOKENS = 4_096
NOTHING: Mapping[str, int] = {}
NONE: frozenset[str] = frozenset()


class Marks:
    """Template words by what they mark. A class or id token says it by itself or by a part of it between hyphens."""

    def __init__(self, markup: Mapping[str, Collection[str]]) -> None:
        self._words = {word: frozenset(what for what, listed in markup.items() if word in listed)
                       for words in markup.values() for word in words}
        self._kept = lru_cache(KEPT_TOKENS)(self._of_token)

    def on(self, document: Document) -> tuple[Mapping[str, int], ...]:
        """For each block what its first ten tokens mark, with the place of the first that does. Ask by ``document.once(marks.on)``: pages
        have few names that mark anything, and several plugins ask."""
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
    """Whether one of a block's first so many tokens, at most ten, marks it as something."""
    return marks.get(what, tokens) < tokens
