"""Metadata of an article: fields, claims, and the values that were chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """The metadata fields a plugin can make claims for, with the type of the claim's value."""

    URL = "url"  # str
    CANONICAL_URL = "canonical_url"  # str
    PUBLISHER = "publisher"  # str
    HEADLINE = "headline"  # str
    DESCRIPTION = "description"  # str
    BYLINE = "byline"  # str, the raw line
    AUTHORS = "authors"  # tuple[Person, ...]
    CONTRIBUTORS = "contributors"  # tuple[Person, ...]
    CREDIT_TEXT = "credit_text"  # str
    DATELINE = "dateline"  # str
    DATE_PUBLISHED = "date_published"  # When
    DATE_MODIFIED = "date_modified"  # When
    PAGE_TYPE = "page_type"  # str
    IN_LANGUAGE = "in_language"  # str, ISO 639-1
    ARTICLE_SECTION = "article_section"  # tuple[str, ...]
    KEYWORDS = "keywords"  # tuple[str, ...]
    IS_ACCESSIBLE_FOR_FREE = "is_accessible_for_free"  # bool
    IMAGES = "images"  # tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who wrote, edited or contributed. Unknown parts are empty strings."""

    name: str
    role: str = ""
    organization: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """What the page says about one of its images. Unknown parts are empty strings."""

    caption: str = ""
    credit: str = ""


class Precision(StrEnum):
    """How exactly the page gives a date."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class When:
    """A date as the page gives it.

    ``local`` is ISO 8601 with the page's own offset (``2024-10-18T09:30:00-04:00``), without one if the page has none, or the day
    alone. ``instant`` is aware UTC; a time without offset counts as UTC, a day as its midnight UTC.
    """

    local: str
    instant: datetime
    precision: Precision


ClaimValue = str | bool | When | tuple[Person, ...] | tuple[Image, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate for a metadata field.

    ``evidence`` says where on the page it stands: kind of place, colon, which (``json-ld:NewsArticle.datePublished``,
    ``meta:og:title``, ``url:path``, ``text:credit-line``). ``rank`` orders claims of one field: smaller is more trusted, 10 for
    structured data that names the field, 20 meta, 30 visible mark-up, 40 text, 50 guesses; ties go to the
    earlier claim. ``blocks`` are the blocks whose content the value keeps. ``plugin`` is filled in by the core.
    """

    field: str
    value: ClaimValue
    evidence: str
    rank: int = 40
    blocks: tuple[int, ...] = ()
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The chosen value of each field; None or empty where the page gives none. ``chosen`` are the claims behind them."""

    url: str | None = None
    canonical_url: str | None = None
    domain: str | None = None
    publisher: str | None = None
    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    credit_text: str | None = None
    dateline: str | None = None
    date_published: When | None = None
    date_modified: When | None = None
    page_type: str = "article"
    in_language: str | None = None
    article_section: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    is_accessible_for_free: bool | None = None
    images: tuple[Image, ...] = ()
    chosen: tuple[Claim, ...] = ()
