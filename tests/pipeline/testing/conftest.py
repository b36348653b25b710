"""A folder of golden cases, for tests of what comes with copydesk for tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.places import ROOT


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    """A folder of cases with one page and nothing expected yet."""
    (tmp_path / "cases/ferry").mkdir(parents=True)
    shutil.copy(ROOT / "seeds/ap-dateline.html", tmp_path / "cases/ferry/page.html")
    return tmp_path / "cases"
