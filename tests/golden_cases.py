"""Golden cases: a page each, and the facts that the pipeline must find on it.

``tests/golden/<case>/expected.json`` holds, next to the page (``page.html``, ``page.txt``, …, or the path in ``page``):

    about      what the case is about
    url        the URL that the page was fetched from (optional)
    outcome    written (default), rejected or quarantined; ``code`` is the reject's code or a list of allowed ones
    article    fields of the row of ``articles``; {"any": [..]} means one of these, {"not": x} anything else; people are lists of names
    starts, ends, contains, lacks, paragraphs     facts of the body
    removed    {phrase: [allowed reasons]} of the removals
    quotes     [{text, speaker, kind, cue}]: each a row of ``quotes``; a list in ``speaker`` means "one of these"
    quote_count, not_quotes                       how many there are; phrases that no quote holds
    records    {"contributors": [{...}]}: whole records, compared by the keys given
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copydesk import Fault, Location, Outcome, Pipeline
from copydesk.rows import article_row, quote_rows, removal_rows

GOLDEN = Path(__file__).parent / "golden"
KEYS = {"about", "page", "url", "outcome", "code", "article", "records", "starts", "ends", "contains", "lacks", "paragraphs", "removed",
        "quotes", "quote_count", "not_quotes"}
PEOPLE = ("authors", "contributors")


@dataclass(frozen=True, slots=True)
class Case:
    """One folder of ``tests/golden``."""

    name: str
    page: Path
    expected: dict[str, Any]


def cases() -> list[Case]:
    """All cases, by name."""
    return [_case(folder) for folder in sorted(GOLDEN.iterdir()) if (folder / "expected.json").is_file()]


def _case(folder: Path) -> Case:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    unknown = set(expected) - KEYS
    assert not unknown, f"{folder.name}: unknown keys {sorted(unknown)}"
    pages = [folder / expected["page"]] if "page" in expected else [path for path in folder.iterdir() if path.name.startswith("page.")]
    assert len(pages) == 1, f"{folder.name}: needs exactly one page"
    return Case(folder.name, pages[0].resolve(), expected)


def process(pipeline: Pipeline, case: Case) -> Outcome | Fault:
    """The page through the source plugins and the pipeline, as a run reads it."""
    location = Location(str(case.page), case.page.name, case.page.stat().st_size)
    planned = pipeline.plugins.first("plan_source", location=location)
    assert planned is not None, f"no plugin reads {case.page.name}"
    ranges = list(planned[1])
    opened = pipeline.plugins.first("open_source", source_range=ranges[0], limits=pipeline.settings.limits)
    assert opened is not None
    pages = list(opened[1])
    assert len(pages) == 1
    if isinstance(pages[0], Fault):
        return pages[0]
    return pipeline.process(replace(pages[0], url=case.expected.get("url", pages[0].url)))


def faults(case: Case, result: Outcome | Fault) -> list[str]:
    """What of the expectations does not hold; empty when all do."""
    want = case.expected.get("outcome", "written")
    if isinstance(result, Fault):
        got, code = "quarantined", result.code
    else:
        got, code = str(result.status), result.reject.code if result.reject else ""
    if got != want:
        why = result.message if isinstance(result, Fault) else result.reject and result.reject.message
        return [f"outcome {got} ({code}: {why}), not {want}"]
    if want != "written":
        return _one_of("code", code, case.expected["code"]) if "code" in case.expected else []
    assert isinstance(result, Outcome)
    return list(_article_faults(case.expected, result))


def _article_faults(expected: dict[str, Any], outcome: Outcome) -> Iterator[str]:
    article = outcome.article
    assert article is not None
    row: dict[str, Any] = article_row(article, "")
    for field, want in expected.get("article", {}).items():
        seen = [person["name"] for person in row[field]] if field in PEOPLE else row[field]
        yield from _one_of(field, seen, want)
    for field, records in expected.get("records", {}).items():
        seen = [{key: record[key] for key in want} for record, want in zip(row[field], records, strict=False)]
        if seen != records or len(row[field]) != len(records):
            yield f"{field} is {row[field]!r}, not {records!r}"
    yield from _body_faults(expected, article.body, len(article.paragraphs))
    yield from _removal_faults(expected, [dict(item) for item in removal_rows(article)])
    yield from _quote_faults(expected, [dict(item) for item in quote_rows(article)], article.body)


def _one_of(what: str, seen: object, want: object) -> list[str]:
    if isinstance(seen, str) and what.startswith("date_"):
        seen = re.sub(r"Z\Z", "+00:00", seen)  # two spellings of one offset
    if isinstance(want, dict) and set(want) == {"not"}:
        return [f"{what} is {seen!r}"] if seen == want["not"] else []
    if isinstance(want, dict) and set(want) == {"any"}:
        return [] if seen in want["any"] else [f"{what} is {seen!r}, none of {want['any']!r}"]
    return [] if seen == want else [f"{what} is {seen!r}, not {want!r}"]


def _body_faults(expected: dict[str, Any], body: str, paragraphs: int) -> Iterator[str]:
    if not body.startswith(expected.get("starts", "")):
        yield f"body starts {body[:80]!r}, not {expected['starts']!r}"
    if not body.endswith(expected.get("ends", "")):
        yield f"body ends {body[-80:]!r}, not {expected['ends']!r}"
    yield from (f"body lacks {phrase!r}" for phrase in expected.get("contains", ()) if phrase not in body)
    yield from (f"body contains {phrase!r}" for phrase in expected.get("lacks", ()) if phrase in body)
    if expected.get("paragraphs", paragraphs) != paragraphs:
        yield f"{paragraphs} paragraphs, not {expected['paragraphs']}"


def _removal_faults(expected: dict[str, Any], removals: list[dict[str, Any]]) -> Iterator[str]:
    for phrase, reasons in expected.get("removed", {}).items():
        seen = [removal["reason"] for removal in removals if phrase in removal["text"]]
        if not set(seen) & set(reasons):
            yield f"{phrase!r} is removed as {seen or 'nothing'}, not as one of {reasons}"


def _quote_faults(expected: dict[str, Any], quotes: list[dict[str, Any]], body: str) -> Iterator[str]:
    for want in expected.get("quotes", ()):
        found = [quote for quote in quotes if _bare(quote["text"]) == _bare(want["text"])]
        if len(found) != 1:
            yield f"{len(found)} quotes {want['text'][:50]!r}; there are {[quote['text'][:40] for quote in quotes]}"
            continue
        for key in sorted(set(want) - {"text"}):
            allowed = want[key] if isinstance(want[key], list) else [want[key]]
            if found[0][key] not in allowed:
                yield f"{key} of {want['text'][:40]!r} is {found[0][key]!r}, none of {allowed}"
    if expected.get("quote_count", len(quotes)) != len(quotes):
        yield f"{len(quotes)} quotes, not {expected['quote_count']}: {[quote['text'][:40] for quote in quotes]}"
    for phrase in expected.get("not_quotes", ()):
        yield from (f"{phrase!r} is in a quote" for quote in quotes if phrase in quote["text"])
    yield from (f"offsets of {quote['text'][:40]!r} are wrong" for quote in quotes if body[quote["start"]:quote["end"]] != quote["text"])


def _bare(text: str) -> str:
    return text.strip(" .,;:?!")
