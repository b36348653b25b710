"""Make new expectations for a golden case from what the pipeline finds now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from copydesk.model.article import Article
from copydesk.model.outcome import Outcome
from copydesk.model.page import Fault
from copydesk.rows.article_rows import article_row, quote_rows, removal_rows
from copydesk.testing.golden.facts import bare, fields, one_of

FIELDS = ("headline", "byline", "authors", "credit_text", "dateline", "date_published_local", "canonical_url", "page_type", "in_language")
"""The fields of ``articles`` that a new case states."""
QUOTE = ("text", "speaker", "kind", "cue")
"""The fields of a quote that a new case states."""
EDGE = 60
"""A new case states this many characters of each end of the body, and of each removed passage."""
STAYS = ("about", "page", "url", "contains", "lacks", "not_quotes")
"""The keys that an update never changes."""
_ABOUT = ("about", "page", "url")
"""The keys that say what the case is and state no fact."""


def updated(expected: Mapping[str, Any], result: Outcome | Fault) -> dict[str, Any]:
    """Return expectations that hold now: of the same kinds as before, or of all kinds when there were none."""
    kept = {key: value for key, value in expected.items() if key in _ABOUT}
    if isinstance(result, Fault):
        return {**kept, "outcome": "quarantined", "code": result.code}
    if result.article is None:
        return {**kept, "outcome": str(result.status), "code": result.reject.code if result.reject else ""}
    if not set(expected) - {*_ABOUT, "outcome", "code"}:
        return {**kept, **_all(result.article)}
    return {key: _now(key, value, result.article) for key, value in expected.items() if key not in ("outcome", "code")}


def _all(article: Article) -> dict[str, Any]:
    seen = fields(article)
    removals = {row["text"][:EDGE]: [row["reason"]] for row in _rows(removal_rows(article))}
    return {"article": {name: seen[name] for name in FIELDS if seen[name]}, "starts": article.body[:EDGE], "ends": article.body[-EDGE:],
            "paragraphs": len(article.paragraphs), "removed": removals, "quotes": [_told(row, QUOTE) for row in _rows(quote_rows(article))],
            "quote_count": len(article.quotes)}


def _now(key: str, value: Any, article: Article) -> Any:
    """Return the new value of a key. What still holds stays as it was."""
    if key in STAYS:
        return value
    body = article.body
    made: dict[str, Callable[[], Any]] = {
        "starts": lambda: value if body.startswith(value) else body[:len(value)],
        "ends": lambda: value if body.endswith(value) else body[-len(value):],
        "paragraphs": lambda: len(article.paragraphs), "quote_count": lambda: len(article.quotes),
        "article": lambda: _fields(value, article), "records": lambda: _records(value, article),
        "removed": lambda: _removed(value, article), "quotes": lambda: _quotes(value, article)}
    return made[key]()


def _fields(value: Mapping[str, Any], article: Article) -> dict[str, Any]:
    seen = fields(article)
    return {name: seen[name] if one_of(name, seen[name], want) else want for name, want in value.items()}


def _records(value: Mapping[str, Any], article: Article) -> dict[str, Any]:
    row: Mapping[str, Any] = article_row(article, "")
    return {name: [_told(record, tuple(want[0]) if want else tuple(record)) for record in row[name]] for name, want in value.items()}


def _removed(value: Mapping[str, Any], article: Article) -> dict[str, Any]:
    """Return the phrases that are still removed. The reasons of a phrase change only when none of them holds."""
    found: dict[str, Any] = {}
    for phrase, reasons in value.items():
        now = [row["reason"] for row in _rows(removal_rows(article)) if phrase in row["text"]]
        if now:
            found[phrase] = reasons if set(now) & set(reasons) else sorted(set(now))
    return found


def _quotes(value: list[Mapping[str, Any]], article: Article) -> list[Any]:
    """Return the expected quotes with their new facts. When one of them is gone, return all quotes of the article instead."""
    rows = _rows(quote_rows(article))
    by_text = {bare(row["text"]): row for row in rows}
    if any(bare(want["text"]) not in by_text for want in value):
        return [_told(row, QUOTE) for row in rows]
    return [{key: old if key == "text" or now[key] in (old if isinstance(old, list) else [old]) else now[key] for key, old in want.items()}
            for want in value for now in [by_text[bare(want["text"])]]]


def _told(row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: row[key] for key in keys}


def _rows(found: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in found]
