"""The article object among a page's JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from copydesk import Document, JsonValue, canonicalise, fold_text, is_public, registrable_domain, site_of
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.structured.claim_makers import plain, strings

Thing = Mapping[str, JsonValue]
DEEPEST = 4


def main_article(document: Document) -> Thing | None:
    """The JSON-LD object that the page is about: the one with the page's address or headline, else the first. Ask by ``document.once``."""
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
    return found[0] if len(found) < 4 else None


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
    """The addresses that a page states of itself, canonical, each with where; those on another site than the page's are left out."""
    return [(url, place) for _, url, place, own in document.once(_stated) if own]


def foreign_addresses(document: Document) -> list[str]:
    """The addresses, as written, that a page states of itself on another site than its own."""
    return [text for text, _, _, own in document.once(_stated) if not own]


def site_of_page(document: Document) -> str | None:
    """The site of a page: that of its fetch URL, of the addresses that it states of itself, or as its source states it."""
    stated = [document.page.url] if document.page.url else [url for url, _ in own_addresses(document)]
    if not stated and document.page.site and "." in document.page.site:
        stated = [f"https://{document.page.site}/"]
    return registrable_domain(canonicalise(stated[0])) if stated else None


def _stated(document: Document) -> list[tuple[str, str, str, bool]]:
    """As written, canonical, where, and whether on the page's own site."""
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
