"""Outputs that were stopped at each call of one run (see crasher), and what the same run gives when nobody stops it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import copydesk
from support import dataset_oracle
from support.fault_runs import environment, python_path, quoting, speaking, table_rows
from support.places import TESTS
from support.tiny_desk import parts, put

SETTINGS = {"dataset": {"batch_files": 4, "keep_commits": 2}}
PAGES = 3


@dataclass(frozen=True, slots=True)
class Case:
    """An output as a stopped run left it."""

    number: int
    output: Path
    code: int
    call: str | None
    error: str | None


@dataclass(slots=True)
class Scene:
    """An inbox, and an output before and after the run that is stopped.

    Commit 1 is made of all pages, commit 2 replaces its batch; the run in question makes commit 3, which replaces that of 2 and drops
    what commit 1 alone still held.
    """

    folder: Path
    inbox: Path = field(init=False)
    before: Path = field(init=False)
    after: Path = field(init=False)

    def __post_init__(self) -> None:
        self.inbox, self.before, self.after = (self.folder / name for name in ("in", "before", "after"))
        for version in range(2):
            self._pages(range(PAGES) if version == 0 else (1,), version)
            self.run(self.before)
        self._pages((0, 1, PAGES), 2)
        shutil.copytree(self.before, self.after)
        self.run(self.after)

    def _pages(self, numbers: Any, version: int) -> None:
        for number in numbers:
            put(self.inbox, f"story-{number}.txt", quoting(number, version))

    def run(self, output: Path) -> copydesk.RunReport:
        """A run that nobody stops."""
        return copydesk.run([self.inbox], output, speaking(self.folder, **SETTINGS))

    def next_run(self, output: Path) -> list[str]:
        """What is wrong after the same run is given again."""
        try:
            self.run(output)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            return [f"the next run fails: {type(error).__name__}: {error}"]
        return []

    def cases(self, name: str, how: str, base: Path | None) -> Iterator[Case]:
        """The run, stopped at each of its calls."""
        spec = {"folder": str(self.folder), "inbox": str(self.inbox), "settings": SETTINGS, "base": str(base) if base else None,
                "cases": str(self.folder / name), "how": how}
        file = put(self.folder, f"{name}.json", json.dumps(spec))
        done = subprocess.run([sys.executable, "-B", "-m", "support.crasher", str(file)], capture_output=True, text=True, timeout=300,
                              env=environment(PYTHONPATH=python_path(TESTS)), check=False)
        assert done.returncode == 0, done.stderr
        for case in json.loads(done.stdout):
            yield Case(**{**case, "output": Path(case["output"])})


def state_of(output: Path) -> str:
    """What tells one left output from another: all files outside ``_staging`` with their sizes and hashes, and what kinds lie in there."""
    files = {str(path.relative_to(output)): path.read_bytes() for path in sorted(output.rglob("*"))
             if path.is_file() and "_staging" not in path.parts and path.name != "lock"}
    kinds = sorted({path.name.partition("-")[0] for path in output.glob("_staging/*")})
    folders = sorted(str(path.relative_to(output)) for path in output.glob("*/") if path.is_dir())
    told = "".join(f"{re.sub('[.][0-9]+[.]new', '.new', name)} {sha256(content).hexdigest()} " for name, content in files.items())
    return f"{told} {kinds} {folders}"


def distinct(cases: Iterable[Case]) -> Iterator[Case]:
    """Of cases that left the same, the last."""
    yield from {state_of(case.output): case for case in cases}.values()


def rows_of(output: Path, commit: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of a dataset, by table, sorted: in what order its batches lie is not their matter."""
    return {name: sorted(table.to_pylist(), key=str) for name, table in table_rows(output, commit=commit).items()}


def commits_apart_from_the_clock(output: Path) -> dict[int, dict[str, Any]]:
    """All commits without what depends on the moment."""
    return {number: {key: value for key, value in commit.items() if key != "run"}
            for number, commit in dataset_oracle.commits_of(output).items()}


def same(output: Path, expected: Path) -> list[str]:
    """In what a dataset differs from another that it should be equal to: part files, commits, the card, retired batches."""
    found = dataset_oracle.problems(output)
    if parts(output) != parts(expected):
        found.append("other part files")
    if commits_apart_from_the_clock(output) != commits_apart_from_the_clock(expected):
        found.append("other commits")
    if (output / "README.md").read_bytes() != (expected / "README.md").read_bytes():
        found.append("another card")
    retired = [{str(path.relative_to(root)) for path in root.glob("_retired/*/*/*")} for root in (output, expected)]
    if lost := retired[1] - retired[0]:  # more may be there: what a killed run did not expire, the next commit does
        found.append(f"retired batches lost: {sorted(lost)}")
    return found
