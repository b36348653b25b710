"""What a flow run shows of itself at a real server: tables, tags, assets, and the way from a commit to its run and back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from copydesk import RunReport
from copydesk.engine.progress import Progress
from copydesk_flows.console.exits import Exit
from copydesk_flows.flow_steps.artifacts import asset_key
from support.command_line import TOUCHY, Command, environment
from support.prefect_api import ask, newest_run
from support.servers import until


@pytest.fixture
def run(copydesk: Command, inbox: Path, tmp_path: Path, prefect_server: str) -> dict[str, Any]:
    """A run with two articles and a quarantined page."""
    (tmp_path / "touchy.py").write_text(TOUCHY, encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["touchy.py"]\n', encoding="utf-8")
    done = copydesk("run", inbox, "--output", tmp_path / "out", "--config", tmp_path / "copydesk.toml",
                    env={"PREFECT_API_URL": prefect_server})
    assert done.returncode == Exit.QUARANTINED, done.stderr
    return newest_run(prefect_server, tmp_path / "out")


def test_counts_are_a_table(run: dict[str, Any], prefect_server: str) -> None:
    artifacts = ask(prefect_server, "artifacts", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    rows = json.loads(next(artifact["data"] for artifact in artifacts if artifact["key"] == "copydesk-counts"))
    told = {(row["kind"], row["name"]): row.get("count") for row in rows}
    for key, count in {("outcome", "written"): 2, ("outcome", "quarantined"): 1, ("rows", "articles"): 2,
                       ("rejected at stage", "label_blocks"): 1, ("reject code", "plugin_error"): 1}.items():
        assert told[key] == count, told
    assert any(row["kind"] == "removal reason" for row in rows)
    assert all(row["seconds"] >= 0 for row in rows if row["kind"] == "plugin")
    assert {tuple(row) for row in rows} == {("kind", "name", "count", "seconds", "ms a written page")}
    assert ("plugin", "extract_html") in told


def test_artifacts_are_seen_in_the_server_s_page(run: dict[str, Any], tmp_path: Path, prefect_server: str) -> None:
    """A browser shows them, and so does the page of the run, each with its links to the other."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no browser: apt-get install chromium")
    place = prefect_server.removesuffix("/api")
    artifacts = {each["key"]: each["id"] for each in ask(prefect_server, "artifacts", artifacts={"flow_run_id": {"any_": [run["id"]]}})}

    def page(path: str) -> str:
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/browser", "--virtual-time-budget=60000"]
        done = subprocess.run([browser, *options, "--dump-dom", f"{place}/{path}"], env=environment(tmp_path), capture_output=True,
                              text=True, timeout=120, check=False)
        return " ".join(re.sub("<[^>]*>", " ", done.stdout).split())

    for words, path in {"copydesk: 3 inputs": f"artifacts/artifact/{artifacts['copydesk-run']}",
                        "plugin_error": f"artifacts/artifact/{artifacts['copydesk-counts']}",
                        run["name"]: f"artifacts/artifact/{artifacts['copydesk-run']}",
                        "copydesk-look": f"runs/flow-run/{run['id']}"}.items():
        until(lambda: words in page(path), f"{words} on {path}", 60)  # noqa: B023  # called before the loop goes on


def test_tags_and_labels(run: dict[str, Any]) -> None:
    assert run["tags"] == ["copydesk", "copydesk-look"]
    assert (run["labels"]["copydesk.first_commit"], run["labels"]["copydesk.last_commit"]) == (1, 1)


def test_a_commit_leads_to_its_run(run: dict[str, Any], tmp_path: Path, copydesk: Command) -> None:
    told = json.loads((tmp_path / "out/_commits/000001.json").read_text(encoding="utf-8"))["run"]
    assert (told["flow_run"], told["flow_run_name"]) == (run["id"], run["name"])
    assert told["flow_run_url"].endswith(f"/runs/flow-run/{run['id']}")
    assert f'"flow_run": "{run["id"]}"' in copydesk("dataset", "commits", tmp_path / "out", "--json").stdout


def test_tables_are_assets(run: dict[str, Any], tmp_path: Path, prefect_server: str) -> None:
    key = f"file://{tmp_path}/out/articles"

    def events() -> Any:
        found = httpx.post(f"{prefect_server}/events/filter", timeout=30, json={
            "filter": {"event": {"name": ["prefect.asset.materialization.succeeded"]}, "resource": {"id": [key]}}})
        found.raise_for_status()
        return found.json()["events"]

    event = until(events, "the asset's event", 30)[0]
    assert event["payload"]["rows_added"] == 2
    assert any(related["prefect.resource.id"] == f"prefect.flow-run.{run['id']}" for related in event["related"])


def test_progress_is_shown_when_it_is_time(monkeypatch: pytest.MonkeyPatch, prefect_server: str) -> None:
    from prefect import flow
    from prefect.runtime import flow_run
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from copydesk_flows.flow_steps import artifacts as artifacts_module

    monkeypatch.setattr(artifacts_module, "SHOW_SECONDS", 0.0)

    @flow(name="watched")
    def watched() -> str:
        watcher = artifacts_module.Watcher(None)
        for done in (1, 3):
            watcher.hear(Progress(done, 4, {"written": done}))
            time.sleep(0.001)
            watcher.show()
        return str(flow_run.id)

    with temporary_settings({PREFECT_API_URL: prefect_server}):
        run = watched()
    found = ask(prefect_server, "artifacts", artifacts={"key": {"any_": ["copydesk-progress"]}, "flow_run_id": {"any_": [run]}})
    assert [(artifact["type"], artifact["data"], artifact["description"]) for artifact in found] == [("progress", 75.0, "3 of 4 inputs")]


def test_the_table_of_a_report() -> None:
    from copydesk_flows.flow_steps.artifacts import asset_key, table_of

    report = RunReport(inputs=3, counts={"written": 2, "rejected": 1, "ignored": 0}, codes={"empty": 1}, seconds={"fast": 0.5, "slow": 2.0})
    rows = table_of(report, Counter({"gate": 1}))
    assert [(row["kind"], row["name"], row.get("count")) for row in rows] == [
        ("outcome", "rejected", 1), ("outcome", "written", 2), ("rejected at stage", "gate", 1), ("reject code", "empty", 1),
        ("plugin", "slow", None), ("plugin", "fast", None)]
    assert rows[-2]["ms a written page"] == 1_000
    assert asset_key("s3://bucket/harbour desk/", "quotes") == "s3://bucket/harbour_desk/quotes"


def test_the_key_of_an_asset_is_never_too_long() -> None:
    from prefect.assets import Asset

    keys = [asset_key(f"/{'ж' * 250}/{name}", "quotes") for name in ("a", "b")]
    assert len(set(keys)) == 2
    assert all(len(Asset(key=key).key) <= 512 for key in keys)
