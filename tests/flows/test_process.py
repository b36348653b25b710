"""The flow on a real Prefect server: completes there, leaves its report, gives the direct run's bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from copydesk_flows.console.exits import Exit
from support.command_line import Command, part_files
from support.prefect_api import ask, newest_run


def test_a_run_completes_there_and_its_artifact_reads_back(
        copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--json", env={"PREFECT_API_URL": prefect_server})
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stderr == f"copydesk: running as a flow at {prefect_server}\n"
    run = newest_run(prefect_server, tmp_path / "out")
    assert run["state"]["type"] == "COMPLETED"
    tasks = ask(prefect_server, "task_runs", flow_runs={"id": {"any_": [run["id"]]}})
    assert sorted(task["name"].partition("-")[0] for task in tasks) == ["shard", "tables"]
    found = {artifact["key"]: artifact for artifact in ask(prefect_server, "artifacts", artifacts={"flow_run_id": {"any_": [run["id"]]}})}
    assert {key: artifact["type"] for key, artifact in found.items() if key} == {"copydesk-run": "markdown", "copydesk-counts": "table"}
    report = json.loads(done.stdout)
    for line in ("# copydesk: 3 inputs", "| written | 3 |", f"| quotes | {report['rows']['quotes']} |", report["fingerprint"]):
        assert line in found["copydesk-run"]["data"]


def test_the_bytes_are_those_of_the_direct_run(copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str) -> None:
    config = tmp_path / "copydesk.toml"
    config.write_text("[dataset]\nbatch_files = 1\n", encoding="utf-8")
    copydesk("run", inbox, "--output", tmp_path / "direct", "--direct", "--config", config)
    copydesk("run", inbox, "--output", tmp_path / "flow", "--prefect", "--config", config, env={"PREFECT_API_URL": prefect_server})
    direct = part_files(tmp_path / "direct")
    assert len([name for name in direct if "articles-" in name]) == 3
    assert direct == part_files(tmp_path / "flow")


def test_quarantined_pages_are_in_the_run_s_log(copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str) -> None:
    (tmp_path / "touchy.py").write_text(
        "import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    if 'line 2,' in document.text:\n"
        "        raise ValueError('no')\n    return []\n", encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["touchy.py"]\n', encoding="utf-8")
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--config", tmp_path / "copydesk.toml",
                    env={"PREFECT_API_URL": prefect_server})
    assert done.returncode == Exit.QUARANTINED
    run = newest_run(prefect_server, tmp_path / "out")
    assert run["state"]["type"] == "COMPLETED"
    logs = [log["message"] for log in ask(prefect_server, "logs", logs={"flow_run_id": {"any_": [run["id"]]}}) if log["level"] >= 30]
    assert len(logs) == 1
    for word in ("story-2.html", "plugin_error", "touchy", "ValueError: no"):
        assert word in logs[0]


def test_a_failed_run_is_failed_there_and_one_line_here(copydesk: Command, tmp_path: Path, prefect_server: str) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("Somebody's own.")
    done = copydesk("run", tmp_path / "in", "--output", tmp_path / "out", "--quiet", env={"PREFECT_API_URL": prefect_server})
    assert done.returncode == Exit.USAGE
    assert done.stderr.splitlines()[-1].startswith("copydesk: ")
    assert "notes.txt" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert newest_run(prefect_server, tmp_path / "out")["state"]["type"] == "FAILED"


def test_a_server_that_does_not_answer_is_one_line(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--quiet", env={"PREFECT_API_URL": "http://127.0.0.1:9/api"})
    assert done.returncode == Exit.FAILURE
    assert "does not answer" in done.stderr
    assert "--direct" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("parameters", [{"inputs": []}, {"inputs": "x", "settings": {"workers": -1}}, {"settings": {"wokers": 1}}])
def test_wrong_parameters_are_refused_before_any_work(prefect_server: str, tmp_path: Path, parameters: dict[str, Any]) -> None:
    from prefect.exceptions import ParameterTypeError
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from copydesk_flows.process import process

    with temporary_settings({PREFECT_API_URL: prefect_server}), pytest.raises(ParameterTypeError):
        process(**{"inputs": [str(tmp_path)], "output": str(tmp_path / "out")} | parameters)
    assert not (tmp_path / "out").exists()
