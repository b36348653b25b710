"""Compute the id of an article, and the site that a page belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Field, Metadata
from copydesk.model.page import Page
from copydesk.text.urls import bare, canonicalise, is_front_page, own_site

LENGTH = 32
"""Hex digits of an article_id."""
MOST_LINKS = 300
"""Links of the text, and links of the head, that are looked at to find the site of a page."""
_OWN = ("link:", "meta:", "json-ld:", "microdata:")
"""The kinds of evidence in which a page states its own address."""


def identity(page: Page, metadata: Metadata, claims: Iterable[Claim], body: str) -> str:
    """Compute the article_id: 32 hex digits of a SHA-256.

    It is the hash of the canonicalised fetch URL, when the record has one. Else it is the hash of the page's own canonical URL, when link,
    og and JSON-LD do not contradict each other. Else it is the hash of headline and body. The address of a front page names no article,
    because many records have it instead of their own address.
    """
    fetched = canonicalise(page.url)
    if fetched and not is_front_page(fetched):
        return of_url(fetched)
    own = metadata.canonical_url
    if own and not is_front_page(own) and not contradicted(own, claims):
        return of_url(own)
    return _hashed("text", f"{metadata.headline or ''}\n\n{body}")


def of_url(url: str) -> str:
    """The article_id of a page with this fetch URL, which must be in canonical form.

    >>> len(of_url("https://news.example.com/1"))
    32
    """
    return _hashed("url", url)


def site_of(document: Document, stated: Sequence[str]) -> str | None:
    """The site (registrable domain) that a page belongs to; None when that is unknown.

    The fetch URL decides; without one, the addresses that the page states for itself and its links.

    Args:
        document: the page.
        stated: the addresses that the page states for itself, in canonical form.
    """
    inside = islice((href for block in document.blocks for href in block.hrefs if href.startswith("http")), MOST_LINKS)
    head = islice((link.href for link in document.links if link.rel != "canonical" and link.href.startswith("http")), MOST_LINKS)
    return own_site(canonicalise(document.page.url), stated, chain(inside, head))


def contradicted(chosen: str, claims: Iterable[Claim]) -> bool:
    """Whether one of the claims in which the page states its own address names another address than the chosen one."""
    for claim in claims:
        if claim.field == Field.CANONICAL_URL and isinstance(claim.value, str) and claim.evidence.startswith(_OWN):
            other = canonicalise(claim.value, base=chosen)
            if other is None or bare(other) != bare(chosen):
                return True
    return False


def _hashed(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\n{value}".encode("utf-8", "backslashreplace")).hexdigest()[:LENGTH]
