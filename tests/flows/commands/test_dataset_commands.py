"""``copydesk dataset``: what it prints, what it asks, how it ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import copydesk as core
from copydesk_flows.console.exits import Exit
from support.command_line import Command, environment, story
from support.dataset_rows import rows


@pytest.fixture
def output(copydesk: Command, inbox: Path, tmp_path: Path) -> Path:
    """A dataset of two commits."""
    assert copydesk("run", inbox, "--output", tmp_path / "out", "--quiet").returncode == 0
    (inbox / "more.html").write_text(story(7), encoding="utf-8")
    assert copydesk("run", inbox, "--output", tmp_path / "out", "--quiet").returncode == 0
    return tmp_path / "out"


def test_check_says_that_all_is_well_and_names_damage(copydesk: Command, output: Path) -> None:
    done = copydesk("dataset", "check", output)
    assert done.returncode == Exit.DONE, done.stderr
    assert done.stdout.startswith("commit 2, 2 batches, 4 articles")
    assert "everything agrees" in done.stdout
    path = min(output.glob("data/*/quotes-*.parquet"))
    path.write_bytes(b"torn")
    done = copydesk("dataset", "check", output)
    assert done.returncode == Exit.DAMAGED
    assert any(line.startswith(f"damage: {path.parent.name}/{path.name}: ") and "SHA-256" in line for line in done.stdout.splitlines())
    assert "findings of damage" in done.stdout.splitlines()[-1]
    told = json.loads(copydesk("dataset", "check", output, "--json").stdout)
    assert told["ok"] is False
    assert {finding["level"] for finding in told["findings"]} == {"damage"}


def test_check_of_an_older_commit_and_of_none(copydesk: Command, output: Path) -> None:
    assert json.loads(copydesk("dataset", "check", output, "--commit", "1", "--json").stdout)["commit"] == 1
    done = copydesk("dataset", "check", output, "--commit", "9")
    assert (done.returncode, done.stdout) == (Exit.FAILURE, "")
    assert "no commit 9" in done.stderr


def test_compact_says_what_it_did(copydesk: Command, output: Path) -> None:
    assert copydesk("dataset", "compact", output).stdout == "2 batches are 1 now (commit 3)\n"
    assert copydesk("dataset", "compact", output).stdout == "nothing to do\n"
    assert json.loads(copydesk("dataset", "compact", output, "--json").stdout) == {"commits": [], "before": 1, "after": 1}
    assert copydesk("dataset", "compact", output, "--target-mb", "-1").returncode == Exit.USAGE


def test_erase_needs_a_yes_and_says_what_it_costs(copydesk: Command, output: Path) -> None:
    article = core.open_dataset(output).table("articles").to_pylist()[0]
    done = copydesk("dataset", "erase", output, article["article_id"])
    assert done.returncode == Exit.USAGE
    assert "--yes" in done.stderr
    assert core.open_dataset(output).table("articles").num_rows == 4
    done = copydesk("dataset", "erase", output, article["canonical_url"], "--yes")
    assert done.returncode == Exit.DONE, done.stderr
    assert f"erased {article['article_id']}" in done.stdout
    assert "cannot be read any more: 1, 2" in done.stderr
    assert core.open_dataset(output).table("articles").num_rows == 3
    done = copydesk("dataset", "erase", output, article["article_id"], "--yes")
    assert done.returncode == Exit.FAILURE
    assert "erased before" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "left"), [(b"n\n", 4), (b"y\n", 3)])
def test_erase_asks_at_a_terminal(output: Path, tmp_path: Path, answer: bytes, left: int) -> None:
    import pty
    import subprocess

    article_id = core.open_dataset(output).table("articles")["article_id"][0].as_py()
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "copydesk_flows.cli", "dataset", "erase", str(output), article_id]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)) as process:
        os.write(ours, answer)
        _, told = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert b"Erase it?" in told
    assert process.returncode == (Exit.DONE if left == 3 else Exit.FAILURE)
    assert core.open_dataset(output).table("articles").num_rows == left


def test_commits_are_listed(copydesk: Command, output: Path) -> None:
    copydesk("dataset", "compact", output)
    lines = copydesk("dataset", "commits", output).stdout.splitlines()
    assert len(lines) == 3
    assert "written 3" in lines[0]
    assert "written 1" in lines[1]  # whether the others are unchanged inputs or files left out depends on their age
    assert "compacted" in lines[2]
    assert "replaces 2" in lines[2]
    told = [json.loads(line) for line in copydesk("dataset", "commits", output, "--json").stdout.splitlines()]
    assert [each["commit"] for each in told] == [1, 2, 3]
    assert len(told[2]["removed"]) == 2


@pytest.mark.parametrize("command", ["check", "compact", "commits"])
def test_what_is_no_dataset_is_one_line(copydesk: Command, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    done = copydesk("dataset", command, tmp_path / "empty")
    assert (done.returncode, done.stdout) == (Exit.FAILURE, "")
    assert "no dataset" in done.stderr
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("command", ["check", "compact", "commits", "erase"])
def test_a_url_that_can_hold_no_dataset_is_wrong_usage(copydesk: Command, command: str) -> None:
    done = copydesk("dataset", command, "http://127.0.0.1:1/a", *(["0" * 32, "--yes"] if command == "erase" else []))
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "http://127.0.0.1:1/a can hold no dataset" in done.stderr
    assert done.stderr.count("\n") == 1


def test_changes_are_listed(copydesk: Command, seeds_dataset: Path) -> None:
    ids = sorted(row["article_id"] for row in rows(seeds_dataset, "articles"))
    done = copydesk("dataset", "changes", seeds_dataset, "--since", "0", "--json")
    assert json.loads(done.stdout) == {"since": 0, "commit": 1, "added": ids, "replaced": [], "erased": []}
    done = copydesk("dataset", "changes", seeds_dataset, "--since", "0")
    assert done.stdout.splitlines() == [f"added {article_id}" for article_id in ids]
    assert f"commit 0 to 1: {len(ids)} added" in done.stderr
    assert copydesk("dataset", "changes", seeds_dataset, "--since", "1").stdout == ""
    assert copydesk("dataset", "changes", seeds_dataset, "--since", "7").returncode == Exit.FAILURE
