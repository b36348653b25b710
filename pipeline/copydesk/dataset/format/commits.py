"""Commit records: what a commit added, removed and counted, and which batches make up the dataset at a commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from copydesk.dataset.format import schema_versions
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.format.schemas import SCHEMA_VERSION
from copydesk.errors import DatasetError

CARRIED = "_commit.json"
CHECKPOINT = 50


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. The batch carries all of it but ``run`` (id, times, seconds per plugin), which depends on the clock.

    ``files`` maps part file to rows and sha256; ``base`` is the first commit of its run, ``plan`` a digest of what the run was
    given, ``shard`` which of its ``shards`` this is, ``part`` which part of it, and whether it is the run's ``final`` one.
    ``totals`` counts the dataset's rows by table; each 50th commit lists all ``live`` batches. ``purged`` are replaced batches that
    are deleted at once, whatever the retention: they held what was erased. A commit of no run (compaction, erasing) has no ``inputs``;
    what it says of runs is what the commit before it said.
    """

    number: int
    batch: str
    files: dict[str, dict[str, Any]]
    removed: tuple[str, ...]
    inputs: int
    counts: dict[str, int]
    rows: dict[str, int]
    codes: dict[str, int]
    removals: dict[str, int]
    totals: dict[str, int]
    fingerprint: str
    plan: str
    base: int
    shard: int
    shards: int
    part: int = 0
    final: bool = True
    live: tuple[str, ...] | None = None
    purged: tuple[str, ...] = ()
    schema_version: str = SCHEMA_VERSION
    run: dict[str, Any] = field(default_factory=dict)

    def encode(self, carried: bool = False) -> bytes:
        """As JSON, for the commit file or for the batch to carry."""
        tree = asdict(self)
        if carried:
            del tree["run"]
        return (json.dumps(tree, indent=1, ensure_ascii=True) + "\n").encode()


def decode_commit(content: bytes) -> Commit:
    """A commit from its JSON; keys of later versions are left aside.

    Raises:
        ValueError, TypeError, KeyError: it is none.
        DatasetError: it is of a schema version that is not read here.
    """
    tree: dict[str, Any] = json.loads(content)
    known = {name: tree[name] for name in Commit.__dataclass_fields__ if name in tree}
    known["removed"] = tuple(known["removed"])
    known["purged"] = tuple(known.get("purged", ()))
    known["live"] = tuple(known["live"]) if known.get("live") is not None else None
    made = Commit(**known)
    schema_versions.check(made.schema_version, f"commit {made.number}")
    return made


@dataclass(frozen=True, slots=True)
class State:
    """The dataset at a commit: its batches in order. ``commit`` is None before the first one."""

    commit: Commit | None = None
    live: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The commit's number; 0 before the first one."""
        return self.commit.number if self.commit else 0

    def after(self, commit: Commit) -> State:
        """The state that a commit leads to."""
        return State(commit, (*(name for name in self.live if name not in commit.removed), commit.batch))

    def batch(self, number: int) -> str:
        """The name of a live batch.

        Raises:
            DatasetError: there is none of this number.
        """
        for name in self.live:
            if batch_number(name) == number:
                return name
        raise DatasetError(f"batch {number} is not part of commit {self.number}: the ledger does not fit the commits")


def commit_path(layout: Layout, number: int) -> Path:
    """The file of a commit."""
    return layout.commits / f"{number:06}.json"


def numbers(layout: Layout) -> list[int]:
    """The numbers of all commits, in order."""
    if not layout.commits.is_dir():
        return []
    return sorted(int(path.stem) for path in layout.commits.glob("*.json") if path.stem.isdigit())


def read_commit(layout: Layout, number: int) -> Commit:
    """One commit.

    Raises:
        DatasetError: it is missing or damaged.
    """
    path = commit_path(layout, number)
    try:
        return decode_commit(path.read_bytes())
    except FileNotFoundError as error:
        raise DatasetError(f"there is no commit {number} in {layout.root}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"commit {path} is damaged: {error}") from error


def state_at(layout: Layout, number: int) -> State:
    """The dataset at a commit: back to the last full list, then forward.

    Raises:
        DatasetError: a commit on the way is missing or damaged.
    """
    back: list[Commit] = []
    while number > 0:
        commit = read_commit(layout, number)
        back.append(commit)
        if commit.live is not None:
            break
        number -= 1
    state = State()
    for commit in reversed(back):
        state = State(commit, commit.live) if commit.live is not None else state.after(commit)
    return state


def totals(before: Mapping[str, int], added: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    """The dataset's rows by table after a commit."""
    return {name: before.get(name, 0) + added.get(name, 0) - gone.get(name, 0) for name in sorted({*before, *added})}
