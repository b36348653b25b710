"""Golden cases: pages with the facts that the pipeline must find on them.

Each case is a folder, in a folder of cases. It holds a page (``page.html``, ``page.txt``, …) and ``expected.json``. That file may have
these keys:

    about      what the case is about
    page       the path of the page, when it is not page.*
    url        the URL that the page was fetched from
    outcome    written (default), rejected or quarantined
    code       the code of the reject, or a list of allowed codes
    article    fields of the row of ``articles``: {"any": [..]} means one of these, {"not": x} anything but x; people are lists of names
    starts, ends, contains, lacks, paragraphs     facts of the body
    removed    {phrase: [allowed reasons]}: the phrase is in a removal for one of these reasons
    quotes     [{text, speaker, kind, cue}]: each is a row of ``quotes``; a list means one of these
    quote_count, not_quotes                       the number of quotes; phrases that no quote holds
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
"""The file that holds the expectations of a case."""
KEYS = frozenset({"about", "page", "url", "outcome", "code", "article", "records", "starts", "ends", "contains", "lacks", "paragraphs",
                  "removed", "quotes", "quote_count", "not_quotes"})
"""The keys that ``expected.json`` may have."""


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A golden case.

    Attributes:
        folder: the folder of the case.
        page: the file of its page.
        expected: the contents of ``expected.json``; empty when there is no such file yet.
    """

    folder: Path
    page: Path
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name


def golden_cases(folder: str | Path) -> list[GoldenCase]:
    """Return the cases of a folder, sorted by name: each folder in it that holds files is a case.

    Args:
        folder: the folder of cases.

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
    """Process the page of a case as a run does: source plugins read it, then it goes through the pipeline.

    Args:
        case: the case.
        pipeline: the pipeline.

    Returns:
        The outcome of the page, or the fault that a source plugin yields in its place.

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
    """Compare the expectations of a case with a result.

    Args:
        case: the case.
        result: the result, from `golden_result`.

    Returns:
        A sentence for each expectation that does not hold.
    """
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
    """Fail a test when the expectations of a case do not hold.

    An update keeps what people wrote. It changes only facts that no longer hold, of the kinds that ``expected.json`` has. If the case has
    no facts yet, an update writes facts of all kinds. It never changes phrases (``contains``, ``lacks``, ``not_quotes``), so that a phrase
    which does not hold still fails. Read the difference before you commit it.

    Args:
        case: the case.
        pipeline: the pipeline; None for the default one.
        update: whether to update ``expected.json`` before the check.

    Raises:
        AssertionError: an expectation does not hold; the message lists all of them.
        ValueError: the file of the case cannot be read as one page.
    """
    result = golden_result(case, pipeline or Pipeline())
    if update and golden_faults(case, result):
        case = replace(case, expected=updated(case.expected, result))
        (case.folder / EXPECTED).write_text(json.dumps(case.expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    found = golden_faults(case, result)
    if found:
        raise AssertionError("\n  ".join([f"{case.name}: {case.expected.get('about', '')}", *found]))
