"""``copydesk serve`` against a real server: runs on its schedule, takes only new files, ends on SIGTERM."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.command_line import environment
from support.prefect_api import ask
from support.served_inbox import completed, put, taking, written
from support.servers import end, slow, until


@contextmanager
def serving(home: Path, api: str, inbox: Path, output: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "copydesk_flows.cli", "serve", str(inbox), "--output", str(output), *options]
    with (home / "serve.log").open("a") as log:
        process = subprocess.Popen(command, env=environment(home, PREFECT_API_URL=api), stdout=log, stderr=log, text=True,
                                   start_new_session=True)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)


def test_three_runs_take_only_what_is_new(tmp_path: Path, prefect_server: str) -> None:
    inbox, output = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    put(inbox, 0)
    with serving(tmp_path, prefect_server, inbox, output, "--every", "5s", "--settle", "10m", "--name", "three-runs") as process:
        for number in range(3):
            until(lambda: len(taking(prefect_server, output)) > number, f"run {number + 1}")  # noqa: B023  # called before the loop goes on
            if number < 2:
                put(inbox, number + 1)
                put(inbox, 99, age=0)  # still being written: left alone
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert taking(prefect_server, output) == [{"written": 1}, {"written": 1, "unchanged": 1}, {"written": 1, "unchanged": 2}]
    assert written(output) == ["story-0.html", "story-1.html", "story-2.html"]
    log = (tmp_path / "serve.log").read_text(encoding="utf-8")
    assert "serving process/three-runs" in log
    assert "Traceback" not in log


def test_the_deployment_refuses_to_overlap(tmp_path: Path, prefect_server: str) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with serving(tmp_path, prefect_server, inbox, tmp_path / "out", "--cron", "0 6 * * mon-fri", "--name", "no-overlap"):
        found = until(lambda: ask(prefect_server, "deployments", deployments={"name": {"any_": ["no-overlap"]}}), "the deployment")
    deployment = found[0]
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert [schedule["schedule"]["cron"] for schedule in deployment["schedules"]] == ["0 6 * * mon-fri"]
    assert deployment["parameters"]["settings"] == {"settle_seconds": 30.0}
    assert deployment["entrypoint"] == "copydesk_flows.process.process"


@slow
def test_several_inboxes_from_one_file(tmp_path: Path, prefect_server: str) -> None:
    for name in ("harbour", "ferry"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, len(name))
    config = tmp_path / "desk.toml"
    config.write_text("".join(f'[inboxes.{name}]\ninbox = "{name}"\noutput = "out-{name}"\nevery = "3s"\nworkers = 0\n'
                              for name in ("harbour", "ferry"))
                      + '[inboxes.tidy]\nflow = "compact"\noutput = "out-ferry"\ncron = "0 3 * * sun"\n', encoding="utf-8")
    command = [sys.executable, "-m", "copydesk_flows.cli", "serve", "--config", str(config)]
    with (tmp_path / "serve.log").open("a") as log:
        process = subprocess.Popen(command, env=environment(tmp_path, PREFECT_API_URL=prefect_server), stdout=log, stderr=log,
                                   start_new_session=True)
        try:
            for name in ("harbour", "ferry"):
                until(lambda: completed(prefect_server, tmp_path / f"out-{name}"), name)  # noqa: B023  # called before the loop goes on
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        finally:
            end(process)
    assert (written(tmp_path / "out-harbour"), written(tmp_path / "out-ferry")) == (["story-7.html"], ["story-5.html"])
    assert "serving compact/tidy" in (tmp_path / "serve.log").read_text(encoding="utf-8")
