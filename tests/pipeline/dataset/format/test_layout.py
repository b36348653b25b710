"""What a folder must be to hold a dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk import SettingsError
from support.tiny_desk import desk, everything, fill, put


@pytest.mark.parametrize("given", ["README.md", "_staging/work", "data/batch=000001-mine/notes.txt"])
def test_a_folder_that_is_no_dataset_is_left_alone(tmp_path: Path, given: str) -> None:
    put(tmp_path / "out", given, "mine")
    with pytest.raises(SettingsError, match="no dataset"):
        copydesk.run([fill(tmp_path / "in", 1)], tmp_path / "out", desk(tmp_path))
    assert everything(tmp_path / "out") == {given: b"mine"}


def test_hidden_files_do_not_make_a_folder_foreign(tmp_path: Path) -> None:
    put(tmp_path / "out", ".gitignore", "*")
    assert copydesk.run([fill(tmp_path / "in", 1)], tmp_path / "out", desk(tmp_path)).counts["written"] == 1
