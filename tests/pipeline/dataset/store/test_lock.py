"""Two writers of one dataset."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import copydesk
from copydesk import DatasetError, LockedError
from copydesk.engine.opening import open_job
from support.tiny_desk import desk, fill


def test_two_runs_cannot_mix(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 2), tmp_path / "out"
    with open_job([inbox], output, desk(tmp_path)), pytest.raises(LockedError, match=f"process {os.getpid()}"):
        open_job([inbox], output, desk(tmp_path))
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["written"] == 2


def test_a_writer_without_the_lock_fails_at_the_commit(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 2), tmp_path / "out"
    with open_job([inbox], output, desk(tmp_path)) as job:
        (part,) = job.process(job.shards[0])
        (output / "_commits/000001.json").write_text("{}")
        with pytest.raises(DatasetError, match="made by another run"):
            job.commit(part)
