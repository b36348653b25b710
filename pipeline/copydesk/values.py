"""What travels through the pipeline on its way out: metadata claims, the article, its quotes, and the outcome of a page.

Field names are those of schema.org's NewsArticle in snake_case (https://schema.org/NewsArticle).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from copydesk.labels import Label
from copydesk.model import Page, Status

__all__ = [
    "Article", "Claim", "ClaimValue", "Field", "Image", "Metadata", "Outcome", "Person", "Precision", "Quote", "QuoteKind", "Reject",
    "Removal", "Span", "Status", "When",
]


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


@dataclass(frozen=True, slots=True)
class Span:
    """Code points ``start`` to ``end`` of the article body."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A passage that is not in the body: its text, why, and which plugin's rule said so."""

    text: str
    reason: str
    rule: str
    plugin: str


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article. ``paragraphs`` cover ``body``; between them stands a blank line."""

    page: Page
    metadata: Metadata
    body: str
    paragraphs: tuple[Span, ...]
    article_id: str = ""
    confidence: float = 1.0
    charset: str = "utf-8"
    removals: tuple[Removal, ...] = ()
    claims: tuple[Claim, ...] = ()
    labels: tuple[Label, ...] = ()
    quotes: tuple[Quote, ...] = ()

    @property
    def text_sha256(self) -> str:
        """Hex SHA-256 of headline and body: two captures with the same one are the same text."""
        return hashlib.sha256(f"{self.metadata.headline or ''}\n\n{self.body}".encode("utf-8", "backslashreplace")).hexdigest()


class QuoteKind(StrEnum):
    """Direct: whole clauses in marks. Mixed: marked words inside the writer's own sentence. Indirect: reported without marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of quoted (or reported) speech within one paragraph of the body.

    ``body[start:end] == text``; the quotation marks stand outside. ``speaker`` is the fullest form of the name in the
    article, ``speaker_text`` the words at ``speaker_start:speaker_end``. ``clause_start:clause_end`` is the reported
    clause around a mixed quote. ``utterance`` numbers utterances in the article from 0, ``part`` the stretches
    of one. ``confidence`` is 0.0 to 1.0 for the speaker. Unknown is None.
    """

    text: str
    kind: QuoteKind
    start: int
    end: int
    speaker: str | None = None
    speaker_text: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    speaker_type: str = "unknown"
    speaker_role: str | None = None
    cue: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    clause_start: int | None = None
    clause_end: int | None = None
    utterance: int = 0
    part: int = 0
    pattern: str = ""
    confidence: float = 0.0
    plugin: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not written: which stage and plugin stopped it, a code for machines, a message for people."""

    stage: str
    code: str
    message: str
    status: Status
    plugin: str = ""
    source_path: str = ""
    source_record: str = ""
    source_offset: int | None = None
    sha256: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: an article (``WRITTEN``) or a reject. ``seconds`` is time per plugin."""

    status: Status
    article: Article | None = None
    reject: Reject | None = None
    seconds: dict[str, float] = field(default_factory=dict)
