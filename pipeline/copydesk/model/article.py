"""What travels through the pipeline on its way out: metadata claims, the article, its quotes, and the outcome of a page.

Field names are those of schema.org's NewsArticle in snake_case (https://schema.org/NewsArticle).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from copydesk.model.labels import Label
from copydesk.model.metadata import Claim, Metadata
from copydesk.model.page import Page


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
