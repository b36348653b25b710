"""Whoever started a run may vanish: its terminal, its reader, or the run itself. No page process stays behind, and nothing is lost."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk_flows.console.exits import Exit
from support import dataset_oracle
from support.fault_runs import call, command, config_file, environment, marked, speaking
from support.terminal_signals import heard
from support.tiny_desk import FILLER, column, fill, put, until

if sys.platform != "linux":
    pytest.skip("looks for processes in /proc", allow_module_level=True)

PAGES = 20
PER_BATCH = {"dataset": {"batch_files": 5}, "run": {"workers": 1}}


def arguments(folder: Path) -> list[str | Path]:
    """A run of slow pages, for the command line."""
    config = config_file(folder, **PER_BATCH)
    return ["run", folder / "in", "--output", folder / "out", "--config", config, "--direct"]


def started(folder: Path, marker: str, word: str) -> subprocess.Popen[bytes]:
    """A run whose page process is at work on a page that takes long."""
    fill(folder / "in", PAGES, "SLOWLY")
    put(folder / "in", "zz-last.txt", f"Last\n{FILLER}\n{word}")
    name, _, value = marker.partition("=")
    process = subprocess.Popen(command(*arguments(folder), "--quiet"), env=environment(**{name: value}), stderr=subprocess.PIPE,
                               preexec_fn=heard)
    until(lambda: len(marked(marker)) >= 2 and len(list(folder.glob("out/_commits/*.json"))) >= 2, process)
    return process


def is_whole_after_the_next_run(folder: Path) -> None:
    """The committed part is whole at once, the next run completes it."""
    assert dataset_oracle.commit_faults(folder / "out") == []
    (folder / "in/zz-last.txt").unlink()
    copydesk.run([folder / "in"], folder / "out", speaking(folder, **PER_BATCH))
    assert dataset_oracle.problems(folder / "out") == []
    assert len(column(folder / "out", "articles", "article_id")) == PAGES


ENDINGS = [(signal.SIGTERM, Exit.TERMINATED), (signal.SIGINT, Exit.INTERRUPTED), (signal.SIGHUP, -signal.SIGHUP),
           (signal.SIGKILL, -signal.SIGKILL)]


@pytest.mark.parametrize(("number", "code"), ENDINGS)
def test_a_signal_leaves_no_page_process(tmp_path: Path, number: signal.Signals, code: int) -> None:
    marker = f"FAULTS_MARK={tmp_path.name}-{os.getpid()}-{number}"
    process = started(tmp_path, marker, "HANG")
    try:
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
        assert process.returncode == code
        assert b"Traceback" not in said
        if number in (signal.SIGTERM, signal.SIGINT):
            assert marked(marker) == []
        else:
            until(lambda: marked(marker) == [], seconds=90)
    finally:
        process.kill()
    is_whole_after_the_next_run(tmp_path)


def test_readers_of_both_streams_vanish(tmp_path: Path) -> None:
    inbox = fill(tmp_path / "in", PAGES)
    read, write = os.pipe()
    process = subprocess.Popen(command(*arguments(tmp_path)), env=environment(), stdout=write, stderr=write)
    os.close(write)
    os.close(read)
    assert process.wait(timeout=60) == Exit.BROKEN_PIPE
    assert len(column(tmp_path / "out", "articles", "article_id")) == PAGES
    assert dataset_oracle.problems(tmp_path / "out") == []
    assert call("run", inbox, "--output", tmp_path / "out", "--config", tmp_path / "desk.toml", "--direct", "--quiet").returncode == 0


def test_a_terminal_vanishes_under_a_run_that_outlives_it(tmp_path: Path) -> None:
    """As with nohup: the run ignores SIGHUP, shows its progress on a terminal, and that terminal is closed in the middle."""
    fill(tmp_path / "in", PAGES, "SLOWLY")
    master, terminal = pty.openpty()
    given = [str(each) for each in arguments(tmp_path)]
    code = (f"import signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nsys.argv[1:] = {given!r}\n"
            "from copydesk_flows.cli import main\nmain()")
    process = subprocess.Popen([sys.executable, "-B", "-c", code], env=environment(TERM="xterm"), stdin=terminal, stdout=terminal,
                               stderr=terminal, start_new_session=True)
    os.close(terminal)
    try:
        until(lambda: len(list(tmp_path.glob("out/_commits/*.json"))) >= 1, process)
        os.close(master)
        process.wait(timeout=60)
        assert dataset_oracle.problems(tmp_path / "out") == []
        assert len(column(tmp_path / "out", "articles", "article_id")) == PAGES
    finally:
        process.kill()
        process.wait()
