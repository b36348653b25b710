"""An inbox that is served: pages put into it, and what the runs on it took."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from support.command_line import story
from support.prefect_api import ask


def completed(api: str, output: Path) -> list[dict[str, Any]]:
    runs = ask(api, "flow_runs", sort="START_TIME_ASC", flow_runs={"state": {"type": {"any_": ["COMPLETED"]}}})
    return [run for run in runs if run["parameters"].get("output") == str(output)]


def reports(api: str, run: dict[str, Any]) -> str:
    found = ask(api, "artifacts", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    return "".join(artifact["data"] for artifact in found if artifact["type"] == "markdown")  # not the progress of a slow one


def counts(api: str, run: dict[str, Any]) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r"\| (written|unchanged) \| (\d+) \|", reports(api, run))}


def taking(api: str, output: Path) -> list[dict[str, int]]:
    """The counts of the completed runs that had something to take, in order."""
    found = [counts(api, run) for run in completed(api, output)]
    return [each for each in found if each.get("written")]


def put(inbox: Path, number: int, age: float = 3600) -> None:
    path = inbox / f"story-{number}.html"
    path.write_text(story(number), encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))


def written(output: Path) -> list[str]:
    return sorted(name for file in output.glob("data/*/articles-*.parquet") for name in pq.read_table(file)["source_path"].to_pylist())
