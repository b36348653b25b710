"""Runs that seem lost and runs that wait for the dataset, at a real server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from servers_support import until
from test_flow_real import ask

import copydesk
from copydesk import store
from copydesk_flows import lost
from copydesk_flows.seen import asset_key


@pytest.fixture
def api(prefect_server: str) -> Iterator[str]:
    """The session's server as the one that prefect uses in this process."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect_server}):
        yield prefect_server


def post(api: str, path: str, **body: Any) -> Any:
    def answered() -> httpx.Response | None:
        answer = httpx.post(f"{api}/{path}", json=body, timeout=90)
        return None if answer.status_code == 503 else answer  # SQLite is busy

    answer = until(answered, path)
    answer.raise_for_status()
    return answer.json()


def a_run(api: str, flow: str, output: Path, state: str) -> str:
    """A run at the server, in a state that nobody will change."""
    identity: str = post(api, "flow_runs/", flow_id=post(api, "flows/", name=flow)["id"], parameters={"output": str(output)})["id"]
    post(api, f"flow_runs/{identity}/set_state", state={"type": state}, force=True)
    return identity


def state_of(api: str, run: str) -> str:
    found: str = ask(api, "flow_runs", flow_runs={"id": {"any_": [run]}})[0]["state"]["type"]
    return found


def later(seconds: float, work: Callable[[], object]) -> threading.Thread:
    def wait() -> None:
        time.sleep(seconds)
        work()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@contextmanager
def held(output: Path) -> Iterator[None]:
    """Somebody else holds the dataset, for six seconds."""
    place = store.at(output)
    place.prepare()
    lock = place.lock()
    lock.take()
    gone = later(6, lock.release)
    yield
    gone.join()


@pytest.mark.parametrize(("flow", "state"), [("retry", "RUNNING"), ("process", "CANCELLING")])
def test_what_a_machine_left_is_ended_before_a_start(api: str, tmp_path: Path, flow: str, state: str) -> None:
    store.at(tmp_path / "out").prepare()
    run = a_run(api, flow, tmp_path / "out", state)
    with store.at(tmp_path / "out").lock():
        assert lost.end_before_start([str(tmp_path / "out")]) == []  # somebody holds it
    assert state_of(api, run) == state
    assert [run in told for told in lost.end_before_start([str(tmp_path / "out")])] == [True]
    assert state_of(api, run) == "CRASHED"


def test_a_run_on_another_machine_is_not_lost_for_what_holds_here(api: str, tmp_path: Path) -> None:
    store.at(tmp_path / "out").prepare()
    here, there = (a_run(api, "process", tmp_path / "out", "RUNNING") for _ in range(2))
    for run, host in ((here, socket.gethostname()), (there, "another-machine")):
        label = partial(httpx.patch, f"{api}/flow_runs/{run}/labels", json={lost.HOST: host}, timeout=90)
        until(lambda label=label: label().is_success, "the run is labelled")
    assert [here in told for told in lost.end_before_start([str(tmp_path / "out")])] == [True]
    assert (state_of(api, here), state_of(api, there)) == ("CRASHED", "RUNNING")


def test_a_run_says_which_machine_it_is_on(api: str, inbox: Path, tmp_path: Path) -> None:
    from copydesk_flows.options import Overrides
    from copydesk_flows.process import process

    process([str(inbox)], str(tmp_path / "out"), None, Overrides(workers=0))
    runs = [run for run in ask(api, "flow_runs") if run["parameters"].get("output") == str(tmp_path / "out")]
    assert [run["labels"][lost.HOST] for run in runs] == [socket.gethostname()]


def test_a_run_that_is_about_to_end_is_not_lost(api: str, tmp_path: Path) -> None:
    store.at(tmp_path / "out").prepare()
    run = a_run(api, "process", tmp_path / "out", "RUNNING")
    ends = later(1, lambda: post(api, f"flow_runs/{run}/set_state", state={"type": "COMPLETED"}, force=True))
    assert lost.end_before_start([str(tmp_path / "out")]) == []
    ends.join()
    assert state_of(api, run) == "COMPLETED"


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Flows in this process believe that they run for a deployment, and do not wait for long."""
    from prefect.context import _deployment_id

    from copydesk_flows import upkeep_flows

    monkeypatch.setattr(upkeep_flows, "WAIT_SECONDS", 0.5)
    token = _deployment_id.set(uuid4())
    yield
    _deployment_id.reset(token)


@pytest.mark.usefixtures("api", "deployed")
def test_a_portion_of_a_deployed_backfill_waits_for_the_dataset(inbox: Path, tmp_path: Path) -> None:
    from copydesk_flows.options import Overrides
    from copydesk_flows.upkeep_flows import backfill

    with held(tmp_path / "out"):
        report = backfill([str(inbox)], str(tmp_path / "out"), None, Overrides(workers=0))
    assert report.counts["written"] == 3


@pytest.mark.usefixtures("deployed")
def test_a_deployed_compaction_waits_for_the_dataset_and_is_not_lost_meanwhile(api: str, inbox: Path, tmp_path: Path) -> None:
    from copydesk_flows.upkeep_flows import compact

    for page in sorted(inbox.iterdir()):
        copydesk.run([page], tmp_path / "out")
    run = a_run(api, "compact", tmp_path / "out", "RUNNING")
    with held(tmp_path / "out"):
        assert compact(str(tmp_path / "out")).before == 3
    assert lost.end_before_start([str(tmp_path / "out")]) == []
    assert state_of(api, run) == "RUNNING"


def test_the_key_of_an_asset_is_never_too_long() -> None:
    from prefect.assets import Asset

    keys = [asset_key(f"/{'ж' * 250}/{name}", "quotes") for name in ("a", "b")]
    assert len(set(keys)) == 2
    assert all(len(Asset(key=key).key) <= 512 for key in keys)
