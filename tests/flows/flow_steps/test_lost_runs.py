"""Runs that seem lost, at a real server."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

import copydesk as core
from copydesk_flows.console.exits import Exit
from copydesk_flows.flow_steps import lost_runs
from support.command_line import Command
from support.prefect_api import ask
from support.servers import until


def post(api: str, path: str, **body: Any) -> Any:
    def answered() -> httpx.Response | None:
        answer = httpx.post(f"{api}/{path}", json=body, timeout=90)
        return None if answer.status_code == 503 else answer  # SQLite is busy

    answer = until(answered, path)
    answer.raise_for_status()
    return answer.json()


def a_run(api: str, output: Path, flow: str = "process", state: str = "RUNNING", **labels: str) -> str:
    """A run at the server, in a state that nobody will change."""
    identity: str = post(api, "flow_runs/", flow_id=post(api, "flows/", name=flow)["id"], parameters={"output": str(output)})["id"]
    post(api, f"flow_runs/{identity}/set_state", state={"type": state}, force=True)
    until(lambda: httpx.patch(f"{api}/flow_runs/{identity}/labels", json=labels, timeout=90).is_success, "the run is labelled")
    return identity


def here(process: psutil.Process, later: float = 0) -> dict[str, str]:
    """The labels of a run of a process on this machine."""
    return {lost_runs.HOST: socket.gethostname(), lost_runs.PROCESS: f"{process.pid} {process.create_time() + later:.0f}"}


def state_of(api: str, run: str) -> str:
    found: str = ask(api, "flow_runs", flow_runs={"id": {"any_": [run]}})[0]["state"]["type"]
    return found


@pytest.mark.parametrize(("flow", "state"), [
    ("process", "RUNNING"), ("retry", "CANCELLING"), ("compact", "RUNNING"), ("backfill", "RUNNING")])
def test_a_run_whose_process_is_gone_is_ended_before_a_start(api: str, tmp_path: Path, flow: str, state: str) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        run = a_run(api, tmp_path, flow, state, **here(psutil.Process(process.pid)))
        assert lost_runs.end_before_start([str(tmp_path)]) == []
        assert state_of(api, run) == state
        process.kill()
        until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE, "it is dead, and nobody has asked for its end")
        assert [run in told for told in lost_runs.end_before_start([str(tmp_path)])] == [True]
    assert state_of(api, run) == "CRASHED"


@pytest.mark.parametrize("labels", [here(psutil.Process(), later=-3600), {lost_runs.HOST: socket.gethostname(), lost_runs.PROCESS: "?"},
                                    {lost_runs.HOST: socket.gethostname()}], ids=["its ID is another's now", "no ID", "no process"])
def test_who_has_the_same_process_id_later_is_another(api: str, tmp_path: Path, labels: dict[str, str]) -> None:
    run = a_run(api, tmp_path, **labels)
    assert [run in told for told in lost_runs.end_before_start([str(tmp_path)])] == [True]


@pytest.mark.parametrize("labels", [{lost_runs.HOST: "another-machine", lost_runs.PROCESS: "1 1"}, {}], ids=["elsewhere", "unknown"])
def test_a_run_elsewhere_is_lost_when_it_was_silent_for_long(
        api: str, tmp_path: Path, labels: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run(api, tmp_path, **labels)
    assert lost_runs.end_before_start([str(tmp_path)]) == []
    monkeypatch.setattr(lost_runs, "SILENT_MINUTES", 0)
    assert [run in told for told in lost_runs.end_before_start([str(tmp_path)])] == [True]


def test_the_next_run_on_the_output_ends_it(api: str, tmp_path: Path, inbox: Path, copydesk: Command) -> None:
    gone = here(psutil.Process(), later=-3600)
    run, elsewhere = (a_run(api, tmp_path / name, **gone) for name in ("out", "other"))
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--workers", "0", env={"PREFECT_API_URL": api})
    assert done.returncode == Exit.DONE, done.stderr
    assert (state_of(api, run), state_of(api, elsewhere)) == ("CRASHED", "RUNNING")


@pytest.mark.parametrize("flow", ["process", "compact"])
def test_a_run_says_where_it_is(api: str, inbox: Path, tmp_path: Path, flow: str) -> None:
    from copydesk_flows.process import process
    from copydesk_flows.settings.overrides import Overrides
    from copydesk_flows.upkeep_flows import compact

    core.run([inbox], tmp_path / "out")
    if flow == "process":
        process([str(inbox)], str(tmp_path / "out"), None, Overrides(workers=0))
    else:
        compact(str(tmp_path / "out"))
    (run,) = [run for run in ask(api, "flow_runs") if run["parameters"].get("output") == str(tmp_path / "out")]
    assert {name: run["labels"][name] for name in (lost_runs.HOST, lost_runs.PROCESS)} == here(psutil.Process())
