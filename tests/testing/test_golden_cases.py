"""Golden cases: what they find, what an update writes, the fixtures in a test run of somebody else's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from copydesk import Pipeline
from copydesk.testing.golden.cases import check_golden, golden_cases, golden_faults, golden_result

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = Pipeline()


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    """A folder of cases with one page and nothing expected yet."""
    (tmp_path / "cases/ferry").mkdir(parents=True)
    shutil.copy(ROOT / "seeds/ap-dateline.html", tmp_path / "cases/ferry/page.html")
    return tmp_path / "cases"


def write(folder: Path, expected: dict[str, Any]) -> None:
    (folder / "ferry/expected.json").write_text(json.dumps(expected), encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "ferry/expected.json").read_text(encoding="utf-8"))
    return found


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


THEIRS = '''
from pathlib import Path
import pytest
from copydesk.testing import golden_cases

@pytest.mark.parametrize("case", golden_cases(Path(__file__).parent / "cases"), ids=lambda case: case.name)
def test_case(case, copydesk_golden):
    copydesk_golden(case)

def test_builders(copydesk_page, copydesk_document, copydesk_article):
    assert copydesk_page("<p>Rain.</p>").content == b"<p>Rain.</p>"
    assert copydesk_document("Rain.").blocks[0].text == "Rain."
    assert copydesk_article("Rain.").body == "Rain."

def test_check(copydesk_check):
    assert copydesk_check("meta_url").ok
'''


def test_the_fixtures_are_there_in_a_project_of_somebody_else(case_folder: Path) -> None:
    folder = case_folder.parent
    (folder / "test_theirs.py").write_text(THEIRS, encoding="utf-8")

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more], cwd=folder, capture_output=True,
                              text=True, timeout=300, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})

    first = run()
    assert "1 failed, 2 passed" in first.stdout, first.stdout + first.stderr
    assert "3 passed" in run("--update-golden").stdout
    assert "3 passed" in run().stdout
