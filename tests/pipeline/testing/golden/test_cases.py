"""Golden cases: what is one, and what they find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from copydesk import Pipeline
from copydesk.testing.golden.cases import check_golden, golden_cases, golden_faults, golden_result
from support.golden_cases import read, write

PIPELINE = Pipeline()


def test_a_page_that_is_refused_is_a_case_too(case_folder: Path) -> None:
    (case_folder / "ferry/page.html").write_bytes(b"")
    [case] = golden_cases(case_folder)
    check_golden(case, PIPELINE, update=True)
    assert read(case_folder) == {"outcome": "rejected", "code": "empty"}
    [case] = golden_cases(case_folder)
    assert golden_faults(replace(case, expected={"outcome": "rejected", "code": ["other"]}), golden_result(case, PIPELINE))


@pytest.mark.parametrize(("expected", "message"), [({"aricle": {}}, "unknown keys ['aricle']"), ([], "no JSON object")])
def test_what_is_no_case_is_said(case_folder: Path, expected: Any, message: str) -> None:
    write(case_folder, expected)
    with pytest.raises(ValueError, match=r"expected\.json") as raised:
        golden_cases(case_folder)
    assert message in str(raised.value)


def test_a_page_by_another_name_is_not_left_out_without_a_word(case_folder: Path) -> None:
    (case_folder / "empty").mkdir()
    assert [case.name for case in golden_cases(case_folder)] == ["ferry"]
    (case_folder / "ferry/page.html").rename(case_folder / "ferry/story.html")
    with pytest.raises(ValueError, match=r"one page .*, here are 0"):
        golden_cases(case_folder)


def test_two_pages_are_no_case(case_folder: Path) -> None:
    (case_folder / "ferry/page.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one page .*, here are 2"):
        golden_cases(case_folder)
