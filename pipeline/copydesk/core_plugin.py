"""The core as a plugin: its answer where one wins and no plugin had any. `copydesk.choose` is apart, since plugins import its function."""

from __future__ import annotations

from copydesk import choose
from copydesk.documents import Document
from copydesk.hookspecs import hookimpl
from copydesk.values import Claim, Metadata


@hookimpl(trylast=True)
def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata:
    """The best value of each field, and the claims behind them in ``chosen``."""
    return choose.choose_metadata(document, claims)
