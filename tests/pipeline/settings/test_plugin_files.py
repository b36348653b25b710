"""Files that plugins' settings name: read once, the same for all processes of a run, part of its fingerprint."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

import copydesk
from copydesk import PluginSettings, SettingsFile
from copydesk.settings.schema import from_mapping
from support.tiny_desk import story

PLUGIN = """
import copydesk
from copydesk import Label, PluginSettings, SettingsFile

class Plugin:
    class Settings(PluginSettings):
        lines: SettingsFile
    def __init__(self, settings):
        self.lines = settings.lines.content.decode().splitlines()
    @copydesk.hookimpl
    def label_blocks(self, document):
        return [Label(block.index, "promotion", "listed", 1.0) for block in document.blocks if block.text in self.lines]
"""
LINE = "The tide table hangs on the door of the harbour office."


class Named(PluginSettings):
    lines: SettingsFile


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a plugin, its list of lines, and pages."""
    (tmp_path / "mine.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "lines.txt").write_text(LINE, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    for number in range(4):
        (tmp_path / "inbox" / f"{number}.txt").write_text(f"{story(number)}\n\n{LINE}\n", encoding="utf-8")
    return tmp_path


def settings_of(desk: Path, workers: int = 0) -> copydesk.Settings:
    data = {"plugins": {"load": ["mine.py"], "mine": {"lines": "lines.txt"}}, "run": {"workers": workers}}
    return from_mapping(data, base=str(desk))


def removed(output: Path) -> list[str]:
    rows = copydesk.open_dataset(output).table("removals").to_pylist()
    return [row["text"] for row in rows if row["plugin"] == "mine"]


@pytest.mark.parametrize("workers", [0, 2])
def test_all_processes_have_the_file_whatever_the_working_folder(desk: Path, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = desk / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    copydesk.run([desk / "inbox"], desk / "out", settings_of(desk, workers))
    assert removed(desk / "out") == [LINE] * 4


def test_a_run_works_with_what_the_file_held_at_its_start(desk: Path) -> None:
    from copydesk.engine.opening import open_job

    with open_job([desk / "inbox"], desk / "out", settings_of(desk, 1)) as job:
        (desk / "lines.txt").unlink()
        for shard in job.shards:
            for part in job.process(shard):
                job.commit(part)
        job.finish()
    assert removed(desk / "out") == [LINE] * 4


def test_content_is_part_of_the_fingerprint_and_the_place_is_not(desk: Path) -> None:
    first = copydesk.Pipeline(settings_of(desk)).fingerprint
    moved = desk.with_name("moved")
    desk.rename(moved)
    assert copydesk.Pipeline(settings_of(moved)).fingerprint == first
    (moved / "lines.txt").write_text(LINE + "\n", encoding="utf-8")
    assert copydesk.Pipeline(settings_of(moved)).fingerprint != first


def test_settings_of_a_pipeline_travel_with_their_files(desk: Path) -> None:
    made = copydesk.Pipeline(settings_of(desk))
    sent = pickle.dumps(made.settings)
    (desk / "lines.txt").write_text("other", encoding="utf-8")
    assert copydesk.Pipeline(pickle.loads(sent)).fingerprint == made.fingerprint
    assert "harbour office" not in repr(made.settings)


def test_without_a_pipeline_paths_are_relative_to_the_working_folder(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    named = Named.model_validate({"lines": "lines.txt"})
    assert (named.lines.path, named.lines.content) == (str(desk / "lines.txt"), LINE.encode())
    assert named.model_dump(mode="json") == {"lines": str(desk / "lines.txt")}


@pytest.mark.parametrize("given", [7, "", None, "gone.txt", "nul\0.txt", "/dev/null"])
def test_what_is_no_readable_regular_file_is_refused(given: object) -> None:
    with pytest.raises(ValidationError, match=r"cannot read|path of a file"):
        Named.model_validate({"lines": given})
