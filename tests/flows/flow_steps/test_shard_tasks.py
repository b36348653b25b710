"""How the flow drives a job on a real server: order, retries, failures, waiting. The job is a stand-in; Prefect is not."""

from __future__ import annotations

import errno
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest

from copydesk import CopydeskError, RunReport
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.store.staged_part import StagedPart
from copydesk.engine import staging
from copydesk.engine.shards import Shard


class StandIn:
    """A job of a few shards whose work is what the test says."""

    def __init__(self, shards: int, faults: dict[int, list[Exception]] | None = None) -> None:
        self.shards = tuple(Shard(number, ()) for number in range(shards))
        self.faults = faults or {}
        self.calls: list[int] = []
        self.committed: list[int] = []
        self.under_way = 0
        self.most = 0
        self.closed = False
        self.stopped = False
        self.folder = tempfile.TemporaryDirectory()
        self._lock = threading.Lock()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self.under_way == 0, "the job is closed while a shard is under way"
        self.closed = True

    def process(self, shard: Shard) -> Iterator[StagedPart]:
        with self._lock:
            self.calls.append(shard.number)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            time.sleep(0.3 if shard.number == 0 else 0.01)  # the first is the slowest
            if self.faults.get(shard.number):
                raise self.faults[shard.number].pop(0)
            folder = Path(self.folder.name) / f"shard-{shard.number}"
            with staging.StageWriter(folder, SCHEMAS) as stage:
                stage.done()
            yield StagedPart(shard.number, 0, str(folder), last=True)
        finally:
            with self._lock:
                self.under_way -= 1

    def commit(self, part: StagedPart) -> None:
        self.committed.append(part.shard)

    def stop(self) -> None:
        self.stopped = True

    def finish(self) -> RunReport:
        return RunReport(output="out", inputs=len(self.committed), counts={"written": len(self.committed)}, fingerprint="f")


def drive(monkeypatch: pytest.MonkeyPatch, job: StandIn) -> RunReport:
    from copydesk_flows import process
    from copydesk_flows.flow_steps import shard_tasks
    from copydesk_flows.settings.overrides import Overrides

    monkeypatch.setattr(process, "open_job", lambda *_, **__: job)
    monkeypatch.setattr(shard_tasks.process_shard, "retry_delay_seconds", [0, 0])
    return process.run_flow(lambda: process.process(["in"], "out", None, Overrides()))


@pytest.mark.usefixtures("api")
class TestOrder:
    """Shards end in any order and are committed in theirs."""

    def test_commits_are_in_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = StandIn(7)
        assert drive(monkeypatch, job).counts == {"written": 7}
        assert job.committed == list(range(7))
        assert job.closed

    def test_no_shards(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert drive(monkeypatch, StandIn(0)).inputs == 0

    def test_only_a_few_are_under_way_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from copydesk_flows.flow_steps.shard_tasks import WIDTH

        job = StandIn(9)
        drive(monkeypatch, job)
        assert 1 <= job.most <= WIDTH

    def test_a_passing_error_is_retried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = StandIn(3, {1: [OSError(errno.EIO, "Input/output error"), ConnectionResetError()]})
        assert drive(monkeypatch, job).counts == {"written": 3}
        assert job.calls.count(1) == 3
        assert job.committed == [0, 1, 2]

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), PermissionError(errno.EACCES, "no"),
                                       CopydeskError("a defect"), ValueError("a defect")])
    def test_a_lasting_error_is_not(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        job = StandIn(6, {2: [error, error, error]})
        with pytest.raises(type(error), match=str(error.args[-1])):
            drive(monkeypatch, job)
        assert job.calls.count(2) == 1
        assert job.committed == [0, 1]
        assert job.closed

    def test_an_error_that_does_not_pass_ends_the_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = StandIn(2, {0: [OSError(errno.EIO, "Input/output error") for _ in range(5)]})
        with pytest.raises(OSError, match="Input/output error"):
            drive(monkeypatch, job)
        assert job.calls.count(0) == 3
        assert job.committed == []
