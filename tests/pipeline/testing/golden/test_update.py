"""What an update of golden cases writes, and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from copydesk import Pipeline
from copydesk.testing.golden.cases import check_golden, golden_cases
from support.golden_cases import read, write

PIPELINE = Pipeline()


def test_a_case_without_facts_fails_until_an_update_writes_them(case_folder: Path) -> None:
    [case] = golden_cases(case_folder)
    with pytest.raises(AssertionError, match="nothing is expected yet"):
        check_golden(case, PIPELINE)
    check_golden(case, PIPELINE, update=True)
    written = read(case_folder)
    assert written["article"]["authors"] == ["Winslow Tate"]
    assert written["quote_count"] == len(written["quotes"]) == 4
    [case] = golden_cases(case_folder)
    check_golden(case, PIPELINE)


@pytest.mark.parametrize(("fact", "wrong"), [
    ("article", {"headline": "Another one"}), ("starts", "Nothing of the kind"), ("ends", "nor of this"), ("paragraphs", 3),
    ("quote_count", 9), ("quotes", [{"text": "So I steered for the polka", "speaker": "Somebody Else"}]),
    ("quotes", [{"text": "Nobody said this", "speaker": "Ruth Mayhew"}]),
    ("removed", {"All rights reserved": ["paywall"]}), ("removed", {"Words that are not there": ["paywall"]}),
    ("records", {"contributors": [{"name": "Somebody Else"}]}), ("outcome", "rejected"),
])
def test_an_update_mends_what_no_longer_holds_and_nothing_else(case_folder: Path, fact: str, wrong: Any) -> None:
    write(case_folder, {"about": "a ferry", "lacks": ["Donate"], fact: wrong})
    [case] = golden_cases(case_folder)
    with pytest.raises(AssertionError, match="ferry: a ferry"):
        check_golden(case, PIPELINE)
    check_golden(case, PIPELINE, update=True)
    written = read(case_folder)
    assert (written["about"], written["lacks"]) == ("a ferry", ["Donate"])
    assert written.get(fact) != wrong
    check_golden(golden_cases(case_folder)[0], PIPELINE)


def test_an_update_does_not_touch_a_case_that_holds(case_folder: Path) -> None:
    write(case_folder, {"about": "a ferry", "article": {"headline": {"not": "x"}, "page_type": {"any": ["article", "stub"]}}})
    before = (case_folder / "ferry/expected.json").read_bytes()
    check_golden(golden_cases(case_folder)[0], PIPELINE, update=True)
    assert (case_folder / "ferry/expected.json").read_bytes() == before


def test_phrases_that_people_wrote_are_not_updated_away(case_folder: Path) -> None:
    write(case_folder, {"about": "a ferry", "contains": ["a phrase of no page"]})
    with pytest.raises(AssertionError, match="body lacks 'a phrase of no page'"):
        check_golden(golden_cases(case_folder)[0], PIPELINE, update=True)
