"""Stories of news agencies, and whom meta_wire credits them to."""

from __future__ import annotations

from copydesk import Block, BlockKind, Document, Field, Label, MediaType, Page
from copydesk_plugins.describe.meta_wire import Plugin

PLUGIN = Plugin()


def document(*texts: str) -> Document:
    """A page of paragraphs."""
    blocks = tuple(Block(index, BlockKind.PARAGRAPH, text) for index, text in enumerate(texts))
    return Document(Page(b"", MediaType.TEXT), blocks)


def credits_of(page: Document, *labels: Label) -> set[object]:
    """The agencies that meta_wire credits a page to."""
    return {claim.value for claim in PLUGIN.propose_metadata(page, labels) if claim.field == Field.CREDIT_TEXT}
