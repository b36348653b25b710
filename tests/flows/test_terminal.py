"""What a person at a terminal sees of a run, and what a program does: progress and colour there, neither here; completion; examples."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from flows_support import at_terminal

from conftest import Command

COMMANDS = [["run"], ["retry"], ["reprocess"], ["backfill"], ["deploy"], ["inspect"], ["report"], ["plugins"], ["plugins", "list"],
            ["plugins", "new"], ["plugins", "check"], ["schema"], ["serve"],
            ["dataset", "check"], ["dataset", "compact"], ["dataset", "erase"], ["dataset", "commits"], ["dataset", "changes"],
            ["dataset", "export"]]
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


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_examples_of_itself(command: list[str], copydesk: Command) -> None:
    text = copydesk(*command, "--help").stdout
    lines = [line.strip() for line in text.partition("Examples:")[2].partition("Exit codes")[0].splitlines() if line.strip()]
    assert lines
    options = set(re.findall(r"--[a-z-]+", text.partition("Examples:")[0]))
    for line in lines:
        assert f"copydesk {' '.join(command)}" in line
        assert {word for word in shlex.split(line, comments=True) if word.startswith("--")} <= options


def test_all_commands_are_among_those(copydesk: Command) -> None:
    listed = copydesk("--help").stdout.partition("Commands:")[2]
    assert {line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2:3] != " "} == {
        command[0] for command in COMMANDS} | {"learn"}


@pytest.mark.parametrize(("words", "wanted"), [("copydesk rep", {"report", "reprocess"}), ("copydesk dataset ch", {"check", "changes"}),
                                               ("copydesk run --qu", {"--quiet"})])
def test_the_shell_completes(words: str, wanted: set[str], copydesk: Command) -> None:
    env = {"_COPYDESK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    assert set(copydesk(env=env).stdout.split()) == wanted
