"""The card of a dataset."""

from __future__ import annotations

from pathlib import Path

import copydesk
from support.tiny_desk import desk, fill, put, story


def test_a_stale_card_is_brought_up(tmp_path: Path) -> None:
    inbox, output = fill(tmp_path / "in", 1), tmp_path / "out"
    copydesk.run([inbox], output, desk(tmp_path))
    old = (output / "README.md").read_bytes()
    put(inbox, "more.txt", story(7))
    copydesk.run([inbox], output, desk(tmp_path))
    new = (output / "README.md").read_bytes()
    (output / "README.md").write_bytes(old)
    copydesk.run([inbox], output, desk(tmp_path))
    assert (output / "README.md").read_bytes() == new != old
