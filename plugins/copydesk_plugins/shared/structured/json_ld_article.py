"""Finds the article object in a page's JSON-LD, and the addresses that a page states of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from copydesk import Document, JsonValue, canonicalise, fold_text, is_public, registrable_domain, site_of
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.structured.claim_makers import plain, strings

Thing = Mapping[str, JsonValue]
DEEPEST = 4
"""Levels of objects in which an article is looked for."""
MANY = 4
"""From so many articles on, none of which fits the page, the first is no better than the others."""


def main_article(document: Document) -> Thing | None:
    """The article object that the page is about: the one with the page's address or headline, else the first of few.

    None when there is none. Call it through ``document.once``.
    """
    found = list(_articles(document.json_ld))
    if not found:
        return None
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
    return found[0] if len(found) < MANY else None


@lru_cache(1)
def _article_types() -> frozenset[str]:
    return frozenset(load("schema_types")["articles"])


def _articles(things: Iterable[Thing], depth: int = DEEPEST) -> Iterator[Thing]:
    for thing in things:
        if _article_types() & set(types_of(thing)):
            yield thing
        elif depth:
            inner = (thing.get(key) for key in ("mainEntity", "mainEntityOfPage", "subjectOf"))
            yield from _articles([value for value in inner if isinstance(value, dict)], depth - 1)


def own_addresses(document: Document) -> list[tuple[str, str]]:
    """The addresses that a page states of itself, in canonical form, each with where it says so. Those on other sites are left out."""
    return [(url, place) for _, url, place, own in document.once(_stated) if own]


def foreign_addresses(document: Document) -> list[str]:
    """The addresses on other sites that a page states of itself, as written."""
    return [text for text, _, _, own in document.once(_stated) if not own]


def site_of_page(document: Document) -> str | None:
    """The site of a page: that of its fetch URL, of the addresses it states of itself, or the one that its source states."""
    stated = [document.page.url] if document.page.url else [url for url, _ in own_addresses(document)]
    if not stated and document.page.site and "." in document.page.site:
        stated = [f"https://{document.page.site}/"]
    return registrable_domain(canonicalise(stated[0])) if stated else None


def _stated(document: Document) -> list[tuple[str, str, str, bool]]:
    """Each address that a page states of itself: as written, in canonical form, where, and whether it is on the page's own site."""
    article = document.once(main_article)
    stated = [(link.href, "link:canonical") for link in document.links if link.rel == "canonical"]
    stated += [(url, "meta:og:url") for url in document.meta.get("og:url", ())]
    stated += [(url, f"json-ld:{key}") for key in ("mainEntityOfPage", "url") for url in list(strings((article or {}).get(key), "@id"))[:1]]
    found = [(text, url, place) for text, place in stated if (url := canonicalise(text, document.page.url)) and is_public(url)]
    home = site_of(document, [url for _, url, _ in found])
    return [(text, url, place, registrable_domain(url) == home) for text, url, place in found]


def types_of(thing: Thing) -> tuple[str, ...]:
    """The types of an object, without the vocabulary's address."""
    return tuple(text.rpartition("/")[2] for text in strings(thing.get("@type")))
