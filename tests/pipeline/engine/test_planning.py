"""Files that are left out since nothing about them changed, and those that must not be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk
from copydesk import RunReport, Settings
from copydesk.engine.opening import open_job
from copydesk.sources import local_listing
from support.tiny_desk import column, desk, everything, fill, put, story

OPENED = """
import copydesk
@copydesk.hookimpl
def plan_source(location):
    with open({log!r}, "a") as file:
        file.write(location.source_path + "\\n")
"""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_listing, "TICK_NS", -1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The tiny desk, and a plugin that notes which files are planned."""
    found = desk(tmp_path)
    (tmp_path / "opened.py").write_text(OPENED.format(log=str(tmp_path / "log")), encoding="utf-8")
    return found.model_copy(update={"plugins": ("desk.py", "opened.py")})


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = fill(tmp_path / "in", 4)
    put(folder, "short.txt", "Nine words\nThat is all.")
    (folder / "cut.txt.gz").write_bytes(b"\x1f\x8b\x08")
    return folder


def run(inputs: Path | list[Path], tmp_path: Path, settings: Settings, **how: bool) -> tuple[RunReport, list[str]]:
    log = tmp_path / "log"
    log.unlink(missing_ok=True)
    report = copydesk.run(inputs if isinstance(inputs, list) else [inputs], tmp_path / "out", settings, **how)
    return report, log.read_text().split() if log.exists() else []


def settle(inbox: Path) -> None:
    """Wait until the file system's clock has ticked."""
    probe = inbox.parent / "probe"
    probe.write_text("x")
    first = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == first:
        probe.write_text("x")


def test_a_known_state_is_not_planned_again_but_what_could_not_be_read_is(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    first, planned = run(inbox, tmp_path, settings)
    assert len(planned) == first.inputs == 6
    before = everything(tmp_path / "out")
    report, planned = run(inbox, tmp_path, settings)
    assert planned == ["cut.txt.gz"]
    assert (report.inputs, report.counts["unchanged"], report.commits) == (6, 6, ())
    assert everything(tmp_path / "out") == before


def test_another_state_is_planned_again(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run(inbox, tmp_path, settings)
    settle(inbox)
    path = inbox / "00/story-001.txt"
    times = path.stat()
    put(inbox, "00/story-001.txt", story(1).replace("Monday", "Friday"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_size == times.st_size
    report, planned = run(inbox, tmp_path, settings)
    assert planned == ["00/story-001.txt", "cut.txt.gz"]
    assert (report.counts["written"], report.counts["unchanged"]) == (1, 5)
    assert any("Friday" in body for body in column(tmp_path / "out", "articles", "article_body"))


@pytest.mark.parametrize("how", ["refresh", "fingerprint", "lost", "damaged"])
def test_all_is_planned_again(tmp_path: Path, inbox: Path, settings: Settings, how: str) -> None:
    run(inbox, tmp_path, settings)
    cache = tmp_path / "out/_ledger/files.sqlite"
    if how == "fingerprint":
        settings = settings.model_copy(update={"content": settings.content.model_copy(update={"min_words": 14})})
    elif how == "lost":
        cache.unlink()
    elif how == "damaged":
        cache.write_bytes(b"SQLite format 3\x00 and nothing else" * 500)
    report, planned = run(inbox, tmp_path, settings, refresh=how == "refresh")
    assert len(planned) == report.inputs == 6


def test_what_is_known_from_beside_is_part_of_the_state(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run(inbox, tmp_path, settings)
    put(inbox, "pages.csv", "file,url\n00/story-002.txt,https://news.example.com/two\n")
    indexed = settings.model_copy(update={"source": settings.source.model_copy(update={"index": "pages.csv"})})
    report, planned = run(inbox, tmp_path, indexed)
    assert planned == ["00/story-002.txt", "cut.txt.gz"]
    assert report.counts["written"] == 1


def test_a_file_that_another_one_followed_under_its_source_path_is_asked_for_again(
        tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run(inbox, tmp_path, settings)
    other = tmp_path / "other"
    put(other, "00/story-003.txt", story(3, "A later text."))
    assert run(other, tmp_path, settings)[0].counts["written"] == 1
    assert "00/story-003.txt" in run(inbox, tmp_path, settings)[1]


def test_a_run_that_is_cut_off_keeps_no_states(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    def parts() -> Iterator[object]:
        with open_job([inbox], tmp_path / "out", settings) as job:
            for part in job.process(job.shards[0]):
                job.commit(part)
                yield part

    assert len(list(parts())) == 1
    (tmp_path / "log").unlink()
    report, planned = run(inbox, tmp_path, settings)
    assert len(planned) == 6
    assert report.counts["unchanged"] == 6


def test_a_copy_of_a_file_elsewhere_is_read(tmp_path: Path, inbox: Path, settings: Settings) -> None:
    run(inbox, tmp_path, settings)
    shutil.copytree(inbox, tmp_path / "copy")
    report, planned = run(tmp_path / "copy", tmp_path, settings)
    assert len(planned) == report.counts["unchanged"] == 6


@pytest.mark.parametrize("lost", [("data", "_commits"), ("data", "_commits", "_ledger/ledger.sqlite")])
def test_states_count_for_the_dataset_they_were_noted_at_only(
        tmp_path: Path, inbox: Path, settings: Settings, lost: tuple[str, ...]) -> None:
    run(inbox, tmp_path, settings)
    older = tmp_path / "older"
    shutil.copytree(tmp_path / "out", older)
    put(inbox, "later.txt", story(40))
    run(inbox, tmp_path, settings)
    for name in lost:
        path = tmp_path / "out" / name
        if path.is_dir():
            shutil.rmtree(path)
            shutil.copytree(older / name, path)
        else:
            path.unlink()
    report, planned = run(inbox, tmp_path, settings)
    assert len(planned) == 7
    assert report.counts["written"] == 1
    assert copydesk.check_dataset(tmp_path / "out").findings == ()
