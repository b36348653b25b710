"""Golden cases: a page each, and the facts that the pipeline must find on it.

A folder of cases has a folder for each; ``<case>/expected.json`` holds, next to the page (``page.html``, ``page.txt``, …, or the path in
``page``):

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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copydesk.model.outcome import Outcome
from copydesk.model.page import Fault, Location
from copydesk.pipeline import Pipeline
from copydesk.testing.golden.facts import article_faults, one_of
from copydesk.testing.golden.update import updated

EXPECTED = "expected.json"
KEYS = frozenset({"about", "page", "url", "outcome", "code", "article", "records", "starts", "ends", "contains", "lacks", "paragraphs",
                  "removed", "quotes", "quote_count", "not_quotes"})


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A case's folder, its page, and what is expected; nothing is where there is no ``expected.json`` yet."""

    folder: Path
    page: Path
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name


def golden_cases(folder: str | Path) -> list[GoldenCase]:
    """The cases of a folder, by name: each folder in it that holds files.

    Raises:
        ValueError: a case has unknown keys, not exactly one page, or an ``expected.json`` that is no JSON object.
    """
    found = [_case(each) for each in sorted(Path(folder).iterdir()) if each.is_dir()]
    return [case for case in found if case is not None]


def _case(folder: Path) -> GoldenCase | None:
    written = folder / EXPECTED
    expected = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    if not isinstance(expected, dict) or set(expected) - KEYS:
        raise ValueError(f"{written}: {f'unknown keys {sorted(set(expected) - KEYS)}' if isinstance(expected, dict) else 'no JSON object'}")
    pages = [folder / expected["page"]] if "page" in expected else sorted(folder.glob("page.*"))
    if not pages and not expected and not any(each.is_file() and not each.name.startswith(".") for each in folder.iterdir()):
        return None
    if len(pages) != 1:
        raise ValueError(f"{folder}: a case has one page (page.html, page.txt, …), here are {len(pages)}")
    return GoldenCase(folder, pages[0].resolve(), expected)


def golden_result(case: GoldenCase, pipeline: Pipeline) -> Outcome | Fault:
    """What becomes of a case's page, read by the source plugins as in a run.

    Raises:
        ValueError: no plugin reads the file, or it holds several pages.
    """
    location = Location(str(case.page), case.page.name, case.page.stat().st_size)
    planned = pipeline.plugins.first("plan_source", location=location)
    ranges = list(planned[1]) if planned is not None else []
    opened = pipeline.plugins.first("open_source", source_range=ranges[0]) if ranges else None
    pages = list(opened[1]) if opened is not None else []
    if len(pages) != 1:
        raise ValueError(f"{case.page}: a case's file holds one page, this one {len(pages)}")
    if isinstance(pages[0], Fault):
        return pages[0]
    return pipeline.process(replace(pages[0], url=case.expected.get("url", pages[0].url)))


def golden_faults(case: GoldenCase, result: Outcome | Fault) -> list[str]:
    """What of the expectations does not hold, a sentence each; empty when all do."""
    if not set(case.expected) - {"about", "page", "url"}:
        return [f"nothing is expected yet: write {case.folder / EXPECTED}, or let --update-golden do it"]
    want = case.expected.get("outcome", "written")
    if isinstance(result, Fault):
        got, code, why = "quarantined", result.code, result.message
    else:
        reject = result.reject
        got, code, why = str(result.status), reject.code if reject else "", reject.message if reject else ""
    if got != want:
        return [f"outcome {got} ({code}: {why}), not {want}"]
    if want != "written":
        allowed = case.expected.get("code", code)
        return one_of("code", code, {"any": allowed} if isinstance(allowed, list) else allowed)
    return list(article_faults(case.expected, result.article)) if isinstance(result, Outcome) and result.article else []


def check_golden(case: GoldenCase, pipeline: Pipeline | None = None, *, update: bool = False) -> None:
    """Fail a test where a case does not hold; with ``update`` write ``expected.json`` anew first, as far as the page tells it.

    Without a pipeline the default one is used. An update keeps what people wrote: it changes facts that no longer hold, of the kinds that
    stand there (of a case without facts it writes all); phrases (``contains``, ``lacks``, ``not_quotes``) stay, and so does what they find
    wrong. Read the difference before you commit it.

    Raises:
        AssertionError: it lists what does not hold.
        ValueError: the case's file cannot be read as one page.
    """
    result = golden_result(case, pipeline or Pipeline())
    if update and golden_faults(case, result):
        case = replace(case, expected=updated(case.expected, result))
        (case.folder / EXPECTED).write_text(json.dumps(case.expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    found = golden_faults(case, result)
    if found:
        raise AssertionError("\n  ".join([f"{case.name}: {case.expected.get('about', '')}", *found]))
