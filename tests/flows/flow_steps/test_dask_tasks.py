"""The same shards on Dask: a real scheduler, two worker processes, a worker that is killed, one that is not fit; folders and S3."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk_flows.console.exits import Exit
from support.command_line import Command, Result, part_files, story
from support.object_server import serving
from support.prefect_api import ask, newest_run
from support.servers import free_port, slow, started, until

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'copydesk[dask]'")
pytest.importorskip("prefect_dask", reason="prefect-dask is not installed: pip install 'copydesk[dask]'")
BATCH = 4
PAGES = 14


class Dask:
    """A scheduler on loopback, and workers of one thread each."""

    def __init__(self, home: Path, stack: ExitStack, **variables: str) -> None:
        self.home = home
        self.port = free_port()
        self.stack = stack
        self.variables = variables
        self.workers: list[Any] = []
        self.scheduler = self._start("scheduler", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port),
                                     "--no-dashboard")

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def work(self, **variables: str) -> None:
        """Start a worker and wait until the scheduler knows it."""
        from distributed import Client

        name = f"worker-{len(self.workers)}"
        self.workers.append(self._start(
            name, "distributed.cli.dask_worker", f"tcp://127.0.0.1:{self.port}", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--host", "127.0.0.1", "--name", name, "--local-directory", str(self.home / name), "--death-timeout", "60", **variables))
        with Client(f"tcp://127.0.0.1:{self.port}", timeout=60, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=60)

    def _start(self, name: str, module: str, *arguments: str, **variables: str) -> Any:
        return self.stack.enter_context(started(self.home, name, sys.executable, "-m", module, *arguments, **self.variables, **variables))


@pytest.fixture
def dask(tmp_path: Path, prefect_server: str) -> Iterator[Dask]:
    """A scheduler with two workers."""
    with ExitStack() as stack:
        found = Dask(tmp_path, stack, PREFECT_API_URL=prefect_server)
        found.work()
        found.work()
        yield found


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """An inbox of several shards."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"story-{number:02}.html").write_text(story(number), encoding="utf-8")
    return folder


def settings(folder: Path, workers: str | int, more: str = "") -> Path:
    config = folder / f"desk-{str(workers)[:4]}.toml"
    config.write_text(f"{more}[run]\nworkers = {json.dumps(workers)}\n[dataset]\nbatch_files = {BATCH}\n", encoding="utf-8")
    return config


def run(copydesk: Command, api: str, inbox: Path | str, output: Path | str, config: Path, **env: str) -> Result:
    return copydesk("run", inbox, "--output", output, "--config", config, "--json", env={"PREFECT_API_URL": api, **env})


def counts(done: Result) -> dict[str, int]:
    assert done.stdout, done.stderr
    return {name: count for name, count in json.loads(done.stdout)["counts"].items() if count}


def test_the_bytes_are_those_of_the_direct_run(copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, dask: Dask) -> None:
    assert copydesk("run", many, "--output", tmp_path / "direct", "--direct", "--config", settings(tmp_path, 1)).returncode == Exit.DONE
    config = settings(tmp_path, dask.address)
    done = run(copydesk, prefect_server, many, tmp_path / "dask", config)
    assert (done.returncode, counts(done)) == (Exit.DONE, {"written": PAGES}), done.stderr
    assert part_files(tmp_path / "dask") == part_files(tmp_path / "direct")
    tasks = ask(prefect_server, "task_runs", flow_runs={"id": {"any_": [newest_run(prefect_server, tmp_path / "dask")["id"]]}})
    assert sorted(task["name"] for task in tasks if task["name"].startswith("shard")) == [f"shard-{number}" for number in range(4)]
    (many / "story-99.html").write_text(story(99), encoding="utf-8")
    os.utime(many / "story-03.html")
    again = run(copydesk, prefect_server, many, tmp_path / "dask", config)
    assert counts(again) == {"written": 1, "unchanged": PAGES}
    assert copydesk("dataset", "check", tmp_path / "dask").returncode == Exit.DONE
    assert not list((tmp_path / "dask/_staging").iterdir())


def test_a_worker_killed_in_mid_shard_loses_and_duplicates_nothing(
        copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, dask: Dask) -> None:
    """The page at which the first worker dies is told by a plugin: the worker that comes to it first is killed, the next one goes on."""
    (tmp_path / "deadly.py").write_text(
        "import copydesk, os, pathlib, signal, time\nHERE = pathlib.Path(__file__).parent\n@copydesk.hookimpl\n"
        "def label_blocks(document):\n    if 'line 6,' in document.text:\n"
        "        try:\n            (HERE / 'killed').touch(exist_ok=False)\n        except FileExistsError:\n            return []\n"
        "        os.kill(os.getppid(), signal.SIGKILL)\n        time.sleep(60)\n    return []\n", encoding="utf-8")
    config = settings(tmp_path, dask.address, 'plugins = ["deadly.py"]\n')
    for worker in dask.workers:
        assert worker.poll() is None
    done = run(copydesk, prefect_server, many, tmp_path / "out", config)
    assert (done.returncode, counts(done)) == (Exit.DONE, {"written": PAGES}), done.stderr
    assert (tmp_path / "killed").exists()
    assert sum(worker.poll() == -signal.SIGKILL for worker in dask.workers) == 1
    paths = copydesk_paths(tmp_path / "out")
    assert paths == sorted(f"story-{number:02}.html" for number in range(PAGES))
    assert copydesk("dataset", "check", tmp_path / "out").returncode == Exit.DONE


def copydesk_paths(output: Path | str) -> list[str]:
    """The source paths of all articles, each as often as it is there."""
    found: list[str] = copydesk.open_dataset(output).table("articles")["source_path"].to_pylist()
    return sorted(found)


def other_plugins(folder: Path) -> dict[str, str]:
    """The variables of a worker whose shipped plugins are another version."""
    shipped = Path(str(find_spec("copydesk_plugins").submodule_search_locations[0]))  # type: ignore[union-attr,index]  # it is there
    shutil.copytree(shipped, folder / "other/copydesk_plugins", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "other/copydesk_plugins/clean_phrases.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    return {"PYTHONPATH": os.pathsep.join([str(folder / "other"), os.environ.get("PYTHONPATH", "")])}


def test_a_worker_with_other_plugins_is_refused_before_work(
        copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, dask: Dask) -> None:
    dask.work(**other_plugins(tmp_path))
    done = run(copydesk, prefect_server, many, tmp_path / "out", settings(tmp_path, dask.address))
    assert done.returncode == Exit.USAGE, done.stderr
    assert "the plugins here are not those of the run" in done.stderr
    assert not list((tmp_path / "out/data").glob("*"))


@pytest.mark.parametrize("is_fit", [True, False], ids=["fit", "unfit"])
def test_a_worker_that_comes_later_is_held_to_the_same(
        copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, is_fit: bool) -> None:
    """The run waits at a page until the other worker is there; each page says which worker it was worked on by."""
    (tmp_path / "waiting.py").write_text(
        "import copydesk, os, pathlib, time\nHERE = pathlib.Path(__file__).parent\n@copydesk.hookimpl\n"
        "def label_blocks(document):\n    (HERE / f'by-{os.getppid()}').touch()\n    (HERE / 'begun').touch()\n"
        "    while not (HERE / 'go').exists():\n        time.sleep(0.1)\n    time.sleep(0.5)\n    return []\n", encoding="utf-8")
    with ExitStack() as stack:
        dask = Dask(tmp_path, stack, PREFECT_API_URL=prefect_server)
        dask.work()
        config = settings(tmp_path, dask.address, 'plugins = ["waiting.py"]\n')
        with ThreadPoolExecutor(1) as thread:
            coming = thread.submit(run, copydesk, prefect_server, many, tmp_path / "out", config)
            until((tmp_path / "begun").exists, "the run's first page")
            dask.work(**({} if is_fit else other_plugins(tmp_path)))
            identity = newest_run(prefect_server, tmp_path / "out")["id"]
            if is_fit:
                until(lambda: b"Starting Worker plugin copydesk" in (tmp_path / "worker-1.log").read_bytes(), "it was asked")
            else:
                until(lambda: [log for log in ask(prefect_server, "logs", logs={"flow_run_id": {"any_": [identity]}})
                               if "gets no shard of this run: " in log["message"]
                               and "the plugins here are not those of the run" in log["message"]], "the warning", 60)
            (tmp_path / "go").touch()
            done = coming.result()
        by = {int(path.name.removeprefix("by-")) for path in tmp_path.glob("by-*")}
        assert by == {worker.pid for worker in (dask.workers if is_fit else dask.workers[:1])}
        assert all(worker.poll() is None for worker in dask.workers)
    assert (done.returncode, counts(done)) == (Exit.DONE, {"written": PAGES}), done.stderr
    assert copydesk("dataset", "check", tmp_path / "out").returncode == Exit.DONE


@slow
def test_a_run_without_workers_ends(copydesk: Command, many: Path, tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "waiting.py").write_text(
        "import copydesk, pathlib, time\n@copydesk.hookimpl\ndef label_blocks(document):\n"
        "    (pathlib.Path(__file__).parent / 'begun').touch()\n    time.sleep(5)\n    return []\n", encoding="utf-8")
    with ExitStack() as stack:
        dask = Dask(tmp_path, stack, PREFECT_API_URL=prefect_server)
        dask.work()
        with ThreadPoolExecutor(1) as thread:
            coming = thread.submit(run, copydesk, prefect_server, many, tmp_path / "out",
                                   settings(tmp_path, dask.address, 'plugins = ["waiting.py"]\n'))
            until((tmp_path / "begun").exists, "the run's first page")
            dask.workers[0].send_signal(signal.SIGKILL)
            done = coming.result()
    assert (done.returncode, "no worker that is fit" in done.stderr) == (Exit.FAILURE, True), done.stderr
    assert newest_run(prefect_server, tmp_path / "out")["state"]["type"] == "FAILED"


@slow
def test_quarantined_pages_are_in_the_run_s_log(copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, dask: Dask) -> None:
    (tmp_path / "touchy.py").write_text(
        "import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    if 'line 2,' in document.text:\n"
        "        raise ValueError('no')\n    return []\n", encoding="utf-8")
    done = run(copydesk, prefect_server, many, tmp_path / "out", settings(tmp_path, dask.address, 'plugins = ["touchy.py"]\n'))
    assert (done.returncode, counts(done)) == (Exit.QUARANTINED, {"written": PAGES - 1, "quarantined": 1}), done.stderr
    identity = newest_run(prefect_server, tmp_path / "out")["id"]
    logs = until(lambda: [log["message"] for log in ask(prefect_server, "logs", logs={"flow_run_id": {"any_": [identity]}})
                          if log["level"] >= 30], "the log", 30)
    assert [message for message in logs if "story-02.html" in message and "plugin_error" in message]


@pytest.mark.parametrize(("workers", "words", "code"), [
    ("dask://nowhere", "dask://host:8786", Exit.USAGE),
    pytest.param("dask://127.0.0.1:9", "no scheduler answers there", Exit.USAGE, marks=slow)])
def test_what_is_wrong_with_the_address_is_one_line(copydesk: Command, many: Path, tmp_path: Path, prefect_server: str, workers: str,
                                                    words: str, code: Exit) -> None:
    done = run(copydesk, prefect_server, many, tmp_path / "out", settings(tmp_path, workers))
    assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_direct_run_says_that_it_has_no_workers(copydesk: Command, many: Path, tmp_path: Path) -> None:
    done = copydesk("run", many, "--output", tmp_path / "out", "--direct", "--config", settings(tmp_path, "dask://127.0.0.1:9"))
    assert (done.returncode, "--prefect" in done.stderr) == (Exit.USAGE, True), done.stderr
    assert not (tmp_path / "out").exists()


@slow
def test_input_and_output_on_s3(copydesk: Command, many: Path, tmp_path: Path, prefect_server: str) -> None:
    with serving() as s3, ExitStack() as stack:
        bucket = s3.bucket()
        for path in many.iterdir():
            s3.put(bucket, f"in/{path.name}", path.read_bytes())
        dask = Dask(tmp_path, stack, PREFECT_API_URL=prefect_server)
        dask.work()
        dask.work()
        config, url = settings(tmp_path, dask.address), f"s3://{bucket}"
        done = run(copydesk, prefect_server, f"{url}/in", f"{url}/out", config)
        assert (done.returncode, counts(done)) == (Exit.DONE, {"written": PAGES}), done.stderr
        assert s3.keys(bucket, "out/_staging") == []
        assert copydesk_paths(f"{url}/out") == sorted(path.name for path in many.iterdir())
        again = run(copydesk, prefect_server, f"{url}/in", f"{url}/out", config)
        assert counts(again) == {"unchanged": PAGES}
        check = copydesk("dataset", "check", f"{url}/out")
        assert check.returncode == Exit.DONE, check.stdout
