"""What a damaged or half-made dataset is brought to; errors that pass in the middle of a commit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk import DatasetError
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card, publishing
from copydesk.storage import retry
from support.tiny_desk import column, desk, fill, parts, put, story

SMALL = {"dataset": {"batch_files": 2}}


def batches(output: Path) -> list[str]:
    return sorted(folder.name for folder in output.glob("data/*"))


def test_lost_commit_files_cost_no_batch(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 6), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    before, rows = parts(output), column(output, "articles", "article_id")
    shutil.rmtree(output / "_commits")
    assert copydesk.run([inbox], output, desk(tmp_path, **SMALL)).counts["unchanged"] == 6
    assert parts(output) == before
    assert copydesk.open_dataset(output).commits == (1, 2, 3, 4)
    assert column(output, "articles", "article_id") == rows


@pytest.mark.parametrize("name", ["batch=000009-abcdef", "batch=mine"])
def test_a_batch_that_no_commit_explains_stops_the_run_and_stays(tmp_path: Path, name: str) -> None:
    inbox, output = fill(tmp_path / "in", 4), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    shutil.copytree(output / "data" / batches(output)[0], output / "data" / name)
    before = parts(output)
    with pytest.raises(DatasetError, match=name):
        copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    assert parts(output) == before


def test_a_batch_that_lost_its_commit_to_another_is_swept(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 4), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    before = parts(output)
    shutil.copytree(output / "data" / batches(output)[0], output / "data/batch=000001-ffffff")
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    assert parts(output) == before


STEPS = [(publishing, "publish"), (publishing, "write_commit"), (publishing, "create_exclusively"), (publishing, "after_commit"),
         (card, "write"), (Ledger, "apply"), (publishing, "expire")]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("where", "step"), STEPS)
def test_a_passing_error_anywhere_commits_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, step: str, after: bool) -> None:
    monkeypatch.setattr(retry, "RETRY_SECONDS", (0.0, 0.0))
    inbox = fill(tmp_path / "in", 3)
    copydesk.run([inbox], tmp_path / "whole", desk(tmp_path, **SMALL))
    real, calls = getattr(where, step), []

    def failing(*values: Any) -> Any:
        calls.append(step)
        done = real(*values) if after or len(calls) != 1 else None
        if len(calls) == 1:
            raise OSError(5, "Input/output error")
        return done

    monkeypatch.setattr(where, step, failing)
    report = copydesk.run([inbox], tmp_path / "out", desk(tmp_path, **SMALL))
    assert (report.commits, report.counts["written"], report.counts["duplicate"]) == ((1, 2), 3, 0)
    assert parts(tmp_path / "out") == parts(tmp_path / "whole")


def test_an_error_after_the_commit_that_stays_is_clear_and_the_next_run_goes_on(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "RETRY_SECONDS", (0.0,))
    inbox, output = fill(tmp_path / "in", 3), tmp_path / "out"

    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Ledger, "apply", failing)
    with pytest.raises(DatasetError, match="commit 1 stands"):
        copydesk.run([inbox], output, desk(tmp_path))
    monkeypatch.undo()
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["unchanged"] == 3
    assert copydesk.open_dataset(output).commits == (1,)


def test_a_lost_ledger_is_made_anew(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 5), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    for damage in (b"", b"no database at all" * 100):
        (output / "_ledger/ledger.sqlite").write_bytes(damage)
        assert copydesk.run([inbox], output, desk(tmp_path, **SMALL)).counts["unchanged"] == 5
    put(inbox, "00/story-001.txt", story(1, "A newer ending."))
    assert copydesk.run([inbox], output, desk(tmp_path, **SMALL)).counts["written"] == 1
    assert len(set(column(output, "articles", "article_id"))) == 5
