"""The core's own plugin. It chooses the metadata when no other plugin does."""

from __future__ import annotations

from copydesk.hookspecs import hookimpl
from copydesk.metadata import choice
from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Metadata


@hookimpl(trylast=True)
def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """Choose the best value of each metadata field."""
    return choice.choose_metadata(document, claims)
