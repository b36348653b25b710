"""What becomes of pages that change, come back, come twice, or share a place."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import copydesk
from copydesk.engine.opening import open_job
from support.tiny_desk import column, desk, everything, fill, put, story

ONE = {"dataset": {"batch_files": 1}}


def bodies(output: Path) -> list[str]:
    return sorted(column(output, "articles", "article_body"))


def test_a_page_that_changes_back_is_taken_back(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    for ending in ("First.", "Second.", "First."):
        put(inbox, "a.txt", story(1, ending))
        assert copydesk.run([inbox], output, desk(tmp_path)).counts["written"] == 1
        assert len(bodies(output)) == 1
        assert ending in bodies(output)[0]
    assert copydesk.run([inbox], output, desk(tmp_path)).commits == ()


def test_a_text_that_is_held_under_another_id_is_a_duplicate(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    put(inbox, "a.txt", story(1, "First."))
    put(inbox, "b.txt", story(1, "Second."))
    copydesk.run([inbox], output, desk(tmp_path))
    before = bodies(output)
    put(inbox, "c.txt", story(1, "Second.") + "\n")
    report = copydesk.run([inbox], output, desk(tmp_path))
    assert (report.counts["written"], report.counts["duplicate"], report.counts["unchanged"]) == (0, 1, 2)
    assert len(before) == 2
    assert bodies(output) == before


def test_an_id_made_for_another_text_is_not_taken_for_it_later(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    put(inbox, "a.txt", story(1, "First."))
    put(inbox, "b.txt", story(1, "Second."))
    copydesk.run([inbox], output, desk(tmp_path))
    put(inbox, "b.txt", story(1, "Third."))
    put(inbox, "c.txt", story(1, "Fourth."))
    put(inbox, "d.txt", story(1, "Second.") + "\n")
    copydesk.run([inbox], output, desk(tmp_path))
    assert {next(word for word in ("Second.", "Third.", "Fourth.") if word in body) for body in bodies(output)} == {
        "Second.", "Third.", "Fourth."}
    assert len(set(column(output, "articles", "article_id"))) == 3


@pytest.mark.parametrize("ahead", [False, True])
def test_rejects_of_one_path_in_two_inputs_are_two(tmp_path: Path, ahead: bool) -> None:
    inputs = [tmp_path / "x", tmp_path / "y"]
    for folder in inputs:
        put(folder, "a.pdf", "no page")
        (folder / "gone").symlink_to("nowhere")
    output = tmp_path / "out"
    with open_job(inputs, output, desk(tmp_path, **ONE)) as job:
        if ahead:
            for part in [part for shard in job.shards for part in job.process(shard)]:
                job.commit(part)
        else:
            for shard in job.shards:
                for part in job.process(shard):
                    job.commit(part)
        report = job.finish()
    assert (report.counts["rejected"], report.counts["quarantined"], report.counts["unchanged"]) == (2, 2, 0)
    assert copydesk.run(inputs, output, desk(tmp_path, **ONE)).counts["unchanged"] == 4


def test_all_of_data_is_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 8)
    for number in (1, 4, 6):
        put(inbox, f"00/story-00{number}.txt.gz", "no gzip at all")
    found = []
    for workers in (0, 2):
        output = tmp_path / f"out{workers}"
        copydesk.run([inbox], output, desk(tmp_path, run={"workers": workers}))
        found.append({path: content for path, content in everything(output).items() if path.startswith("data/")})
    assert any(path.endswith("_records.arrow") for path in found[0])
    assert found[0] == found[1]


def test_young_files_are_counted_and_files_from_the_future_are_taken(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", 3)
    os.utime(inbox / "00/story-000.txt", (1, 1))
    os.utime(inbox / "00/story-001.txt", (time.time() + 90_000,) * 2)
    report = copydesk.run([inbox], tmp_path / "out", desk(tmp_path, source={"settle_seconds": 3600}))
    assert (report.inputs, report.settling) == (2, 1)
