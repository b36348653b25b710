"""Metadata of an article: fields, claims, and the values that were chosen.

Field names are those of schema.org's NewsArticle in snake_case (https://schema.org/NewsArticle).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """The metadata fields that a plugin can make claims for, each with the type of the claim's value."""

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
    """Someone who wrote, edited or contributed. Unknown parts are empty strings.

    Attributes:
        name: the name as the page gives it.
        role: what the person does or did, such as a job title.
        organization: the publication or agency that the person belongs to.
        location: where the person is.
    """

    name: str
    role: str = ""
    organization: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """What the page says about one of its images. Unknown parts are empty strings.

    Attributes:
        caption: the text below the image.
        credit: the photographer or agency.
    """

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

    Attributes:
        local: ISO 8601 with the page's own offset (``2024-10-18T09:30:00-04:00``), without offset if the page gives none, or the day alone.
        instant: the same in UTC, with time zone. A time without offset counts as UTC, a day as its midnight in UTC.
        precision: second, minute or day.
    """

    local: str
    instant: datetime
    precision: Precision


ClaimValue = str | bool | When | tuple[Person, ...] | tuple[Image, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate for a metadata field.

    Attributes:
        field: the metadata field (`Field`).
        value: the value, of the type that the field takes.
        evidence: where on the page the value stands: kind of place, colon, which one (``json-ld:NewsArticle.datePublished``,
            ``meta:og:title``, ``url:path``, ``text:credit-line``).
        rank: how trusted the place is; smaller is more trusted. Structured data that names the field has 10, meta elements 20, visible
            mark-up 30, text 40, guesses 50. Of claims of equal rank the earlier one wins.
        blocks: the indices of the blocks whose content the value keeps.
        plugin: the plugin that made the claim. The core fills it in.
    """

    field: str
    value: ClaimValue
    evidence: str
    rank: int = 40
    blocks: tuple[int, ...] = ()
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The chosen value of each field; None or empty when the page gives none.

    Attributes:
        url: the URL that the page was fetched from, in canonical form.
        canonical_url: the URL that the page names as its own, in canonical form.
        domain: the registrable domain of ``url``, else of ``canonical_url``.
        publisher: the name of the publication.
        headline: the headline of the article.
        description: the standfirst or summary.
        byline: the byline as it stands on the page.
        authors: the people who wrote the article.
        contributors: the people who are named as reporting, editing or contributing.
        credit_text: the agency or wire service that the article comes from.
        dateline: place, agency and date at the opening of the text, as written.
        date_published: when the article was published.
        date_modified: when the article was last changed.
        page_type: ``article``, ``live_blog``, ``gallery``, ``video``, ``stub``, ``index``, ``error`` or ``other``.
        in_language: the ISO 639-1 code of the text's language.
        article_section: the sections of the publication.
        keywords: the keywords as the page gives them.
        is_accessible_for_free: False behind a paywall, True when the page says so, None when it says nothing.
        images: captions and credits of the images.
        chosen: the claims that the values come from.
    """

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
