"""A batch is retired at each moment of a reader's work in turn: the reader must have all rows of its commit, wherever they lie by then."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import copydesk
from support.fault_runs import quoting, speaking
from support.tiny_desk import put

LOOKS = ((os, "stat"), (os, "scandir"), (os, "listdir"), (pq, "read_table"), (pq, "ParquetFile"), (pq, "read_schema"))


class Mover:
    """Does something before the call of that number."""

    def __init__(self, at: int, work: Callable[[], None]) -> None:
        self.left = at
        self._work = work

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Count the calls by which a reader looks at files."""
        for where, name in LOOKS:
            monkeypatch.setattr(where, name, self._watched(getattr(where, name)))

    def _watched(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self._work()
            return real(*values, **named)

        return call


def test_a_batch_that_is_retired_at_any_moment_of_a_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        put(tmp_path / "in", f"story-{number}.txt", quoting(number))
    output, away = tmp_path / "out", tmp_path / "out/_retired/000002"
    copydesk.run([tmp_path / "in"], output, speaking(tmp_path))
    batch = next(output.glob("data/*"))
    whole = copydesk.open_dataset(output).table("articles")

    def retire() -> None:
        os.mkdir(away)  # noqa: PTH102  # not by what is watched
        os.rename(batch, away / batch.name)  # noqa: PTH104  # the same

    faults: dict[int, str] = {}
    moment, done = 0, False
    while not done:
        moment += 1
        opened = copydesk.open_dataset(output)
        with monkeypatch.context() as patched:
            mover = Mover(moment, retire)
            mover.watch(patched)
            try:
                rows = opened.table("articles").num_rows
                if rows != whole.num_rows:
                    faults[moment] = f"{rows} of {whole.num_rows} rows, and no error"
            except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
                faults[moment] = f"{type(error).__name__}: {error}"
        done = mover.left > 0
        if not done:
            (away / batch.name).rename(batch)
            shutil.rmtree(away)
    assert moment > 2
    assert faults == {}
