"""Several runs on one output: one works, the others say who does and end with exit code 75."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import copydesk
from copydesk_flows.console.exits import Exit
from support import dataset_oracle
from support.fault_runs import call, config_file, environment, kill_group, one_line, quoting, run_code, speaking, start_run
from support.tiny_desk import column, put, until

ATTEMPTS = 10
PAGES = 3
ATTEMPT = """
from copydesk import LockedError
from copydesk.engine.job import Job
import os
def note(line):
    handle = os.open({log!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (line + chr(10)).encode())
    os.close(handle)
enter, leave = Job.__enter__, Job.__exit__
def entered(job):
    note("begin {number}")
    return enter(job)
def left(job, *values):
    note("end {number}")
    return leave(job, *values)
Job.__enter__, Job.__exit__ = entered, left
"""


def test_the_second_run_names_the_first(tmp_path: Path) -> None:
    inbox, output = tmp_path / "in", tmp_path / "out"
    put(inbox, "hang.txt", quoting(1) + "HANG")
    config = config_file(tmp_path)
    first = start_run(tmp_path, inbox, output, {})
    try:
        until(lambda: any(output.glob("_staging/shard-*")), first)
        second = call("run", inbox, "--output", output, "--config", config, "--direct", "--quiet")
        assert second.returncode == Exit.LOCKED
        assert f"another run holds {output}: process {first.pid} on " in one_line(second.stderr)
        assert first.poll() is None
    finally:
        kill_group(first)
    (inbox / "hang.txt").unlink()
    put(inbox, "good.txt", quoting(2))
    third = call("run", inbox, "--output", output, "--config", config, "--direct", "--quiet")
    assert (third.returncode, third.stderr) == (Exit.DONE, "")
    assert len(column(output, "articles", "article_id")) == 1


def test_ten_at_once(tmp_path: Path) -> None:
    output, log = tmp_path / "out", tmp_path / "log"
    speaking(tmp_path)
    for number in range(ATTEMPTS):
        for page in range(PAGES):
            put(tmp_path / f"in-{number}", f"story-{page}.txt", quoting(number * PAGES + page) + "SLOWLY")
    left, turns = set(range(ATTEMPTS)), 0
    while left:
        turns += 1
        running = {number: attempt(tmp_path, number, output, log) for number in left}
        ended = {number: process.communicate(timeout=120)[1] for number, process in running.items()}
        done = {number for number, process in running.items() if process.returncode == 0}
        assert done
        for number in set(running) - done:
            assert f"copydesk.errors.LockedError: another run holds {output}" in ended[number].splitlines()[-1]
        left -= done
        whole = set(range(ATTEMPTS)) - left
        assert set(column(output, "articles", "canonical_url")) == {
            f"https://news.example.com/{number * PAGES + page}" for number in whole for page in range(PAGES)}
        assert dataset_oracle.problems(output) == []
    notes = log.read_text().split("\n")[:-1]
    assert [line.split()[0] for line in notes] == ["begin", "end"] * ATTEMPTS
    assert all(begin.split()[1] == end.split()[1] for begin, end in zip(notes[::2], notes[1::2], strict=True))
    assert len(copydesk.open_dataset(output).commits) == ATTEMPTS


def attempt(folder: Path, number: int, output: Path, log: Path) -> subprocess.Popen[str]:
    """One of the runs that want the output."""
    code = run_code(folder, folder / f"in-{number}", output, {}, ATTEMPT.format(log=str(log), number=number))
    return subprocess.Popen([sys.executable, "-B", "-c", code], env=environment(), stderr=subprocess.PIPE, text=True)
