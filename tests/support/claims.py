"""Claims to metadata, and what is chosen from them."""

from __future__ import annotations

from datetime import UTC, datetime

from copydesk.metadata.choice import choose_metadata
from copydesk.metadata.dates import parse_when
from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Field, Metadata
from copydesk.model.page import Page

PAGE = Page(b"", url="https://www.example.com/a/storm", date_captured=datetime(2024, 11, 1, tzinfo=UTC))


def choose(*claims: Claim, page: Page = PAGE) -> Metadata:
    """What is chosen from claims."""
    return choose_metadata(Document(page, ()), claims)


def date(text: str, evidence: str = "meta:date", rank: int = 20, field: str = Field.DATE_PUBLISHED) -> Claim:
    """A claim to a date."""
    when = parse_when(text)
    assert when is not None
    return Claim(field, when, evidence, rank)


def local(metadata: Metadata) -> str | None:
    """The chosen day of publication, as the page writes it."""
    return metadata.date_published.local if metadata.date_published else None
