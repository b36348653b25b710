"""Pages for the metadata tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from copydesk import Claim, Document, Field, Label, MediaType, Page
from copydesk.html.parser import parse
from copydesk_plugins.describe.meta_time import Plugin
from copydesk_plugins.extract import extract_text

CAPTURED = datetime(2024, 11, 1, tzinfo=UTC)
URL = "https://www.example.com/a/storm"


def html(head: str = "", body: str = "<h1>Storm closes bridge</h1>", lang: str = "en", url: str | None = URL) -> Document:
    text = f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return parse(Page(text.encode(), url=url, date_captured=CAPTURED))


def ld(*things: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def scrape(text: str) -> Document:
    found = extract_text.Plugin(extract_text.Plugin.Settings()).extract(Page(text.encode(), MediaType.TEXT))
    assert found is not None
    return found


def values(plugin: object, document: Document, field: str, *labels: Label) -> list[tuple[object, str]]:
    """(value, evidence) of a plugin's claims for a field, best first."""
    propose = plugin.propose_metadata  # type: ignore[attr-defined]
    names = propose.__code__.co_varnames[:propose.__code__.co_argcount]
    claims: list[Claim] = list(propose(document, labels) if "labels" in names else propose(document))
    return [(claim.value, claim.evidence) for claim in sorted(claims, key=lambda claim: claim.rank) if claim.field == field]


META_TIME = Plugin(Plugin.Settings())


def days(page: object, field: str = Field.DATE_PUBLISHED) -> list[str]:
    """The days that meta_time reads on a page."""
    return [value.local for value, _ in values(META_TIME, page, field)]  # type: ignore[arg-type,attr-defined]
