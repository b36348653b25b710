"""The commit: whole or not at all, whatever stops it and wherever."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk import DatasetError
from copydesk.dataset.format.part_files import file_sha256
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.store import batches, publishing
from support.places import TESTS
from support.tiny_desk import SCRIPT, column, desk, fill, parts, put, start, story

SMALL = {"dataset": {"batch_files": 2}}
STEPS = [(batches, "write_file"), *((publishing, name) for name in ("publish", "write_commit", "after_commit", "create_exclusively"))]


class Cut(BaseException):
    """The power goes."""


@pytest.mark.parametrize(("where", "step"), STEPS, ids=lambda value: getattr(value, "__name__", value))
@pytest.mark.parametrize("after", [False, True])
def test_a_commit_that_is_cut_off_anywhere_is_made_whole(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: ModuleType, step: str, after: bool) -> None:
    inbox = fill(tmp_path / "in", 4)
    copydesk.run([inbox], tmp_path / "whole", desk(tmp_path, **SMALL))
    put(inbox, "00/story-001.txt", story(1, "A new ending."))
    put(inbox, "00/story-003.txt", story(3, "Another new ending."))
    output = tmp_path / "cut"
    copydesk.run([fill(tmp_path / "old", 4)], output, desk(tmp_path, **SMALL))
    copydesk.run([inbox], tmp_path / "whole", desk(tmp_path, **SMALL))
    real = getattr(where, step)

    def cut(*values: object) -> None:
        if after:
            real(*values)
        raise Cut

    monkeypatch.setattr(where, step, cut)
    with pytest.raises(Cut):
        copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    monkeypatch.undo()
    assert len(set(column(output, "articles", "article_id"))) == 4
    copydesk.run([inbox], output, desk(tmp_path, **SMALL))
    assert parts(output) == parts(tmp_path / "whole")
    assert copydesk.run([inbox], output, desk(tmp_path, **SMALL)).commits == ()
    assert list((output / "_staging").iterdir()) == []


def test_a_commit_says_what_is_there(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 3), tmp_path / "out"
    put(inbox, "bad.txt", story(9, "RAISE"))
    report = copydesk.run([inbox], output, desk(tmp_path))
    commit = json.loads((output / "_commits/000001.json").read_text())
    assert commit["counts"] == report.counts
    assert (commit["inputs"], commit["codes"], commit["fingerprint"]) == (4, {"plugin_error": 1}, report.fingerprint)
    assert set(commit["files"]) == {f"{name}-00000.parquet" for name in (*SCHEMAS, "lengths")}
    for name, told in commit["files"].items():
        path = output / "data" / commit["batch"] / name
        assert (file_sha256(path), pq.read_metadata(path).num_rows) == (told["sha256"], told["rows"])
        assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD" if told["rows"] else True
    assert set(commit["run"]) == {"id", "started", "seconds", "skipped"}
    carried = json.loads((output / "data" / commit["batch"] / "_commit.json").read_text())
    assert carried == {key: value for key, value in commit.items() if key != "run"}
    for table, schema in SCHEMAS.items():
        read = pq.read_schema(output / "data" / commit["batch"] / f"{table}-00000.parquet")
        assert read.equals(schema)
        assert read.metadata == schema.metadata
        assert all(read.field(name).metadata[b"description"] for name in schema.names)


def test_retired_batches_are_kept_for_the_retention_only(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 1), tmp_path / "out"
    for number in range(6):
        put(inbox, "00/story-000.txt", story(0, f"Ending {number}."))
        copydesk.run([inbox], output, desk(tmp_path, dataset={"keep_commits": 3}))
    assert [folder.name for folder in sorted((output / "_retired").iterdir())] == ["000005", "000006"]
    for commit in (4, 5, 6):
        assert f"Ending {commit - 1}." in copydesk.open_dataset(output, commit).table("articles")["article_body"][0].as_py()
    with pytest.raises(DatasetError, match="keep_commits"):
        copydesk.open_dataset(output, 3).table("articles")


def test_readers_meet_no_torn_file_while_commits_are_made(tmp_path: Path) -> None:
    import copydesk.errors

    output = tmp_path / "out"
    copydesk.run([fill(tmp_path / "first", 2)], output, desk(tmp_path))
    inbox = fill(tmp_path / "in", 40, "More.")
    done = threading.Event()
    faults: list[object] = []

    def read() -> None:
        while not done.is_set():
            try:
                for path in output.glob("data/*/articles-*.parquet"):
                    pq.read_table(path, partitioning=None)
            except FileNotFoundError:
                pass  # replaced at this moment
            except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
                faults.append(error)
            try:
                found = copydesk.open_dataset(output)
                ids = found.table("articles")["article_id"].to_pylist()
                if len(ids) != len(set(ids)) or set(found.table("claims")["article_id"].to_pylist()) != set(ids):
                    faults.append(found.commit)
            except Exception as error:  # noqa: BLE001  # the same
                faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        process = start(tmp_path, inbox, output, SMALL)
        assert process.wait() == 0
    finally:
        done.set()
        reader.join()
    assert faults == []
    assert len(column(output, "articles", "article_id")) == 40


@pytest.mark.parametrize("limit", [3_000, 9_000, 20_000])
def test_a_full_disk_is_one_clear_error_and_leaves_the_old_output(tmp_path: Path, limit: int) -> None:
    output = tmp_path / "out"
    copydesk.run([fill(tmp_path / "old", 4)], output, desk(tmp_path))
    before = parts(output)
    inbox = fill(tmp_path / "in", 40, "New. " * 300)
    code = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n" + SCRIPT.format(
        tests=str(TESTS), folder=str(tmp_path), inbox=str(inbox), output=str(output), settings={})
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DatasetError: cannot write" in done.stderr
    assert parts(output) == before
    assert copydesk.run([inbox], output, desk(tmp_path)).counts["written"] == 40


def test_an_output_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(DatasetError, match="cannot write"):
        copydesk.run([fill(tmp_path / "in", 1)], tmp_path / "file" / "out", desk(tmp_path))
