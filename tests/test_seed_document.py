"""The scraped wire story with a meter and a donation letter: the development one, when it is there, and copies in other words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from copydesk import Pipeline
from copydesk.testing.golden.cases import check_golden, golden_cases

COPIES = ("seed-wire-story", "scrape-afp-letter", "scrape-canadian-press-campaign")


def test_every_point_of_the_development_document_holds(shared: Path, tmp_path: Path) -> None:
    seeds, checker = shared / "seeds", shared / "bench" / "check_seed.py"
    if not checker.is_file():
        pytest.skip("../shared/bench/check_seed.py is not on this machine")
    inputs = sorted(seeds.glob("*.txt"))
    assert inputs
    command = [sys.executable, "-m", "copydesk_flows.cli", "run", *map(str, inputs), "--output", str(tmp_path / "out"), "--direct"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    check = subprocess.run([sys.executable, str(checker), "--dataset", str(tmp_path / "out"), "--expected", str(seeds / "expected.json")],
                           capture_output=True, text=True, timeout=300, check=False)
    failed = [line for line in check.stdout.splitlines() if line.startswith("FAIL")]
    assert check.returncode == 0, "\n".join(failed) + check.stderr


@pytest.mark.parametrize("name", COPIES)
def test_it_holds_in_other_words(name: str) -> None:
    """Another outlet, agency, date style, names, and another appeal."""
    check_golden(next(case for case in golden_cases(Path(__file__).parent / "golden") if case.name == name), Pipeline())
