"""What is erased is gone from every file, does not come back from anywhere, and leaves all else as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk import DatasetError
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import batches, publishing
from copydesk.engine.opening import open_job
from support.small_dataset import all_rows, clean, made, said, speaking, table
from support.tiny_desk import put, rejects

URL = "https://news.example.com/3"
MARK = "XYLOPHONE"


def contents(output: Path) -> Iterator[tuple[Path, str]]:
    """What all files below a folder say, Parquet and Arrow unpacked."""
    for path in sorted(output.rglob("*")):
        if path.suffix == ".parquet":
            yield path, str(pq.read_table(path, partitioning=None).to_pylist())
        elif path.suffix == ".arrow":
            with pa.OSFile(os.fspath(path)) as source:
                yield path, str(list(batch_entries.of_file(source)))
        if path.is_file():
            yield path, path.read_bytes().decode("utf-8", "replace")


def tells(output: Path, *words: str) -> list[str]:
    """The files that tell of one of these words."""
    return sorted({str(path.relative_to(output)) for path, text in contents(output) if any(word in text for word in words)})


def marked(folder: Path) -> tuple[Path, Path, copydesk.Settings]:
    """A dataset with an article that is marked, its older version retired, and a duplicate of it."""
    inbox, output, settings = made(folder)
    put(inbox, "story-003.txt", said(3, f"{MARK} one."))
    copydesk.run([inbox], output, settings)
    put(inbox, "story-003.txt", said(3, f"{MARK} two."))
    put(inbox, "twin-of-3.txt", said(3, f"{MARK} two.") + "\n")
    copydesk.run([inbox], output, settings)
    assert tells(output, MARK)
    assert rejects(output)["twin-of-3.txt"] == ("duplicate", "duplicate")
    return inbox, output, settings


def id_of(output: Path) -> str:
    return next(str(row["article_id"]) for row in table(output, "articles") if MARK in row["article_body"])


@pytest.mark.parametrize("by", ["id", "url", "variant"])
def test_no_file_tells_of_it_any_more_and_the_rest_is_as_it_was(tmp_path: Path, by: str) -> None:
    _, output, _ = marked(tmp_path)
    before, gone = all_rows(output), id_of(output)
    done = copydesk.erase(output, {"id": gone, "url": URL, "variant": f"{URL}?utm_source=feed#top"}[by])
    assert done.articles == (gone,)
    after = all_rows(output)
    assert after == {name: [row for row in rows if row.get("article_id") != gone] for name, rows in before.items()}
    assert any(row.get("article_id") == gone for row in before["lengths"])
    assert tells(output, MARK, URL) == []
    clean(output)


def test_commits_that_needed_it_say_so(tmp_path: Path) -> None:
    _, output, _ = marked(tmp_path)
    newest = copydesk.open_dataset(output).commit
    done = copydesk.erase(output, URL)
    assert newest in done.lost_commits
    for commit in done.lost_commits:
        with pytest.raises(DatasetError, match="which is gone"):
            all_rows(output, commit)
    kept = set(range(1, newest + 1)) - set(done.lost_commits)
    assert all(all_rows(output, commit) for commit in kept)


def counted(report: copydesk.RunReport, **wanted: int) -> None:
    report.check()
    assert {name: count for name, count in report.counts.items() if count} == wanted


def test_it_does_not_come_back(tmp_path: Path) -> None:
    inbox, output, settings = marked(tmp_path)
    copydesk.erase(output, URL)
    counted(copydesk.run([inbox], output, settings), unchanged=10)
    shutil.copy(inbox / "story-003.txt", inbox / "moved.txt")
    counted(copydesk.run([inbox], output, settings), unchanged=11)
    put(inbox, "changed.txt", said(3, f"{MARK} three."))
    counted(copydesk.run([inbox], output, settings), unchanged=11, rejected=1)
    assert rejects(output)["changed.txt"] == ("erased", "rejected")
    counted(copydesk.run([inbox], output, settings, refresh=True), unchanged=4, duplicate=1, written=6, quarantined=1)
    counted(copydesk.run([inbox], output, settings, retry=True), unchanged=11, quarantined=1)
    shutil.rmtree(output / "_ledger")
    counted(copydesk.run([inbox], output, settings), unchanged=12)
    put(inbox, "changed.txt", said(3, f"{MARK} four."))
    counted(copydesk.run([inbox], output, settings, refresh=True), unchanged=3, duplicate=1, written=6, quarantined=1, rejected=1)
    assert len(table(output, "articles")) == 6
    assert tells(output, MARK, URL) == []
    clean(output)


def test_what_was_erased_stays_so_through_compaction_and_replacement(tmp_path: Path) -> None:
    inbox, output, settings = marked(tmp_path)
    copydesk.erase(output, URL)
    copydesk.compact(output)
    put(inbox, "story-002.txt", said(2, "Changed."))
    copydesk.run([inbox], output, settings)
    (output / "_ledger/ledger.sqlite").unlink()
    put(inbox, "story-003.txt", said(3, f"{MARK} five."))
    counted(copydesk.run([inbox], output, settings), unchanged=9, rejected=1)
    assert tells(output, MARK, URL) == []
    clean(output)


def test_all_articles_of_one_address_go_and_its_duplicates_in_other_batches(tmp_path: Path) -> None:
    inbox, output, settings = tmp_path / "in", tmp_path / "out", speaking(tmp_path, dataset={"batch_files": 1})
    for name, text in (("a.txt", f"{MARK} one."), ("b.txt", f"{MARK} two."), ("c.txt", "")):
        put(inbox, name, said(3 if text else 4, text))
    copydesk.run([inbox], output, settings)
    assert len(table(output, "articles")) == 3
    done = copydesk.erase(output, id_of(output))
    assert len(done.articles) == 2
    assert [row["source_path"] for row in table(output, "articles")] == ["c.txt"]
    assert tells(output, MARK) == []
    clean(output)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    _, output, _ = marked(tmp_path)
    commit = copydesk.open_dataset(output).commit
    for what in ("https://news.example.com/absent", "0" * 32, "", "no such thing"):
        with pytest.raises(DatasetError, match="no article"):
            copydesk.erase(output, what)
    assert copydesk.open_dataset(output).commit == commit
    copydesk.erase(output, URL)
    with pytest.raises(DatasetError, match="erased before"):
        copydesk.erase(output, URL)


class Cut(BaseException):
    """The power goes."""


PUBLISHING = ("publish", "write_commit", "after_commit", "purge")
STEPS: list[tuple[Any, str]] = [(batches, "write_file"), *((publishing, name) for name in PUBLISHING), (Ledger, "apply")]


@pytest.mark.parametrize(("where", "step"), STEPS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("after", [False, True])
def test_what_is_cut_off_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, step: str, after: bool) -> None:
    inbox, output, settings = marked(tmp_path)
    real, gone = getattr(where, step), id_of(output)

    def cut(*values: object) -> None:
        if after:
            real(*values)
        raise Cut

    monkeypatch.setattr(where, step, cut)
    with pytest.raises(Cut):
        copydesk.erase(output, gone)
    monkeypatch.undo()
    copydesk.run([inbox], output, settings)
    if any(row["article_id"] == gone for row in table(output, "articles")):
        copydesk.erase(output, gone)
    assert tells(output, MARK, URL) == []
    clean(output)


def test_a_run_that_was_cut_off_goes_on_behind_an_erasure(tmp_path: Path) -> None:
    inbox, output, settings = tmp_path / "in", tmp_path / "out", speaking(tmp_path, dataset={"batch_files": 1})
    for name, text in (("a.txt", said(3, MARK)), ("b.txt", said(1)), ("c.txt", said(3, f"{MARK} again."))):
        put(inbox, name, text)
    with open_job([inbox], output, settings) as job:
        for shard in job.shards[:2]:
            for part in job.process(shard):
                job.commit(part)
    copydesk.erase(output, URL)
    counted(copydesk.run([inbox], output, settings), unchanged=2, rejected=1)
    assert tells(output, MARK) == []
    clean(output)
