"""Compare the facts that a golden case expects with an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copydesk.model.article import Article
from copydesk.rows.article_rows import article_row, quote_rows, removal_rows

PEOPLE = ("authors", "contributors")
"""The fields of ``articles`` that hold people."""
SHOWN_EDGE = 80
"""A message shows this many characters of an end of the body."""
SHOWN_WANTED = 50
"""A message shows this many characters of an expected quote that is missing."""
SHOWN_QUOTE = 40
"""A message shows this many characters of any other quote."""


def fields(article: Article) -> dict[str, Any]:
    """Return the row of ``articles``, with people as lists of names."""
    row: dict[str, Any] = article_row(article, "")
    return {**row, **{field: [person["name"] for person in row[field]] for field in PEOPLE}}


def article_faults(expected: Mapping[str, Any], article: Article) -> Iterator[str]:
    """Yield a sentence for each expected fact that does not hold."""
    seen_fields = fields(article)
    for field, want in expected.get("article", {}).items():
        yield from one_of(field, seen_fields[field], want)
    row: dict[str, Any] = article_row(article, "")
    for field, records in expected.get("records", {}).items():
        seen = [{key: record[key] for key in want} for record, want in zip(row[field], records, strict=False)]
        if seen != records or len(row[field]) != len(records):
            yield f"{field} is {row[field]!r}, not {records!r}"
    yield from _body_faults(expected, article.body, len(article.paragraphs))
    yield from _removal_faults(expected, [dict(item) for item in removal_rows(article)])
    yield from _quote_faults(expected, [dict(item) for item in quote_rows(article)], article.body)


def one_of(what: str, seen: object, want: object) -> list[str]:
    """Return a sentence when a value is not as expected, else an empty list.

    Args:
        what: the name of the value, for the sentence.
        seen: the value.
        want: the expected value, {"any": [...]} for one of several values, or {"not": x} for any value but x.
    """
    if isinstance(seen, str) and what.startswith("date_"):
        seen = re.sub(r"Z\Z", "+00:00", seen)  # Z and +00:00 are the same offset
    if isinstance(want, dict) and set(want) == {"not"}:
        return [f"{what} is {seen!r}"] if seen == want["not"] else []
    if isinstance(want, dict) and set(want) == {"any"}:
        return [] if seen in want["any"] else [f"{what} is {seen!r}, none of {want['any']!r}"]
    return [] if seen == want else [f"{what} is {seen!r}, not {want!r}"]


def _body_faults(expected: Mapping[str, Any], body: str, paragraphs: int) -> Iterator[str]:
    if not body.startswith(expected.get("starts", "")):
        yield f"body starts {body[:SHOWN_EDGE]!r}, not {expected['starts']!r}"
    if not body.endswith(expected.get("ends", "")):
        yield f"body ends {body[-SHOWN_EDGE:]!r}, not {expected['ends']!r}"
    yield from (f"body lacks {phrase!r}" for phrase in expected.get("contains", ()) if phrase not in body)
    yield from (f"body contains {phrase!r}" for phrase in expected.get("lacks", ()) if phrase in body)
    if expected.get("paragraphs", paragraphs) != paragraphs:
        yield f"{paragraphs} paragraphs, not {expected['paragraphs']}"


def _removal_faults(expected: Mapping[str, Any], removals: list[dict[str, Any]]) -> Iterator[str]:
    for phrase, reasons in expected.get("removed", {}).items():
        seen = [removal["reason"] for removal in removals if phrase in removal["text"]]
        if not set(seen) & set(reasons):
            yield f"{phrase!r} is removed as {seen or 'nothing'}, not as one of {reasons}"


def _quote_faults(expected: Mapping[str, Any], quotes: list[dict[str, Any]], body: str) -> Iterator[str]:
    for want in expected.get("quotes", ()):
        found = [quote for quote in quotes if bare(quote["text"]) == bare(want["text"])]
        if len(found) != 1:
            yield f"{len(found)} quotes {want['text'][:SHOWN_WANTED]!r}; there are {[quote['text'][:SHOWN_QUOTE] for quote in quotes]}"
            continue
        for key in sorted(set(want) - {"text"}):
            allowed = want[key] if isinstance(want[key], list) else [want[key]]
            if found[0][key] not in allowed:
                yield f"{key} of {want['text'][:SHOWN_QUOTE]!r} is {found[0][key]!r}, none of {allowed}"
    if expected.get("quote_count", len(quotes)) != len(quotes):
        yield f"{len(quotes)} quotes, not {expected['quote_count']}: {[quote['text'][:SHOWN_QUOTE] for quote in quotes]}"
    for phrase in expected.get("not_quotes", ()):
        yield from (f"{phrase!r} is in a quote" for quote in quotes if phrase in quote["text"])
    yield from (f"offsets of {quote['text'][:SHOWN_QUOTE]!r} are wrong"
                for quote in quotes if body[quote["start"]:quote["end"]] != quote["text"])


def bare(text: str) -> str:
    """Return a quotation without punctuation marks at its ends."""
    return text.strip(" .,;:?!")
