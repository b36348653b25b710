"""One range with more in it than a batch may hold: cut into parts as it is read, committed as it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk import Settings
from copydesk.dataset.format import commits, layout
from copydesk.engine.opening import open_job
from copydesk.plugins.discovery import installed_names
from support.tiny_desk import column, desk, parts, start_and_kill, story

OFF = [name for name in installed_names() if name not in ("source_files", "source_jsonl")]
SMALL: dict[str, Any] = {"dataset": {"batch_files": 7}, "disable": OFF}


def lines(path: Path, count: int, more: str = "") -> Path:
    """A file of that many records, one of them broken and one there twice."""
    records = [json.dumps({"url": f"https://news.example.com/{number}", "text": story(number, more)}) for number in range(count)]
    records[9:9] = ["{broken", records[2]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(records) + "\n", encoding="utf-8")
    return path.parent


def settings(folder: Path, **more: Any) -> Settings:
    return desk(folder, **{**SMALL, **more})


def test_parts_have_the_size_of_a_batch_and_their_boundaries_do_not_depend_on_workers(tmp_path: Path) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 30)
    report = copydesk.run([inbox], tmp_path / "plain", settings(tmp_path))
    assert (report.inputs, report.counts["written"], report.counts["duplicate"], report.counts["quarantined"]) == (32, 30, 1, 1)
    where = layout.Layout(tmp_path / "plain")
    made = [commits.read_commit(where, number) for number in report.commits]
    assert [(commit.shard, commit.part, commit.inputs, commit.final) for commit in made] == [
        (0, 0, 7, False), (0, 1, 7, False), (0, 2, 7, False), (0, 3, 7, False), (0, 4, 4, True)]
    copydesk.run([inbox], tmp_path / "pool", settings(tmp_path, run={"workers": 2}))
    assert parts(tmp_path / "pool") == parts(tmp_path / "plain")


def test_parts_end_at_bytes_too(tmp_path: Path) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 12)
    report = copydesk.run([inbox], tmp_path / "out", settings(tmp_path, dataset={"batch_bytes": 500}))
    assert 3 < len(report.commits) < 12


def test_ranges_and_parts_give_the_same_rows(tmp_path: Path) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 30)
    copydesk.run([inbox], tmp_path / "whole", settings(tmp_path))
    cut = settings(tmp_path).model_copy(update={"plugin_settings": {"source_jsonl": {"range_bytes": 700}}})
    with open_job([inbox], tmp_path / "cut", cut) as job:
        assert len(job.shards[0].ranges) > 3
    copydesk.run([inbox], tmp_path / "cut", cut)
    assert column(tmp_path / "cut", "articles", "source_offset") == column(tmp_path / "whole", "articles", "source_offset")
    assert column(tmp_path / "cut", "articles", "article_body") == column(tmp_path / "whole", "articles", "article_body")


def archive(path: Path, pages: int, around: int) -> Path:
    """A web archive with so many records before each page that are none."""
    def record(kind: str, number: int, body: str) -> str:
        return (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example.com/{number}\r\nContent-Type: text/plain\r\n"
                f"WARC-Record-ID: <urn:{kind}:{number}>\r\nContent-Length: {len(body)}\r\n\r\n{body}\r\n\r\n")

    path.parent.mkdir()
    path.write_text("".join(record("metadata", number, "a: b\r\n") * around + record("resource", number, story(number))
                            for number in range(pages)), encoding="utf-8", newline="")
    return path.parent


@pytest.mark.parametrize(("around", "inputs"), [(2, [21, 21, 21, 21, 6]), (50, [140] * 10 + [130])])
def test_ignored_records_do_not_count_but_a_part_ends_among_many(tmp_path: Path, around: int, inputs: list[int]) -> None:
    inbox = archive(tmp_path / "in/pages.warc", 30, around)
    off = [name for name in OFF if name != "source_warc"]
    report = copydesk.run([inbox], tmp_path / "out", settings(tmp_path, disable=off))
    assert (report.counts["written"], report.counts["ignored"]) == (30, 30 * around)
    made = [commits.read_commit(layout.Layout(tmp_path / "out"), number) for number in report.commits]
    assert [commit.inputs for commit in made] == inputs
    copydesk.run([inbox], tmp_path / "pool", settings(tmp_path, disable=off, run={"workers": 2}))
    assert parts(tmp_path / "pool") == parts(tmp_path / "out")


@pytest.mark.parametrize("theirs", ['[Table("faces", pa.schema([ID]), rows), Table("more", pa.schema([ID]), rows)]',
                                    '[Table("faces", pa.schema([ID]), rows)]'])
def test_rows_of_tables_that_are_others_here_cost_their_page_only(tmp_path: Path, theirs: str) -> None:
    """A plugin whose tables depend on the process."""
    inbox = lines(tmp_path / "in/pages.jsonl", 3)
    (tmp_path / "faces.py").write_text(FACES.format(theirs=theirs), encoding="utf-8")
    two_faced = settings(tmp_path, run={"workers": 1}).model_copy(update={"plugins": ("desk.py", "faces.py")})
    report = copydesk.run([inbox], tmp_path / "out", two_faced)
    assert (report.counts["quarantined"], report.counts["written"]) == (2, 2)
    assert ("unfit_rows", "quarantined") in rejects_of(tmp_path / "out")


FACES = '''
import sys
import pyarrow as pa
import copydesk
from copydesk import Table

ID = pa.field("article_id", pa.string())
WIDE = pa.schema([ID, pa.field("a", pa.list_(pa.list_(pa.string()))), pa.field("b", pa.list_(pa.string()))])

def rows(article):
    return [{{"article_id": article.article_id}}] if article.metadata.headline == "Story 1" else []

@copydesk.hookimpl
def tables():
    workers = "copydesk.engine.workers"
    there = f"{{workers}}.page_process" in sys.modules and f"{{workers}}.page_pool" not in sys.modules
    return {theirs} if there else [Table("faces", WIDE, rows)]
'''


@pytest.mark.parametrize("batches", [1, 3])
def test_killed_in_the_middle_of_a_range_and_run_again(tmp_path: Path, batches: int) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 40, "SLOWLY")
    copydesk.run([inbox], tmp_path / "whole", settings(tmp_path))
    output = tmp_path / "killed"
    start_and_kill(tmp_path, inbox, output, SMALL, batches)
    assert 0 < len(parts(output)) < len(parts(tmp_path / "whole"))
    report = copydesk.run([inbox], output, settings(tmp_path))
    assert report.inputs == 42
    assert parts(output) == parts(tmp_path / "whole")
    assert {code for code, _ in rejects_of(output)} == {"json", "duplicate"}
    again = copydesk.run([inbox], output, settings(tmp_path))
    assert (again.counts["unchanged"], again.commits) == (42, ())


def rejects_of(output: Path) -> list[tuple[str, str]]:
    rows = copydesk.open_dataset(output).table("rejects").to_pylist()
    return [(row["code"], row["outcome"]) for row in rows]


def test_a_shard_that_is_processed_again_is_not_committed_twice(tmp_path: Path) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 20)
    copydesk.run([inbox], tmp_path / "whole", settings(tmp_path))
    with open_job([inbox], tmp_path / "again", settings(tmp_path)) as job:
        first = job.process(job.shards[0])
        job.commit(next(first))
        job.commit(next(first))
        first.close()
        for part in job.process(job.shards[0]):
            job.commit(part)
        report = job.finish()
    assert (report.inputs, report.counts["written"]) == (22, 20)
    assert parts(tmp_path / "again") == parts(tmp_path / "whole")



def test_appended_records_are_new_and_the_others_known(tmp_path: Path) -> None:
    inbox = lines(tmp_path / "in/pages.jsonl", 10)
    copydesk.run([inbox], tmp_path / "out", settings(tmp_path))
    with (inbox / "pages.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"url": "https://news.example.com/new", "text": story(77)}) + "\n")
    report = copydesk.run([inbox], tmp_path / "out", settings(tmp_path))
    assert (report.counts["written"], report.counts["unchanged"]) == (1, 12)
