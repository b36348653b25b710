"""A copy of a dataset that is made while a run goes on, in the order that docs/operations.md says, becomes whole by the next run on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import copydesk
from support.tiny_desk import desk, fill, put, story


def test_a_copy_made_beside_a_run_is_completed(tmp_path: Path) -> None:
    settings, inbox = desk(tmp_path, dataset={"batch_files": 2}), fill(tmp_path / "inbox", 6)
    output, copy = tmp_path / "out", tmp_path / "copy"
    copydesk.run([inbox], output, settings)
    shutil.copytree(output / "_commits", copy / "_commits")
    put(inbox, "00/story-001.txt", story(1, "Another end."))  # replaces a row: a batch retires between the parts of the copy
    fill(tmp_path / "inbox/more", 3)
    copydesk.run([inbox], output, settings)
    for part in ("data", "_retired"):
        shutil.copytree(output / part, copy / part)
    copydesk.run([inbox], copy, settings)
    report = copydesk.check_dataset(copy)
    assert report.findings == ()
    for table in ("articles", "claims"):
        assert copydesk.open_dataset(copy).table(table).to_pylist() == copydesk.open_dataset(output).table(table).to_pylist()
