"""The end of ``copydesk serve``: a run under way, a server that does not answer, a signal at the start, and force in the end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from copydesk_flows.console.exits import Exit
from support.command_line import Command, environment
from support.prefect_api import ask
from support.served_inbox import put
from support.servers import end, free_port, slow, start_server, until

SLOW = "import copydesk, time\n@copydesk.hookimpl\ndef label_blocks(document):\n    time.sleep(0.4)\n    return []\n"
STUBBORN = """
import asyncio, subprocess, sys, threading
from prefect.runner import Runner
from copydesk_flows.serving import serve

class Stubborn(Runner):
    async def start(self, *_, **__):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(child.pid, flush=True)
        while True:
            try:
                await asyncio.sleep(600)
            except asyncio.CancelledError:
                pass

serve.END_SECONDS = 4
asyncio.run(serve._until_asked(Stubborn(), [], threading.Event()))
"""


@contextmanager
def served(folder: Path, *options: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command over the inbox in a folder, its log beside it."""
    (folder / "inbox").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "copydesk_flows.cli", "serve", str(folder / "inbox"), "--output", str(folder / "out"), *options]
    with (folder / "serve.log").open("a") as log:
        process = subprocess.Popen(command, env=environment(folder, **variables), cwd=folder, stdout=log, stderr=log,
                                   start_new_session=True)
    try:
        yield process
    finally:
        end(process)


def log_of(folder: Path) -> str:
    return (folder / "serve.log").read_text(encoding="utf-8")


def test_a_run_under_way_is_cancelled_and_known_to_be(tmp_path: Path, copydesk: Command, prefect_server: str) -> None:
    (tmp_path / "inbox").mkdir()
    for number in range(40):
        put(tmp_path / "inbox", number)
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / "desk.toml").write_text("plugins = ['slow.py']\n[dataset]\nbatch_files = 5\n", encoding="utf-8")
    options = ["--every", "5s", "--name", tmp_path.name, "--workers", "1", "--config", str(tmp_path / "desk.toml")]
    with served(tmp_path, *options, PREFECT_API_URL=prefect_server) as process:
        until(lambda: list(tmp_path.glob("out/_commits/*.json")), "a commit")
        below = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == Exit.DONE
    assert len(below) > 1
    until(lambda: not [each for each in below if each.is_running()], "all its processes ended", 20)
    made_by = json.loads((tmp_path / "out/_commits/000001.json").read_text(encoding="utf-8"))["run"]["flow_run"]
    state = ask(prefect_server, "flow_runs", flow_runs={"id": {"any_": [made_by]}})[0]["state"]
    assert (state["type"], state["message"]) == ("CANCELLED", "Runner is shutting down.")
    assert "by force" not in log_of(tmp_path)
    assert copydesk("dataset", "check", tmp_path / "out").returncode == Exit.DONE


def test_a_signal_at_the_start_leaves_no_server(tmp_path: Path) -> None:
    with served(tmp_path, "--every", "1h") as process:
        server = until(lambda: psutil.Process(process.pid).children(), "a server of its own", 30)[0]
        assert server.name() != ""
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == Exit.DONE
    until(lambda: not server.is_running(), "the server ended", 20)
    assert "Traceback" not in log_of(tmp_path)


def test_what_does_not_end_is_ended_by_force(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            child = psutil.Process(int(process.stdout.readline()))
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        finally:
            end(process)
    assert process.returncode == Exit.DONE, told
    assert "not at its end 4 s after the signal: ended by force" in told
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "what was below it ended", 20)


@contextmanager
def served_by_another(
        tmp_path: Path, every: str, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """`copydesk serve`, serving, at a server of its own: both processes."""
    port = free_port()
    server = start_server(tmp_path, port)
    try:
        with served(tmp_path, "--every", every, PREFECT_API_URL=f"http://127.0.0.1:{port}/api", **variables) as process:
            until(lambda: "Ctrl-C ends it" in log_of(tmp_path), "it serves")
            yield process, server
    finally:
        server.send_signal(signal.SIGCONT)
        end(server)


@slow
def test_a_server_that_does_not_answer_does_not_hold_the_end_up(tmp_path: Path) -> None:
    with served_by_another(tmp_path, "1h") as (process, server):
        time.sleep(2)
        os.kill(server.pid, signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == Exit.DONE
    assert "while ending: TimeoutError" in log_of(tmp_path)
    assert "by force" not in log_of(tmp_path)


@slow
def test_a_server_that_is_gone_for_long_is_one_line(tmp_path: Path) -> None:
    with served_by_another(tmp_path, "2s", PREFECT_CLIENT_MAX_RETRIES="1") as (process, server):  # with 5 it may take minutes
        end(server)
        assert process.wait(timeout=120) == Exit.FAILURE
    log = log_of(tmp_path)  # the interpreter may warn behind our line of what the runner left
    assert len(re.findall(r"^copydesk: serving ended by itself: \w+: ", log, re.M)) == 1, log
