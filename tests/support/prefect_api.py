"""What a Prefect server knows, asked through its API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx


def ask(api: str, path: str, **query: Any) -> Any:
    """An answer of Prefect's API."""
    answer = httpx.post(f"{api}/{path}/filter", json=query, timeout=90)  # on SQLite it waits for who writes
    answer.raise_for_status()
    return answer.json()


def newest_run(api: str, output: Path) -> dict[str, Any]:
    """The newest run of the flow that wrote to a folder."""
    begun = {"start_time": {"is_null_": False}}  # a schedule's runs to come would fill the page
    runs = [run for run in ask(api, "flow_runs", sort="START_TIME_DESC", flow_runs=begun) if run["parameters"].get("output") == str(output)]
    assert runs, "the run is not known to the server"
    return runs[0]
