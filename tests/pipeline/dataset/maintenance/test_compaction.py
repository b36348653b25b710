"""Compaction: the same rows in fewer batches, in order, byte for byte the same each time, whatever stops it and whenever it comes."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

import copydesk
from copydesk import SettingsError
from copydesk.dataset.format.layout import Layout
from copydesk.dataset.ledger import index
from copydesk.dataset.maintenance import compaction
from copydesk.dataset.store import batches, publishing
from copydesk.engine import opening
from copydesk.engine.opening import open_job
from support.small_dataset import all_rows, clean, made, said, speaking, table
from support.tiny_desk import everything, parts, put, story


def test_rows_stay_and_batches_become_one(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    before, commit = all_rows(output), copydesk.open_dataset(output).commit
    done = copydesk.compact(output)
    assert (done.commits, done.before, done.after) == ((commit + 1,), 5, 1)
    assert all_rows(output) == before
    assert all_rows(output, commit) == before
    clean(output)
    assert copydesk.run([inbox], output, settings).commits == ()
    assert copydesk.compact(output).commits == ()


def test_the_order_is_by_date_then_by_id_and_other_tables_follow(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    put(inbox, "undated.txt", story(77, "This one has no date, and says [nothing] of it."))
    copydesk.run([inbox], output, settings)
    rejects = copydesk.open_dataset(output).table("rejects").to_pylist()
    copydesk.compact(output)
    opened = copydesk.open_dataset(output)
    articles = opened.table("articles").to_pylist()
    assert articles[-1]["date_published"] is None
    dated = [(row["date_published"], row["article_id"]) for row in articles[:-1]]
    assert len(dated) == 7
    assert dated == sorted(dated)
    ids = [row["article_id"] for row in articles]
    for name in ("quotes", "claims", "lengths"):
        found = [ids.index(article_id) for article_id in opened.table(name)["article_id"].to_pylist()]
        assert found
        assert found == sorted(found)
    assert opened.table("rejects").to_pylist() == rejects
    assert {path.name for path in output.glob("data/*/*.parquet")} == {
        f"{name}-00000.parquet" for name in ("articles", "quotes", "claims", "lengths", "rejects", "removals")}


def test_the_same_dataset_gives_the_same_bytes(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    shutil.copytree(output, tmp_path / "copy")
    copydesk.compact(output)
    copydesk.compact(tmp_path / "copy")
    ours, theirs = everything(output), everything(tmp_path / "copy")
    assert {name: content for name, content in ours.items() if name.startswith("data/")} == {
        name: content for name, content in theirs.items() if name.startswith("data/")}


def test_groups_are_bounded_by_the_target_and_large_batches_stay(tmp_path: Path) -> None:
    inbox, output, settings = tmp_path / "in", tmp_path / "out", speaking(tmp_path)
    for number in range(12):
        put(inbox, f"story-{number:03}.txt", said(number))
    copydesk.run([inbox], output, settings)
    sizes = [sum(path.stat().st_size for path in folder.glob("*.parquet")) for folder in sorted(output.glob("data/*"))]
    before = all_rows(output)
    done = copydesk.compact(output, target_mb=max(sizes) * 2.5 / 1_000_000)
    assert (len(done.commits), done.before, done.after) == (3, 6, 3)
    assert all_rows(output) == before
    clean(output)
    stays = parts(output)
    assert copydesk.compact(output, target_mb=min(sizes) / 1_000_000).commits == ()
    assert copydesk.compact(output, min_batches=4).commits == ()
    assert parts(output) == stays


def test_a_batch_of_several_parts_becomes_one_of_one(tmp_path: Path) -> None:
    inbox, output, settings = tmp_path / "in", tmp_path / "out", speaking(tmp_path)
    for version in range(2):
        put(inbox, "a.txt", said(1))
        put(inbox, "b.txt", said(2, f"Version {version}."))
        copydesk.run([inbox], output, settings)
    assert any(output.glob("data/*/articles-00001.parquet"))
    before = all_rows(output)
    assert copydesk.compact(output).after == 1
    assert not any(output.glob("data/*/*-00001.parquet"))
    assert all_rows(output) == before
    clean(output)


def test_older_commits_are_read_until_the_retention(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    before, commit = all_rows(output), copydesk.open_dataset(output).commit
    copydesk.compact(output, keep_commits=2)
    assert all_rows(output, commit) == before
    put(tmp_path / "in", "story-003.txt", said(3, "Changed."))
    copydesk.run([tmp_path / "in"], output, speaking(tmp_path, dataset={"batch_files": 2, "keep_commits": 2}))
    with pytest.raises(copydesk.DatasetError, match="keep_commits"):
        all_rows(output, commit)


class Cut(BaseException):
    """The power goes."""


STEPS = [(batches, "write_file"), *((publishing, name) for name in ("publish", "write_commit", "after_commit", "create_exclusively")),
         (compaction, "merged")]


@pytest.mark.parametrize(("where", "step"), STEPS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("then", ["run", "compact"])
def test_what_is_cut_off_is_made_whole_by_the_next_command(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, step: str, after: bool, then: str) -> None:
    inbox, output, settings = made(tmp_path, 5)
    shutil.copytree(output, tmp_path / "whole")
    copydesk.compact(tmp_path / "whole")
    before, real = all_rows(output), getattr(where, step)

    def cut(*values: object) -> None:
        if after:
            real(*values)
        raise Cut

    monkeypatch.setattr(where, step, cut)
    with pytest.raises(Cut):
        copydesk.compact(output)
    monkeypatch.undo()
    assert all_rows(output) == before
    if then == "run":
        assert copydesk.run([inbox], output, settings).commits == ()
        clean(output)
    copydesk.compact(output)
    assert parts(output) == parts(tmp_path / "whole")
    assert all_rows(output) == before
    clean(output)


@pytest.mark.parametrize("commits", [1, 2])
def test_a_run_that_was_cut_off_goes_on_behind_a_compaction_as_if_there_were_none(tmp_path: Path, commits: int) -> None:
    """Two pages of one address with other texts both stay within a run; a later run's page replaces the earlier one."""
    inbox, settings = tmp_path / "in", speaking(tmp_path, dataset={"batch_files": 1})
    for name, text in (("a.txt", said(1)), ("b.txt", said(2)), ("c.txt", said(1, "Another text of the same address."))):
        put(inbox, name, text)
    copydesk.run([inbox], tmp_path / "whole", settings)
    output = tmp_path / "out"
    with open_job([inbox], output, settings) as job:
        for shard in job.shards[:commits]:
            for part in job.process(shard):
                job.commit(part)
    assert len(copydesk.compact(output).commits) == commits - 1
    copydesk.run([inbox], output, settings)
    assert all_rows(output) == all_rows(tmp_path / "whole")
    assert len(table(output, "articles")) == 3
    clean(output)


def test_behind_a_run_that_ended_a_compaction_starts_no_old_run_again(tmp_path: Path) -> None:
    """The last shard had nothing new: no commit says that the run came to its end, only the ledger."""
    inbox, output, settings = tmp_path / "in", tmp_path / "out", speaking(tmp_path, dataset={"batch_files": 1})
    put(inbox, "z.txt", said(9))
    copydesk.run([inbox], output, settings)
    for name in ("a.txt", "b.txt"):
        put(inbox, name, said(ord(name[0])))
    copydesk.run([inbox], output, settings)
    newest = publishing.commits.read_commit(open_layout(output), 3)
    assert not newest.final
    copydesk.compact(output)
    assert publishing.commits.read_commit(open_layout(output), 4).final
    (output / "_ledger/ledger.sqlite").unlink()
    report = copydesk.run([inbox], output, settings, refresh=True)
    assert report.counts["written"] == 3
    clean(output)


def open_layout(output: Path) -> Layout:
    return Layout(output)


def test_the_ledger_made_anew_from_a_compacted_dataset_knows_the_same(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    copydesk.compact(output)
    (output / "_ledger/ledger.sqlite").unlink()
    assert copydesk.run([inbox], output, settings).commits == ()
    clean(output)
    assert index.Ledger(output / "_ledger/ledger.sqlite").open() == copydesk.open_dataset(output).commit


@pytest.mark.parametrize("wrong", [{"target_mb": 0}, {"min_batches": 1}, {"keep_commits": 0}])
def test_impossible_numbers_are_wrong_usage(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(SettingsError):
        copydesk.compact(made(tmp_path, 1)[1], **wrong)


def test_a_plugin_that_changed_its_table_keeps_batches_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "check_types", lambda *_: None)  # as it was before runs stopped there
    inbox, output, settings = made(tmp_path)
    desk = tmp_path / "desk.py"
    speaking(tmp_path)
    changed = desk.read_text().replace('("words", pa.int32())', '("words", pa.list_(pa.int32()))').replace(
        "len(article.body.split())", "[len(article.body.split())]")
    desk.write_text(changed)
    put(inbox, "more.txt", said(20))
    copydesk.run([inbox], output, settings)
    copydesk.compact(output)
    assert len(list(output.glob("data/*"))) == 2
    assert len(table(output, "articles")) == 8
