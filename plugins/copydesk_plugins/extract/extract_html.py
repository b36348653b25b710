"""Extracts HTML pages with the core's one bounded parse. All plugins share the result through the document."""

from __future__ import annotations

from copydesk import Document, LimitSettings, MediaType, Page, hookimpl, parse_html


@hookimpl
def extract(page: Page, limits: LimitSettings) -> Document | None:
    """All visible blocks and the facts of an HTML page; None for other media types."""
    return parse_html(page, limits) if page.media_type is MediaType.HTML else None
