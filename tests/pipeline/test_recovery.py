"""What a damaged or half-made dataset is brought to, and what is never touched; errors that pass in the middle of a commit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from engine_support import column, desk, everything, fill, parts, put, story

import copydesk
from copydesk import DatasetError, SettingsError
from copydesk.dataset.format import layout
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card, publishing

SMALL = {"dataset": {"batch_files": 2}}


def batches(output: Path) -> list[str]:
    return sorted(folder.name for folder in output.glob("data/*"))


@pytest.mark.parametrize("given", ["README.md", "_staging/work", "data/batch=000001-mine/notes.txt"])
def test_a_folder_that_is_no_dataset_is_left_alone(tmp_path: Path, given: str) -> None:
    put(tmp_path / "out", given, "mine")
    with pytest.raises(SettingsError, match="no dataset"):
        copydesk.run([fill(tmp_path / "in", 1)], tmp_path / "out", desk(tmp_path))
    assert everything(tmp_path / "out") == {given: b"mine"}


def test_hidden_files_do_not_make_a_folder_foreign(tmp_path: Path) -> None:
    put(tmp_path / "out", ".gitignore", "*")
    assert copydesk.run([fill(tmp_path / "in", 1)], tmp_path / "out", desk(tmp_path)).counts["written"] == 1


def test_empty_names_are_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for inputs, output in (([fill(tmp_path / "in", 1)], ""), ([""], tmp_path / "out")):
        with pytest.raises(SettingsError, match="empty string"):
            copydesk.run(inputs, output, desk(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.py", "in"]


@pytest.mark.parametrize("given", ["out", "out/deeper", "link"])
def test_an_input_in_the_output_is_wrong_usage(tmp_path: Path, given: str) -> None:
    (tmp_path / "out/deeper").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(SettingsError, match="lies in it"):
        copydesk.run([tmp_path / given], tmp_path / "out", desk(tmp_path))
    assert list((tmp_path / "out").iterdir()) == [tmp_path / "out/deeper"]


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


def test_a_stale_card_is_brought_up(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 1), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path))
    old = (output / "README.md").read_bytes()
    put(inbox, "more.txt", story(7))
    copydesk.run([inbox], output, desk(tmp_path))
    new = (output / "README.md").read_bytes()
    (output / "README.md").write_bytes(old)
    copydesk.run([inbox], output, desk(tmp_path))
    assert (output / "README.md").read_bytes() == new != old


STEPS = [(publishing, "publish"), (publishing, "write_commit"), (publishing, "create_exclusively"), (publishing, "settle"),
         (card, "write"), (Ledger, "apply"), (publishing, "expire")]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("where", "step"), STEPS)
def test_a_passing_error_anywhere_commits_once(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, step: str, after: bool) -> None:
    monkeypatch.setattr(layout, "RETRY_SECONDS", (0.0, 0.0))
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
    monkeypatch.setattr(layout, "RETRY_SECONDS", (0.0,))
    inbox, output = fill(tmp_path / "in", 3), tmp_path / "out"

    def failing(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Ledger, "apply", failing)
    with pytest.raises(DatasetError, match="commit 1 stands"):
        copydesk.run([inbox], output, desk(tmp_path))
    monkeypatch.undo()
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["unchanged"] == 3
    assert copydesk.open_dataset(output).commits == (1,)
