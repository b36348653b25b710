"""The state of a dataset, read from its commits."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk.dataset.format import commits, layout
from copydesk.dataset.store import batches
from support.tiny_desk import desk, fill


def test_the_state_is_the_same_from_a_full_list_and_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHECKPOINT", 3)
    output = tmp_path / "out"
    copydesk.run([fill(tmp_path / "in", 8)], output, desk(tmp_path, dataset={"batch_files": 1}))
    where = layout.Layout(output)
    assert [commits.read_commit(where, number).live is not None for number in range(1, 9)] == [number % 3 == 0 for number in range(1, 9)]
    for number in range(1, 9):
        assert [layout.batch_number(name) for name in commits.state_at(where, number).live] == list(range(1, number + 1))
