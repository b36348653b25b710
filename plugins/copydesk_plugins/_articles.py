"""The article object among a page's JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from copydesk import Document, JsonValue, canonicalise, fold_text
from copydesk_plugins._claims import plain, strings
from copydesk_plugins._data import load

Thing = Mapping[str, JsonValue]
DEEPEST = 4


class MainArticle:
    """Finds the object that the page is about."""

    def __init__(self) -> None:
        self.articles: frozenset[str] = frozenset(load("schema_types")["articles"])

    def find(self, document: Document) -> Thing | None:
        """The article object that the page is about: the one with the page's address or headline, else the first."""
        found = list(self._articles(document.json_ld))
        addresses = {canonicalise(url, document.page.url) for url in (
            document.page.url, document.first_meta("og:url"), *(link.href for link in document.links if link.rel == "canonical")) if url}
        for thing in found:
            own = {canonicalise(url, document.page.url)
                   for key in ("url", "mainEntityOfPage", "@id") for url in strings(thing.get(key), "@id")}
            if own & addresses - {None}:
                return thing
        titles = {fold_text(title) for title in (document.title, document.first_meta("og:title") or "",
                                                 *(block.text for block in document.headings if block.level == 1)) if title}
        for thing in found:
            headline = thing.get("headline")
            if isinstance(headline, str) and any(fold_text(plain(headline)) in title for title in titles):
                return thing
        return found[0] if found and len(found) < 4 else None

    def _articles(self, things: Iterable[Thing], depth: int = DEEPEST) -> Iterator[Thing]:
        for thing in things:
            if self.articles & set(types_of(thing)):
                yield thing
            elif depth:
                inner = (thing.get(key) for key in ("mainEntity", "mainEntityOfPage", "subjectOf"))
                yield from self._articles([value for value in inner if isinstance(value, dict)], depth - 1)


def types_of(thing: Thing) -> tuple[str, ...]:
    """The types of an object, without the vocabulary's address."""
    return tuple(text.rpartition("/")[2] for text in strings(thing.get("@type")))
