"""What makes two pages the same article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Field, Metadata
from copydesk.model.page import Page
from copydesk.text.urls import bare, canonicalise, is_front_page, own_site

LENGTH = 32
MOST_LINKS = 300
_OWN = ("link:", "meta:", "json-ld:", "microdata:")


def identity(page: Page, metadata: Metadata, claims: Iterable[Claim], body: str) -> str:
    """The article_id: 32 hex characters of a SHA-256.

    Of the canonicalised fetch URL where the record has one; else of the page's own canonical URL when link, og and
    JSON-LD do not contradict each other; else of the text. The address of a site's entrance names no article: many records
    have it in place of their own.
    """
    fetched = canonicalise(page.url)
    if fetched and not is_front_page(fetched):
        return of_url(fetched)
    own = metadata.canonical_url
    if own and not is_front_page(own) and not contradicted(own, claims):
        return of_url(own)
    return _hashed("text", f"{metadata.headline or ''}\n\n{body}")


def of_url(url: str) -> str:
    """The article_id of a page with this fetch URL, canonicalised.

    >>> len(of_url("https://news.example.com/1"))
    32
    """
    return _hashed("url", url)


def site_of(document: Document, stated: Sequence[str]) -> str | None:
    """The site (registrable domain) that a page stands on, by its fetch URL, else by what it says of itself and its links."""
    inside = islice((href for block in document.blocks for href in block.hrefs if href.startswith("http")), MOST_LINKS)
    head = islice((link.href for link in document.links if link.rel != "canonical" and link.href.startswith("http")), MOST_LINKS)
    return own_site(canonicalise(document.page.url), stated, chain(inside, head))


def contradicted(chosen: str, claims: Iterable[Claim]) -> bool:
    """Whether one of the page's own statements of its address names another one."""
    for claim in claims:
        if claim.field == Field.CANONICAL_URL and isinstance(claim.value, str) and claim.evidence.startswith(_OWN):
            other = canonicalise(claim.value, base=chosen)
            if other is None or bare(other) != bare(chosen):
                return True
    return False


def _hashed(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\n{value}".encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]
