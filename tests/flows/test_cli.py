"""The command line itself: help, version, usage errors, listings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from copydesk_flows.console.exits import EXIT_CODES, Exit
from support.command_line import Command


def one_line(text: str) -> str:
    """The one line that an error is."""
    assert text.startswith("copydesk: ")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    return text.strip()


def test_help_names_every_exit_code(copydesk: Command) -> None:
    done = copydesk("--help")
    text = " ".join(done.stdout.split())
    assert done.returncode == 0
    for code, meaning in EXIT_CODES.items():
        assert f"{code.value} {meaning}" in text
    assert set(EXIT_CODES) == set(Exit)


def test_no_command_shows_the_help(copydesk: Command) -> None:
    assert copydesk().stdout == copydesk("--help").stdout


def test_version(copydesk: Command) -> None:
    done = copydesk("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "copydesk")


@pytest.mark.parametrize(("arguments", "says"), [
    (["rum"], "No such command 'rum'"),
    (["run"], "INPUT"),
    (["run", "x", "--wokers", "2"], "No such option"),
    (["run", "x", "--workers", "many"], "--workers"),
    (["run", "x", "--page-types", "article,novel"], "page_types"),
    (["run", "x", "--config", "absent.toml"], "cannot read settings"),
    (["inspect", "absent.html"], "absent.html"),
    (["schema", "quoets"], "articles, quotes, removals, claims, rejects"),
    (["serve", "absent", "--every", "5s"], "is no folder"),
    (["serve", "."], "--every 15m"),
    (["serve", ".", "--every", "5 minutes"], "is no time"),
    (["serve", ".", "--every", "0s"], "above zero"),
    (["serve", ".", "--every", "5s", "--cron", "* * * * *"], "either"),
    (["serve", ".", "--cron", "every day"], "no cron line"),
])
def test_wrong_usage_is_one_line_and_exit_2(copydesk: Command, arguments: list[str], says: str) -> None:
    done = copydesk(*arguments)
    assert done.returncode == Exit.USAGE, done.stderr
    assert says in one_line(done.stderr)
    assert done.stdout == ""


def test_an_unknown_setting_lists_the_known_ones(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").write_text("[limits]\npage_byte = 3\n", encoding="utf-8")
    done = copydesk("plugins", "--config", tmp_path / "copydesk.toml")
    assert done.returncode == Exit.USAGE
    assert "page_bytes" in one_line(done.stderr)


def test_the_settings_file_of_the_working_folder_is_read(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "copydesk.toml").write_text('colour = "red"\n', encoding="utf-8")
    assert "colour" in one_line(copydesk("plugins", cwd=tmp_path).stderr)


def test_debug_shows_the_traceback(copydesk: Command) -> None:
    done = copydesk("plugins", "--config", "absent.toml", "--debug")
    assert done.returncode == Exit.USAGE
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("copydesk: cannot read settings")


def test_a_plugin_that_cannot_be_loaded_is_named(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["broken.py"]\n', encoding="utf-8")
    done = copydesk("plugins", "--config", tmp_path / "copydesk.toml")
    assert done.returncode == Exit.USAGE
    assert "'broken'" in one_line(done.stderr)
    assert "ZeroDivisionError" in done.stderr


def test_a_pipe_gets_the_head_of_a_page_as_one_line(copydesk: Command, root: Path) -> None:
    url = f"https://harbour.example/{'a' * 12_000}"
    assert copydesk("inspect", root / "seeds" / "wire-story.txt", "--url", url).stdout.splitlines()[0].endswith(url)


COMMANDS = [["run"], ["retry"], ["reprocess"], ["backfill"], ["deploy"], ["inspect"], ["report"], ["plugins"], ["plugins", "list"],
            ["plugins", "new"], ["plugins", "check"], ["schema"], ["serve"],
            ["dataset", "check"], ["dataset", "compact"], ["dataset", "erase"], ["dataset", "commits"], ["dataset", "changes"],
            ["dataset", "export"]]


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
