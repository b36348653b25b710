"""What opening a run leaves behind when it fails: no lock, no process, no thread."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil
import pytest

import copydesk
from copydesk.dataset.ledger.index import Ledger
from copydesk.operations import open_job


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_that_fails_in_its_last_step_lets_go_of_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    def broken(_ledger: Ledger) -> int:
        raise ZeroDivisionError

    (tmp_path / "in").mkdir()
    (tmp_path / "in/story.txt").write_text("Rain\n\nIt rained all day, said Ann Lee.", encoding="utf-8")
    settings = copydesk.Settings.model_validate({"run": {"workers": workers}})
    threads, children = set(threading.enumerate()), set(psutil.Process().children())  # those of tests before this one
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "finished", broken)
        with pytest.raises(ZeroDivisionError):
            open_job([tmp_path / "in"], tmp_path / "out", settings)
    assert set(threading.enumerate()) <= threads
    assert set(psutil.Process().children()) <= children
    assert copydesk.run([tmp_path / "in"], tmp_path / "out", settings).inputs == 1
