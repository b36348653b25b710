"""Runs from end to end: bad pages cost nobody else, bytes depend on the input alone, a kill loses nothing."""

from __future__ import annotations

import gzip
import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk import Status
from copydesk.engine.opening import open_job
from copydesk.engine.progress import Progress
from support.tiny_desk import FILLER, column, desk, everything, fill, parts, put, rejects, start, start_and_kill, story

SMALL = {"dataset": {"batch_files": 7}}


def test_a_run_and_the_same_run_again(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 5), tmp_path / "out"
    first = copydesk.run([inbox], output, desk(tmp_path))
    assert (first.inputs, first.counts["written"], first.commits) == (5, 5, (1,))
    assert column(output, "articles", "source_path") == [f"00/story-{number:03}.txt" for number in range(5)]
    assert column(output, "lengths", "article_id") == column(output, "articles", "article_id")
    before = everything(output)
    second = copydesk.run([inbox], output, desk(tmp_path))
    assert (second.inputs, second.counts["unchanged"], second.commits) == (5, 5, ())
    assert everything(output) == before


def test_bad_inputs_are_one_row_each_and_cost_nobody_else(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 12), tmp_path / "out"
    clean = tmp_path / "clean"
    copydesk.run([inbox], clean, desk(tmp_path))
    packed = gzip.compress(story(77).encode())
    bad = {"empty.html": b"", "blank.txt": b" \n", "binary.html": bytes(range(256)) * 20, "cut.html.gz": packed[:40],
           "torn.txt.gz": packed[:20] + b"\xff" * 30 + packed[50:], "large.txt": b"x " * 30_000, "other.doc": b"word"}
    for name, content in bad.items():
        (inbox / name).write_bytes(content)
    for word in ("HANG", "EXIT", "RAISE", "LEAVE", "UNFIT"):
        put(inbox, f"00/{word}.txt", story(90, word))
    os.mkfifo(inbox / "fifo.txt")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "away.txt").symlink_to(tmp_path / "desk.py")
    settings = desk(tmp_path, run={"workers": 2}, limits={"page_bytes": 50_000, "page_seconds": 3})
    report = copydesk.run([inbox], output, settings)
    assert rejects(output) == {
        "empty.html": ("empty", "rejected"), "blank.txt": ("empty", "rejected"), "binary.html": ("binary", "rejected"),
        "cut.html.gz": ("truncated_gzip", "quarantined"), "torn.txt.gz": ("corrupt_gzip", "quarantined"),
        "large.txt": ("limit_page_bytes", "quarantined"), "other.doc": ("unsupported_format", "rejected"),
        "00/HANG.txt": ("limit_seconds", "quarantined"), "00/EXIT.txt": ("worker_died", "quarantined"),
        "00/RAISE.txt": ("plugin_error", "quarantined"), "00/LEAVE.txt": ("plugin_error", "quarantined"),
        "00/UNFIT.txt": ("unfit_rows", "quarantined"), "fifo.txt": ("not_regular", "rejected"), "loop": ("symlink_loop", "rejected"),
        "away.txt": ("symlink_outside", "quarantined")}
    good, there = (copydesk.open_dataset(path).table("articles").drop_columns(["fingerprint"]) for path in (clean, output))
    assert there.equals(good)
    assert (report.inputs, report.counts[Status.WRITTEN]) == (27, 12)
    again = copydesk.run([inbox], output, settings)
    assert again.counts[Status.UNCHANGED] == 27


@pytest.mark.parametrize("workers", [1, 2])
def test_part_files_do_not_depend_on_the_workers(tmp_path: Path, workers: int) -> None:
    inbox = fill(tmp_path / "in", 20)
    put(inbox, "bad.txt", story(50, "RAISE"))
    copydesk.run([inbox], tmp_path / "plain", desk(tmp_path, **SMALL))
    copydesk.run([inbox], tmp_path / "pool", desk(tmp_path, run={"workers": workers}, **SMALL))
    assert len(column(tmp_path / "pool", "articles", "url")) == 20
    assert parts(tmp_path / "pool") == parts(tmp_path / "plain")


def test_part_files_do_not_depend_on_listing_time_zone_and_hash_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = fill(tmp_path / "in", 20)
    copydesk.run([inbox], tmp_path / "plain", desk(tmp_path, **SMALL))
    other = start(tmp_path, inbox, tmp_path / "zone", SMALL, TZ="Pacific/Auckland", PYTHONHASHSEED="77", LC_ALL="C")
    assert other.wait() == 0
    scandir = os.scandir

    class Shuffled:
        def __init__(self, path: str) -> None:
            with scandir(path) as found:
                self.found = list(found)
            random.Random(4).shuffle(self.found)

        def __enter__(self) -> Any:
            return iter(self.found)

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(os, "scandir", Shuffled)
    copydesk.run([inbox], tmp_path / "shuffled", desk(tmp_path, **SMALL))
    monkeypatch.undo()
    assert parts(tmp_path / "zone") == parts(tmp_path / "shuffled") == parts(tmp_path / "plain")


@pytest.mark.parametrize("batches", [1, 2])
def test_kill_and_run_again_equals_an_undisturbed_run(tmp_path: Path, batches: int) -> None:
    inbox = fill(tmp_path / "in", 30, "SLOWLY")
    put(inbox, "03/copy.txt", story(2, "SLOWLY"))  # the same bytes in a later shard
    put(inbox, "03/other.txt", story(3, "Another text under the same address."))
    copydesk.run([inbox], tmp_path / "whole", desk(tmp_path, **SMALL))
    output = tmp_path / "killed"
    start_and_kill(tmp_path, inbox, output, SMALL, batches)
    assert 0 < len(parts(output)) < len(parts(tmp_path / "whole"))
    report = copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    assert report.inputs == 32
    assert parts(output) == parts(tmp_path / "whole")
    assert rejects(output) == {"03/copy.txt": ("duplicate", "duplicate")}
    assert len(column(output, "articles", "article_id")) == len(set(column(output, "articles", "article_id"))) == 31


def test_a_newer_page_replaces_the_row_and_older_commits_still_read(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 4), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path))
    old = copydesk.open_dataset(output).table("articles")
    put(inbox, "00/story-002.txt", story(2, "A paragraph came later."))
    report = copydesk.run([inbox], output, desk(tmp_path))
    assert (report.counts["written"], report.counts["unchanged"]) == (1, 3)
    rows = {row["url"] or row["canonical_url"]: row["article_body"] for row in copydesk.open_dataset(output).table("articles").to_pylist()}
    assert len(rows) == 4
    assert "A paragraph came later." in rows["https://news.example.com/2"]
    assert len(column(output, "lengths", "article_id")) == 4
    assert len(list(output.glob("data/*"))) == 1
    assert copydesk.open_dataset(output, commit=1).table("articles").equals(old)
    assert copydesk.run([inbox], output, desk(tmp_path)).commits == ()


def test_the_same_bytes_elsewhere_are_unchanged(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 3), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path))
    shutil.copytree(inbox, tmp_path / "moved" / "deeper")
    report = copydesk.run([tmp_path / "moved"], output, desk(tmp_path))
    assert (report.counts["unchanged"], report.commits) == (3, ())


def test_rejected_pages_are_tried_again_under_a_new_fingerprint(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 2), tmp_path / "out"
    put(inbox, "short.txt", "Nine words\nThat is all.")
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["rejected"] == 1
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["unchanged"] == 3
    report = copydesk.run([inbox], output, desk(tmp_path, content={"min_words": 0}))
    assert (report.counts["written"], report.counts["unchanged"]) == (1, 2)


def test_refresh_replaces_all_rows(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 3), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path))
    changed = desk(tmp_path, content={"min_words": 3})
    for _ in range(2):
        report = copydesk.run([inbox], output, changed, refresh=True)
        assert (report.counts["written"], report.counts["unchanged"]) == (3, 0)
        assert len(column(output, "articles", "article_id")) == 3
        assert set(column(output, "articles", "fingerprint")) == {report.fingerprint}


def test_shards_may_be_processed_in_any_order_and_at_once(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    inbox = fill(tmp_path / "in", 30)
    copydesk.run([inbox], tmp_path / "plain", desk(tmp_path, **SMALL))
    seen: list[Progress] = []
    with open_job([inbox], tmp_path / "threads", desk(tmp_path, run={"workers": 2}, **SMALL), on_progress=seen.append) as job:
        with ThreadPoolExecutor(3) as threads:
            results = list(threads.map(lambda shard: next(job.process(shard)), reversed(job.shards)))
        with pytest.raises(copydesk.CopydeskError, match="is next"):
            job.commit(results[0])
        for result in reversed(results):
            job.commit(result)
        assert job.finish().counts["written"] == 30
    assert parts(tmp_path / "threads") == parts(tmp_path / "plain")
    assert (seen[-1].done, seen[-1].planned, len(seen)) == (30, 30, 30)


def test_an_unfinished_job_has_no_report(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 3)
    with open_job([inbox], tmp_path / "out", desk(tmp_path)) as job, pytest.raises(copydesk.CopydeskError, match="0 of 1"):
        job.finish()


def test_run_finished_hears_of_the_run_and_its_errors_undo_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "bell.py").write_text("import copydesk\n@copydesk.hookimpl\ndef run_finished(report):\n"
                                      "    raise ValueError(f'rang for {report.inputs}')\n", encoding="utf-8")
    settings = desk(tmp_path).model_copy(update={"plugins": ("desk.py", "bell.py")})
    report = copydesk.run([fill(tmp_path / "in", 2)], tmp_path / "out", settings)
    assert report.counts["written"] == 2
    assert "rang for 2" in caplog.text


def test_the_output_inside_the_input_is_no_input(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 2)
    for _ in range(2):
        assert copydesk.run([inbox], inbox / "output", desk(tmp_path)).inputs == 2


def test_young_files_are_left_to_the_next_run(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 2)
    os.utime(inbox / "00/story-000.txt", (1, 1))
    assert copydesk.run([inbox], tmp_path / "out", desk(tmp_path, source={"settle_seconds": 3600})).inputs == 1
    assert copydesk.run([inbox], tmp_path / "out", desk(tmp_path)).counts["written"] == 1


def test_captures_of_one_page_in_one_run(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    put(inbox, "a.txt", f"Headline\n{FILLER} First.")
    put(inbox, "b.txt", f"Headline\n{FILLER} Third.")
    put(inbox, "c.txt", f"Headline\n{FILLER} Second.")
    put(inbox, "pages.csv", "file,url,fetched_at,site\n" + "".join(
        f"{name}.txt,https://example.com/a,2024-10-{day}T10:00:00Z,desk\n" for name, day in (("a", 18), ("b", 20), ("c", 19))))
    report = copydesk.run([inbox], output, desk(tmp_path, source={"index": "pages.csv"}))
    assert (report.inputs, report.counts["written"], report.counts["duplicate"]) == (3, 1, 2)
    assert column(output, "articles", "source_path") == ["b.txt"]
    assert rejects(output) == {"a.txt": ("older_capture", "duplicate"), "c.txt": ("older_capture", "duplicate")}
