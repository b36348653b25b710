"""What a person at a terminal sees of a run, and what a program does: progress and colour there, neither here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.command_line import Command, at_terminal

ESCAPE = re.compile("\x1b")


def test_a_terminal_shows_progress_and_a_closing_table(inbox: Path, tmp_path: Path) -> None:
    said = at_terminal(tmp_path, "run", inbox, "--output", tmp_path / "out", "--direct", "--workers", "0")
    assert ESCAPE.search(said)
    assert "3/3" in said
    assert "left" in said
    assert "written 3" in said
    plain = re.sub(r"\x1b\[[0-9;?]{0,20}[a-zA-Z]", "", said)
    assert re.search(r"written +3", plain.rpartition("3 inputs")[2])
    assert "dataset: " in plain


def test_quiet_is_quiet_at_a_terminal_too(inbox: Path, tmp_path: Path) -> None:
    assert at_terminal(tmp_path, "run", inbox, "--output", tmp_path / "out", "--direct", "--workers", "0", "--quiet") == ""


def test_no_color_means_none(inbox: Path, tmp_path: Path) -> None:
    said = at_terminal(tmp_path, "inspect", inbox / "story-1.html", NO_COLOR="1")
    assert "Ferry line to reopen" in said
    assert not re.search(r"\x1b\[[0-9;]{0,9}3[0-9]m", said)


@pytest.mark.parametrize("arguments", [["run", "IN", "--direct"], ["run", "IN", "--direct", "--json"], ["inspect", "IN/story-1.html"],
                                       ["plugins"], ["schema"]])
def test_a_pipe_gets_no_escapes(arguments: list[str], copydesk: Command, inbox: Path) -> None:
    done = copydesk(*(each.replace("IN", str(inbox)) for each in arguments))
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert not ESCAPE.search(done.stdout + done.stderr)
