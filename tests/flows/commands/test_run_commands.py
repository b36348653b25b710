"""``copydesk run``, directly: exit codes, summary, JSON, and that a second run changes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import copydesk as core
from copydesk.model.status import Status
from copydesk_flows.console.exits import Exit
from support.command_line import Command, environment, files_of, part_files, story
from support.terminal_signals import heard


def test_a_run_says_what_it_did(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out")
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stderr == "copydesk: no Prefect server is configured: running directly\n"
    for words in ("3 inputs", "written", "articles", "quotes", "removals", f"dataset: {tmp_path / 'out'}", "duckdb -c"):
        assert words in done.stdout


def test_the_duckdb_line_works_as_printed(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    done = copydesk("run", inbox, "--output", tmp_path / "out dir")
    line = next(line for line in done.stdout.splitlines() if "duckdb -c" in line)
    query = line.partition('duckdb -c "')[2].rstrip().removesuffix('"')
    assert len(duckdb.sql(query).fetchall()) == 3


def test_json_mode_is_one_object_on_stdout(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--json")
    report = json.loads(done.stdout)
    assert (report["inputs"], report["exit_code"], report["rows"]["articles"]) == (3, 0, 3)
    assert set(report["counts"]) == {str(status) for status in Status}
    assert sum(report["counts"].values()) == 3
    assert len(report["commits"]) == 1


def test_quiet_is_quiet(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_second_run_changes_nothing(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    copydesk("run", inbox, "--output", tmp_path / "out")
    before = files_of(tmp_path / "out")
    again = copydesk("run", inbox, "--output", tmp_path / "out", "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["counts"]["unchanged"] == 3
    assert json.loads(again.stdout)["commits"] == []
    after = files_of(tmp_path / "out")
    assert {name: data for name, data in after.items() if name.startswith("data/")} == {
        name: data for name, data in before.items() if name.startswith("data/")}


def test_refresh_processes_again(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    copydesk("run", inbox, "--output", tmp_path / "out")
    again = json.loads(copydesk("run", inbox, "--output", tmp_path / "out", "--refresh", "--json").stdout)
    assert again["counts"]["unchanged"] == 0


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_bytes_do_not_depend_on_the_workers(copydesk: Command, inbox: Path, tmp_path: Path, workers: str) -> None:
    copydesk("run", inbox, "--output", tmp_path / "one", "--workers", "1")
    copydesk("run", inbox, "--output", tmp_path / "other", "--workers", workers)
    assert part_files(tmp_path / "one")
    assert part_files(tmp_path / "one") == part_files(tmp_path / "other")


def test_a_quarantined_page_is_exit_3_and_the_others_are_written(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    (inbox / "fails.py.html").write_text("<html><body><p>Fail here.</p></body></html>", encoding="utf-8")
    plugin = tmp_path / "touchy.py"
    plugin.write_text("import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n"
                      "    if 'Fail here' in document.text:\n        raise ValueError('no\\x1b[31m')\n    return []\n", encoding="utf-8")
    config = tmp_path / "copydesk.toml"
    config.write_text('plugins = ["touchy.py"]\n', encoding="utf-8")
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--config", config)
    assert done.returncode == Exit.QUARANTINED
    assert "1 quarantined" in done.stdout
    assert "plugin_error" in done.stdout
    report = json.loads(copydesk("run", inbox, "--output", tmp_path / "new", "--config", config, "--json").stdout)
    assert (report["counts"]["written"], report["counts"]["quarantined"], report["exit_code"]) == (3, 1, 3)


def test_rejected_pages_are_exit_0(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    (inbox / "empty.html").write_bytes(b"")
    report = json.loads(copydesk("run", inbox, "--output", tmp_path / "out", "--json").stdout)
    assert (report["counts"]["written"], report["counts"]["rejected"], report["exit_code"]) == (3, 1, 0)
    assert report["codes"] == {"empty": 1}


@pytest.mark.parametrize("through", ["file", "folder"])
def test_an_input_that_is_not_there_is_wrong_usage(copydesk: Command, tmp_path: Path, through: str) -> None:
    done = copydesk("run", tmp_path / f"absent-{through}", "--output", tmp_path / "out")
    assert done.returncode == Exit.USAGE
    assert "absent" in done.stderr.splitlines()[-1]


def test_a_held_output_is_exit_75(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    copydesk("run", inbox, "--output", tmp_path / "out")
    from copydesk.engine import run
    from copydesk.settings.schema import load

    with run.open_job([inbox], tmp_path / "out", load(None)):
        done = copydesk("run", inbox, "--output", tmp_path / "out", "--quiet")
    assert done.returncode == Exit.LOCKED
    assert done.stderr.startswith("copydesk: ")
    assert done.stderr.count("\n") == 1


def test_an_output_that_is_a_file_is_one_line(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("here", encoding="utf-8")
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--quiet")
    assert done.returncode == Exit.FAILURE
    assert done.stderr.startswith("copydesk: ")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away_leaves_no_traceback(inbox: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "copydesk_flows.cli", "run", str(inbox), "--output", str(tmp_path / "out"), "--json"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, env=environment(tmp_path), stdout=write, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    os.close(write)
    assert done.returncode == Exit.BROKEN_PIPE
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert part_files(tmp_path / "out")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)])
def test_a_signal_ends_a_run_cleanly(inbox: Path, tmp_path: Path, number: signal.Signals, code: Exit) -> None:
    (tmp_path / "slow.py").write_text("import copydesk, pathlib, time\n@copydesk.hookimpl\ndef label_blocks(document):\n"
                                      f"    pathlib.Path({str(tmp_path / 'begun')!r}).touch()\n    time.sleep(15)\n    return []\n",
                                      encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["slow.py"]\n', encoding="utf-8")
    command = [sys.executable, "-m", "copydesk_flows.cli", "run", str(inbox), "--output", str(tmp_path / "out"), "--config",
               str(tmp_path / "copydesk.toml"), "--quiet"]
    process = subprocess.Popen(command, env=environment(tmp_path), stderr=subprocess.PIPE, text=True, preexec_fn=heard)
    deadline = time.monotonic() + 60
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert part_files(tmp_path / "out") == {}


@pytest.mark.parametrize("how", ["--direct", "--prefect"])
def test_urls_of_the_web_are_refused_before_anything_starts(copydesk: Command, inbox: Path, tmp_path: Path, how: str) -> None:
    for given, what in ((["run", inbox, how, "--output", "https://127.0.0.1:1/a"], "https://127.0.0.1:1/a can hold no dataset"),
                        (["run", "http://127.0.0.1:1/a.html", how], "http://127.0.0.1:1/a.html is no input"),
                        (["serve", inbox, "--every", "1h", "--output", "ftp://127.0.0.1:1/a"], "ftp://127.0.0.1:1/a can hold no dataset"),
                        (["serve", "http://127.0.0.1:1/a", "--every", "1h"], "http://127.0.0.1:1/a is no input"),
                        (["inspect", "http://127.0.0.1:1/a.html"], "http://127.0.0.1:1/a.html is no")):
        done = copydesk(*given)
        assert done.returncode == Exit.USAGE
        assert what in done.stderr
        assert "starts" not in done.stderr
    assert [path.name for path in (tmp_path / "cwd").iterdir()] == []


def test_a_run_whose_inputs_are_all_rejected_is_no_success(copydesk: Command, tmp_path: Path) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    for name in ("letter.docx", "scan.pdf", "bare", ".hidden"):
        (folder / name).write_bytes(b"not a page")
    done = copydesk("run", folder, "--output", tmp_path / "out")
    assert done.returncode == Exit.QUARANTINED
    assert "no article: all 3 inputs are rejected (unsupported_format)" in done.stdout
    told = {row["source_path"]: row["message"] for row in core.open_dataset(tmp_path / "out").table("rejects").to_pylist()}
    assert told["letter.docx"].startswith("no plugin reads files that end in '.docx'; there is ")
    assert told["bare"].startswith("no plugin reads this file: its name has no ending; there is ")
    assert all(ending in told["scan.pdf"] for ending in (".txt", ".html", ".jsonl", ".parquet", ".warc.zst"))
    assert copydesk("run", folder, "--output", tmp_path / "out", "--quiet").returncode == Exit.DONE  # all of it is known
    (folder / "story.html").write_text(story(1), encoding="utf-8")
    assert copydesk("run", folder, "--output", tmp_path / "other", "--quiet").returncode == Exit.DONE
