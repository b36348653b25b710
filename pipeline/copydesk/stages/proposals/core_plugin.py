"""The core as a plugin: it answers a hook where one answer wins and no plugin had any."""

from __future__ import annotations

from copydesk.hookspecs import hookimpl
from copydesk.metadata import choice
from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Metadata


@hookimpl(trylast=True)
def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """The best value of each field, and the claims behind them in ``chosen``."""
    return choice.choose_metadata(document, claims)
