"""Deployments to a work pool, on SQLite and on PostgreSQL: real servers, a real worker, runs that take only what is new."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from copydesk_flows.console.exits import Exit
from support.command_line import Command, environment
from support.places import ROOT
from support.prefect_api import ask
from support.served_inbox import put, taking, written
from support.servers import a_worker, slow, until


@pytest.fixture(params=[pytest.param("sqlite", marks=slow), "postgresql"])
def api(request: pytest.FixtureRequest) -> str:
    """A real server, on either database."""
    url: str = request.getfixturevalue("prefect_server" if request.param == "sqlite" else "postgres_server")
    return url


def desk(folder: Path, *more: str, every: str = "1h") -> Path:
    """Settings with an inbox. One that is due every few seconds keeps the server busy until it is deployed anew."""
    (folder / "inbox").mkdir(exist_ok=True)
    config = folder / "desk.toml"
    config.write_text(f"[inboxes.{folder.name}]\ninbox = 'inbox'\noutput = 'out'\nevery = '{every}'\nsettle = '10m'\nworkers = 0\n"
                      + "".join(more), encoding="utf-8")
    return config


def deployment(api: str, name: str) -> dict[str, Any]:
    """A deployment by its name."""
    found: list[dict[str, Any]] = ask(api, "deployments", deployments={"name": {"any_": [name]}})
    assert len(found) == 1
    return found[0]


def spans(api: str, runs: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """When each run was under way, from its state Running to the next one; in order. A run that was cancelled before is none."""
    found = []
    for run in runs:
        answer = httpx.get(f"{api}/flow_run_states/", params={"flow_run_id": run["id"]}, timeout=30)
        answer.raise_for_status()
        states = sorted(answer.json(), key=lambda state: state["timestamp"])
        found += [(state["timestamp"], after["timestamp"]) for state, after in pairwise(states) if state["type"] == "RUNNING"]
    return sorted(found)


def test_three_runs_by_a_worker(tmp_path: Path, copydesk: Command, api: str) -> None:
    config, output, pool = desk(tmp_path, every="4s"), tmp_path / "out", f"pool-{tmp_path.name[-24:].replace('_', '-')}"
    put(tmp_path / "inbox", 0)
    done = copydesk("deploy", "--config", config, "--pool", pool, env={"PREFECT_API_URL": api})
    assert done.returncode == Exit.DONE, done.stderr
    assert f"deployed process/{tmp_path.name}" in done.stderr
    with a_worker(tmp_path, api, pool):
        for number in range(3):
            until(lambda: len(taking(api, output)) > number, f"run {number + 1}")  # noqa: B023  # called before the loop goes on
            if number < 2:
                put(tmp_path / "inbox", number + 1)
                put(tmp_path / "inbox", 99, age=0)
    assert taking(api, output) == [{"written": 1}, {"written": 1, "unchanged": 1}, {"written": 1, "unchanged": 2}]
    assert written(output) == ["story-0.html", "story-1.html", "story-2.html"]
    runs = [run for run in ask(api, "flow_runs") if run["parameters"].get("output") == str(output)]
    under_way = spans(api, runs)
    assert len(under_way) >= 3
    assert [(before, after) for before, after in pairwise(under_way) if after[0] < before[1]] == []
    assert {run["state"]["type"] for run in runs} <= {"COMPLETED", "CANCELLED", "SCHEDULED", "PENDING", "RUNNING", "CRASHED"}
    assert copydesk("dataset", "check", output).returncode == Exit.DONE
    copydesk("deploy", "--config", desk(tmp_path), "--pool", pool, env={"PREFECT_API_URL": api})


def test_what_is_gone_from_the_settings_is_pruned(tmp_path: Path, copydesk: Command, prefect_server: str) -> None:
    env = {"PREFECT_API_URL": prefect_server}
    config = desk(tmp_path, "[inboxes.old]\nflow = 'compact'\noutput = 'out'\ncron = '0 3 * * sun'\n")
    assert copydesk("deploy", "--config", config, env=env).returncode == Exit.DONE
    assert deployment(prefect_server, "old")["entrypoint"] == "copydesk_flows.upkeep_flows.compact"
    desk(tmp_path)
    assert "compact/old was deployed before" in copydesk("deploy", "--config", config, env=env).stderr
    assert "deleted compact/old" in copydesk("deploy", "--config", config, "--prune", env=env).stderr
    assert ask(prefect_server, "deployments", deployments={"name": {"any_": ["old"]}}) == []


def test_what_other_settings_deployed_is_not_pruned(tmp_path: Path, copydesk: Command, prefect_server: str) -> None:
    env = {"PREFECT_API_URL": prefect_server}
    (tmp_path / "other").mkdir()
    other = desk(tmp_path / "other", "[inboxes.theirs]\nflow = 'compact'\noutput = 'out'\ncron = '0 3 * * sun'\n")
    assert copydesk("deploy", "--config", other, env=env).returncode == Exit.DONE
    assert "theirs" not in copydesk("deploy", "--config", desk(tmp_path), "--prune", env=env).stderr
    assert deployment(prefect_server, "theirs")["entrypoint"] == "copydesk_flows.upkeep_flows.compact"


@pytest.mark.parametrize(("parameters", "words"), [
    ({"inputs": []}, "inputs.*should be non-empty|inputs.*too short"), ({"output": 7}, "output.*7 is not of type 'string'"),
    ({"settings": {"workers": -1}}, "workers|settings"), ({"settings": {"wokers": 1}}, "wokers|settings")])
def test_wrong_parameters_are_refused_by_the_server(tmp_path: Path, copydesk: Command, prefect_server: str, parameters: dict[str, Any],
                                                    words: str) -> None:
    config = desk(tmp_path)
    assert copydesk("deploy", "--config", config, env={"PREFECT_API_URL": prefect_server}).returncode == Exit.DONE
    identity = deployment(prefect_server, tmp_path.name)["id"]
    answer = httpx.post(f"{prefect_server}/deployments/{identity}/create_flow_run", json={"parameters": parameters}, timeout=30)
    assert answer.status_code in (409, 422), answer.text
    assert re.search(words, answer.json()["detail"]), answer.text


@pytest.mark.parametrize(("lines", "words"), [
    ("", "write [inboxes.<name>]"),
    ("[inboxes.a]\ninbox = 'inbox'\nevry = '3s'\n", "inboxes.a: unknown key 'evry' (known: flow, inbox, output, every"),
    ("[inboxes.a]\ninbox = 'inbox'\n", "inboxes.a: say when to run"),
    ("[inboxes.a]\ninbox = 'nowhere'\nevery = '3s'\n", "is no folder"),
    ("[inboxes.a]\ninbox = 'inbox'\nevery = '3s'\nflow = 'proces'\n", "'proces' is not process, retry"),
    ("[inboxes.a]\nevery = '3s'\n", "name an inbox"),
    ("[inboxes.a]\ncron = '61 * * * *'\ninbox = 'inbox'\n", "minute 61 is not from 0 to 59")])
def test_what_is_wrong_in_the_settings_is_one_line(tmp_path: Path, copydesk: Command, lines: str, words: str) -> None:
    desk(tmp_path).write_text(lines, encoding="utf-8")
    done = copydesk("deploy", "--config", tmp_path / "desk.toml", env={"PREFECT_API_URL": "http://127.0.0.1:9/api"})
    assert done.returncode == Exit.USAGE, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_server_deploy_says_what_it_needs(tmp_path: Path, copydesk: Command) -> None:
    done = copydesk("deploy", "--config", desk(tmp_path))
    assert (done.returncode, "PREFECT_API_URL" in done.stderr) == (Exit.USAGE, True)


@slow
def test_prefect_deploys_our_yaml(tmp_path: Path, prefect_server: str) -> None:
    shutil.copy(ROOT / "prefect.yaml", tmp_path)
    environ = environment(tmp_path, PREFECT_API_URL=prefect_server, PWD=str(tmp_path))
    for arguments in (["work-pool", "create", "copydesk", "--type", "process"], ["--no-prompt", "deploy", "--all"]):
        done = subprocess.run([sys.executable, "-m", "prefect", *arguments], env=environ, cwd=tmp_path, capture_output=True, text=True,
                              timeout=120, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode == 0 or "already exists" in done.stdout + done.stderr, done.stdout + done.stderr
    found = {each["name"]: each for each in (deployment(prefect_server, "inbox"), deployment(prefect_server, "compaction"))}
    assert found["inbox"]["parameters"]["inputs"] == [f"{tmp_path}/inbox"]
    for each in found.values():
        assert each["work_pool_name"] == "copydesk"
        assert each["global_concurrency_limit"]["limit"] == 1
        assert each["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
        assert each["enforce_parameter_schema"]
