"""``retry``, ``reprocess`` and ``backfill``: what they look at, what they leave alone, and the same as flows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from copydesk_flows.console.exits import Exit
from support.command_line import Command, story
from support.prefect_api import ask
from support.servers import slow


@pytest.fixture(params=["direct", pytest.param("flow", marks=slow)])
def how(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The options of a command, and its environment: without an orchestrator, or as a flow."""
    if request.param == "direct":
        return {"options": ["--direct"], "env": {}}
    return {"options": ["--prefect"], "env": {"PREFECT_API_URL": request.getfixturevalue("prefect_server")}}


def told(copydesk: Command, how: dict[str, Any], *arguments: str | Path, code: Exit = Exit.DONE) -> dict[str, Any]:
    """The report of a command."""
    done = copydesk(*arguments, *how["options"], "--workers", "0", "--json", env=how["env"])
    assert done.returncode == code, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def some(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def plugin(folder: Path, body: str) -> Path:
    """Settings with a plugin; another body is another fingerprint."""
    (folder / "touchy.py").write_text(f"import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    {body}\n    return []\n",
                                      encoding="utf-8")
    config = folder / "copydesk.toml"
    config.write_text('plugins = ["touchy.py"]\n[dataset]\nbatch_files = 2\n', encoding="utf-8")
    return config


def fingerprints(output: Path) -> dict[str, set[str]]:
    """The fingerprints of a dataset's rows by source path."""
    found: dict[str, set[str]] = {}
    for file in output.glob("data/*/articles-*.parquet"):
        for row in pq.read_table(file, columns=["source_path", "fingerprint"]).to_pylist():
            found.setdefault(row["source_path"], set()).add(row["fingerprint"])
    return found


def test_retry_looks_only_at_rejects(copydesk: Command, inbox: Path, tmp_path: Path, how: dict[str, Any]) -> None:
    config, output = plugin(tmp_path, "assert 'line 2,' not in document.text"), tmp_path / "out"
    told(copydesk, how, "run", inbox, "--output", output, "--config", config, code=Exit.QUARANTINED)
    (inbox / "story-7.html").write_text(story(7), encoding="utf-8")  # new: no reject
    plugin(tmp_path, "pass")
    report = told(copydesk, how, "retry", inbox, "--output", output, "--config", config)
    assert some(report["counts"]) == {"written": 1}
    assert sorted(fingerprints(output)) == ["story-0.html", "story-1.html", "story-2.html"]
    assert told(copydesk, how, "retry", inbox, "--output", output, "--config", config)["inputs"] == 0
    assert copydesk("dataset", "check", output).returncode == Exit.DONE


def test_reprocess_makes_older_rows_anew_and_lists_the_missing(
        copydesk: Command, inbox: Path, tmp_path: Path, how: dict[str, Any]) -> None:
    config, output = plugin(tmp_path, "pass"), tmp_path / "out"
    first = told(copydesk, how, "run", inbox, "--output", output, "--config", config)
    plugin(tmp_path, "'another version'")
    (inbox / "story-0.html").unlink()
    (inbox / "story-7.html").write_text(story(7), encoding="utf-8")  # new: gave no row before
    told(copydesk, how, "run", inbox / "story-7.html", "--output", output, "--config", config)
    report = told(copydesk, how, "reprocess", inbox, "--output", output, "--config", config)
    assert some(report["counts"]) == {"written": 2}
    assert report["fingerprint"] != first["fingerprint"]
    assert [(row["source_path"], row["fingerprint"]) for row in report["missing"]["first"]] == [("story-0.html", first["fingerprint"])]
    assert report["missing"]["count"] == 1
    old, new = {first["fingerprint"]}, {report["fingerprint"]}
    assert fingerprints(output) == {"story-0.html": old, "story-1.html": new, "story-2.html": new, "story-7.html": new}
    again = told(copydesk, how, "reprocess", inbox, "--output", output, "--config", config)
    assert (again["inputs"], again["commits"], again["missing"]["count"]) == (0, [], 1)
    assert copydesk("dataset", "check", output).returncode == Exit.DONE


def test_backfill_takes_portions_in_order(copydesk: Command, tmp_path: Path, how: dict[str, Any]) -> None:
    archive, output = tmp_path / "archive", tmp_path / "out"
    for number, month in enumerate(("2024-01", "2024-02", "2024-03")):
        (archive / month).mkdir(parents=True)
        (archive / month / "story.html").write_text(story(number), encoding="utf-8")
    report = told(copydesk, how, "backfill", archive, "--output", output, "--from", "2024-02", "--newest-first")
    assert (some(report["counts"]), report["commits"]) == ({"written": 2}, [1, 2])
    first = next(output.glob("data/batch=000001-*/articles-00000.parquet"))
    assert pq.read_table(first)["source_path"].to_pylist() == ["2024-03/story.html"]
    report = told(copydesk, how, "backfill", archive, "--output", output)
    assert some(report["counts"]) in ({"written": 1, "unchanged": 2}, {"written": 1, "unchanged": 2, "ignored": 0})
    assert sorted(fingerprints(output)) == ["2024-01/story.html", "2024-02/story.html", "2024-03/story.html"]
    done = copydesk("backfill", archive, "--output", output, "--from", "2025", *how["options"], env=how["env"])
    assert done.returncode == Exit.USAGE
    assert "2024-01, 2024-02, 2024-03" in done.stderr


def test_portions_are_runs_below_one(copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str) -> None:
    done = copydesk("backfill", inbox, "--output", tmp_path / "out", "--quiet", "--workers", "0", env={"PREFECT_API_URL": prefect_server})
    assert done.returncode == Exit.DONE, done.stderr
    runs = [run for run in ask(prefect_server, "flow_runs") if run["parameters"].get("output") == str(tmp_path / "out")]
    assert sorted(run["name"] for run in runs if run["parent_task_run_id"]) == [f"backfill story-{number}.html" for number in range(3)]
    assert {run["state"]["type"] for run in runs} == {"COMPLETED"}
    assert len(runs) == 4


def test_retry_is_an_option_of_run(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    (inbox / "bad.html").write_bytes(b"\0" * 100)
    first = json.loads(copydesk("run", inbox, "--output", tmp_path / "out", "--json").stdout)["counts"]
    assert json.loads(copydesk("run", inbox, "--output", tmp_path / "out", "--json").stdout)["counts"]["unchanged"] == 4
    again = json.loads(copydesk("run", inbox, "--output", tmp_path / "out", "--json", "--retry").stdout)["counts"]
    assert (again["unchanged"], again["written"]) == (3, 0)
    assert (again["rejected"], again["quarantined"]) == (first["rejected"], first["quarantined"])
