"""What happens when a part dies in mid-run: the flow's process, a worker, its machine, the server, Dask's scheduler. Each time the
dataset is whole, and in the end each page is there once. It takes minutes: .ci/full runs it, with COPYDESK_SLOW=1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

import copydesk as core
from copydesk_flows.console.exits import Exit
from support.command_line import Command, environment, story
from support.prefect_api import ask
from support.servers import a_worker, end, free_port, slow, start_server, until

pytestmark = slow
PAGES = 40
SLOW = "import copydesk, time\n@copydesk.hookimpl\ndef label_blocks(document):\n    time.sleep(0.4)\n    return []\n"


class Scene:
    """A server that can be killed, an inbox of slow pages, and what is asked of both."""

    def __init__(self, folder: Path, copydesk: Command) -> None:
        self.folder, self.copydesk, self.output = folder, copydesk, folder / "out"
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.server: subprocess.Popen[bytes] | None = None
        self.begin()
        (folder / "inbox").mkdir()
        for number in range(PAGES):
            path = folder / "inbox" / f"story-{number:02}.html"
            path.write_text(story(number), encoding="utf-8")
            os.utime(path, (1e9, 1e9))
        (folder / "slow.py").write_text(SLOW, encoding="utf-8")
        self.config = folder / "desk.toml"
        self.configure("1")

    def configure(self, workers: str) -> None:
        self.config.write_text(f"[plugins]\nload = ['slow.py']\n[run]\nworkers = {workers}\n[dataset]\nbatch_files = 5\n"
                               "[inboxes.desk]\ninbox = 'inbox'\noutput = 'out'\nevery = '5s'\n", encoding="utf-8")

    def begin(self) -> None:
        """Start the server, or start it again on its port and database."""
        lasting = {"PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"}
        self.server = start_server(self.folder, self.port, **lasting)

    def run(self) -> subprocess.Popen[str]:
        """A run in the background."""
        command = [sys.executable, "-m", "copydesk_flows.cli", "run", str(self.folder / "inbox"), "--output", str(self.output), "--config",
                   str(self.config)]
        return subprocess.Popen(command, env=environment(self.folder / "home", PREFECT_API_URL=self.api), cwd=self.folder, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def deploy(self) -> str:
        done = self.copydesk("deploy", "--config", self.config, "--pool", "kills", env={"PREFECT_API_URL": self.api})
        assert done.returncode == Exit.DONE, done.stderr
        return done.stderr

    def commits(self) -> int:
        return len(list(self.output.glob("_commits/*.json")))

    def states(self) -> list[str]:
        """The states of all runs that began, oldest first."""
        runs = ask(self.api, "flow_runs", sort="START_TIME_ASC")
        return [run["state"]["type"] for run in runs if run["start_time"] and run["state"]["type"] != "CANCELLED"]

    def is_whole(self) -> bool:
        """`copydesk dataset check` has nothing to say."""
        return self.copydesk("dataset", "check", self.output).returncode == Exit.DONE

    def paths(self) -> list[str]:
        found: list[str] = core.open_dataset(self.output).table("articles")["source_path"].to_pylist()
        return sorted(found)

    def tell(self, killed: str, happened: str, *states: str) -> None:
        """A row of the table: the states of the runs are these, oldest first (and perhaps of scheduled ones behind them)."""
        assert self.states()[:len(states)] == list(states)
        assert self.is_whole()
        assert self.paths() == [f"story-{number:02}.html" for number in range(PAGES)]
        print(f"\n| {killed} | {happened} | {self.states()} | whole |")  # noqa: T201  # the table of docs/operations.md


@pytest.fixture
def scene(tmp_path: Path, copydesk: Command) -> Iterator[Scene]:
    found = Scene(tmp_path, copydesk)
    yield found
    assert found.server is not None
    end(found.server)


def kill_all(process: subprocess.Popen[Any]) -> None:
    """Kill a process and all below it in its session."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def test_the_flow_s_process(scene: Scene) -> None:
    run = scene.run()
    until(lambda: scene.commits() >= 2, "two commits")
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=30)
    before = scene.commits()
    assert scene.states() == ["RUNNING"]
    assert scene.is_whole()
    again = scene.run()
    _, told = again.communicate(timeout=300)
    assert again.returncode == Exit.DONE, told
    scene.tell("flow process", f"{before} commits stood; the next run went on behind them and ended the lost run", "CRASHED", "COMPLETED")


def test_a_worker_alone(scene: Scene) -> None:
    """Its run notices, and ends itself."""
    scene.deploy()
    with a_worker(scene.folder, scene.api, "kills") as worker:
        until(lambda: scene.commits() >= 2, "two commits")
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=30)
        until(lambda: scene.states() == ["CRASHED"], "the run ends itself", 60)
    before = scene.commits()
    assert scene.is_whole()
    with a_worker(scene.folder, scene.api, "kills"):
        until(lambda: "COMPLETED" in scene.states(), "a new worker's next run completes the work", 300)
    scene.tell("worker", f"its run ended itself after {before} commits; a new worker's next run completed the work", "CRASHED", "COMPLETED")


def test_a_worker_with_its_machine(scene: Scene) -> None:
    scene.deploy()
    with a_worker(scene.folder, scene.api, "kills") as worker:
        until(lambda: scene.commits() >= 2, "two commits")
        for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
            process.kill()
    before = scene.commits()
    assert scene.states() == ["RUNNING"]
    assert scene.is_whole()
    assert "ended the lost run" in scene.deploy()
    with a_worker(scene.folder, scene.api, "kills"):
        until(lambda: "COMPLETED" in scene.states(), "the next run completes the work", 300)
    scene.tell("worker with its machine", f"{before} commits stood; copydesk deploy ended the lost run, the next one completed the work",
               "CRASHED", "COMPLETED")


def test_the_server_and_it_comes_back(scene: Scene) -> None:
    run = scene.run()
    until(lambda: scene.commits() >= 2, "two commits")
    kill_all(scene.server)
    scene.begin()
    _, told = run.communicate(timeout=300)
    assert run.returncode == Exit.DONE, told
    scene.tell("server, back after seconds", f"the run completed, with {scene.commits()} commits", "COMPLETED")


def test_the_server_for_good(scene: Scene) -> None:
    run = scene.run()
    until(lambda: scene.commits() >= 2, "two commits")
    kill_all(scene.server)
    run.communicate(timeout=400)
    before = scene.commits()
    assert run.returncode == Exit.FAILURE
    assert before >= 2
    assert scene.is_whole()
    done = scene.copydesk("run", scene.folder / "inbox", "--output", scene.output, "--config", scene.config, "--direct")
    assert done.returncode == Exit.DONE, done.stderr
    scene.begin()
    scene.tell("server, for good", f"the run ended with {run.returncode} after {before} commits; a direct run completed the work",
               "RUNNING")


def test_dask_s_scheduler(scene: Scene) -> None:
    dask_tests = pytest.importorskip("test_dask", reason="Dask is not installed")
    with ExitStack() as stack:
        dask = dask_tests.Dask(scene.folder, stack, PREFECT_API_URL=scene.api)
        dask.work()
        scene.configure(f"'{dask.address}'")
        run = scene.run()
        until(lambda: scene.commits() >= 2, "two commits")
        dask.scheduler.send_signal(signal.SIGKILL)
        run.communicate(timeout=400)
    before = scene.commits()
    assert run.returncode == Exit.FAILURE
    assert scene.is_whole()
    scene.configure("1")
    again = scene.run()
    _, more = again.communicate(timeout=300)
    assert again.returncode == Exit.DONE, more
    scene.tell("Dask's scheduler", f"the run ended with {run.returncode} after {before} commits; the next one completed the work",
               "FAILED", "COMPLETED")
