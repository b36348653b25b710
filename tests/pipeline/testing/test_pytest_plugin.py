"""The fixtures in a test run of somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
