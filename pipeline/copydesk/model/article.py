"""The article that a page becomes, with its quotes and its removals.

Offsets count Unicode code points of the body; they are zero-based and half-open, as Python slices are.
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
    """A stretch of the article body: ``body[start:end]``.

    Attributes:
        start: the first code point.
        end: the code point behind the last one.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removal:
    """A passage of the page that is not in the body.

    Attributes:
        text: the passage.
        reason: what the passage is (`Reason`, or a plugin's own reason).
        rule: the name of the rule that said so.
        plugin: the plugin that the rule belongs to.
    """

    text: str
    reason: str
    rule: str
    plugin: str


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article.

    Attributes:
        page: the page that it was made of.
        metadata: the chosen value of each metadata field.
        body: the text, with a blank line between paragraphs.
        paragraphs: where each paragraph stands in ``body``. Together they cover it, except for the blank lines.
        article_id: the identity, as hex digits; empty when the article was made without the stages.
        confidence: 0 to 1, the F1 in words that ``body`` is expected to have.
        charset: the encoding that the page was decoded with.
        removals: the passages that are not in ``body``, in page order.
        claims: all claims that plugins made, chosen or not.
        labels: all labels that plugins gave.
        quotes: the quotes in text order.
    """

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
        """Hex SHA-256 of headline and body. Two captures of the same text have the same one."""
        return hashlib.sha256(f"{self.metadata.headline or ''}\n\n{self.body}".encode("utf-8", "backslashreplace")).hexdigest()


class QuoteKind(StrEnum):
    """How speech is quoted.

    ``DIRECT``: whole clauses in marks. ``MIXED``: marked words inside the writer's own sentence. ``INDIRECT``: reported without marks.
    """

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Quote:
    """One stretch of quoted or reported speech within one paragraph of the body.

    Unknown values are None. All offsets are code points of the body.

    Attributes:
        text: the words, without quotation marks: ``body[start:end]``.
        kind: direct, mixed or indirect.
        start: the first code point of ``text``.
        end: the code point behind ``text``.
        speaker: the fullest form of the speaker's name in the article.
        speaker_text: the speaker as written at the quote.
        speaker_start: the first code point of ``speaker_text``.
        speaker_end: the code point behind ``speaker_text``.
        speaker_type: ``person``, ``organization`` or ``unknown``.
        speaker_role: role or title of the speaker as the article gives it.
        cue: the word or phrase that reports the speech.
        cue_start: the first code point of ``cue``.
        cue_end: the code point behind ``cue``.
        clause_start: the first code point of the reported clause around a mixed quote.
        clause_end: the code point behind that clause.
        utterance: the number of the utterance in the article, from 0.
        part: the number of this stretch in its utterance, from 0.
        pattern: the sentence pattern that linked speaker and quote.
        confidence: 0 to 1, how sure the speaker is.
        plugin: the plugin that found the quote. The core fills it in.
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
