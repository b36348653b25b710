"""Deployed flows of maintenance wait for the dataset, at a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

import copydesk as core
from copydesk.dataset.store.opening import open_store


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
    place = open_store(output)
    place.prepare()
    lock = place.lock()
    lock.take()
    gone = later(6, lock.release)
    yield
    gone.join()


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
    from copydesk_flows.settings.overrides import Overrides
    from copydesk_flows.upkeep_flows import backfill

    with held(tmp_path / "out"):
        report = backfill([str(inbox)], str(tmp_path / "out"), None, Overrides(workers=0))
    assert report.counts["written"] == 3


@pytest.mark.usefixtures("api", "deployed")
def test_a_deployed_compaction_waits_for_the_dataset(inbox: Path, tmp_path: Path) -> None:
    from copydesk_flows.upkeep_flows import compact

    for page in sorted(inbox.iterdir()):
        core.run([page], tmp_path / "out")
    with held(tmp_path / "out"):
        assert compact(str(tmp_path / "out")).before == 3
