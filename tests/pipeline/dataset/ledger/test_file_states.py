"""States of files: what is known of a file that did not change."""

from __future__ import annotations

from pathlib import Path

from copydesk.dataset.ledger.file_states import FileStates, FileTally


def test_tallies_of_one_file_add_up(tmp_path: Path) -> None:
    states = FileStates(tmp_path / "files.sqlite")
    states.begin("f")
    states.note([FileTally("a", "s", "a", 3, 1), FileTally("b", "s", "b", 1, 0, whole=False)])
    states.note([FileTally("a", "s", "a", 2, 0), FileTally("b", "s", "b", 1, 0)])
    assert states.known("a", "s") is None
    states.keep()
    assert (states.known("a", "s"), states.known("a", "t"), states.known("b", "s")) == ((5, 1), None, None)
    states.begin("f")
    states.forget(["a"])
    assert states.known("a", "s") == (5, 1)
    states.keep()
    assert states.known("a", "s") is None
    states.close()
