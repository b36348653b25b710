"""Commit records: what a commit added, removed and counted, and which batches form the dataset at a commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from copydesk.dataset.format import schema_versions
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.format.schemas import SCHEMA_VERSION
from copydesk.errors import DatasetError

CARRIED = "_commit.json"
"""The file in a batch's folder that holds the batch's commit record."""
CHECKPOINT = 50
"""Every commit whose number this divides lists all live batches: so nobody has to read more than this many commits to know the state."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit.

    A compaction or an erasure makes commits without a run. They have no inputs, and repeat what the commit before them says about the
    run (``plan``, ``base``, ``shard``, ``shards``, ``part``).

    Attributes:
        number: the number of the commit; the first one is 1.
        batch: the name of the batch that the commit added.
        files: for each part file of the batch its ``rows``, ``sha256`` and (not in old datasets) ``bytes``.
        removed: names of the batches that this commit replaced.
        inputs: how many inputs the commit accounts for.
        counts: inputs by `Status`.
        rows: new rows by table; rows carried over from replaced batches do not count.
        codes: rejects by code.
        removals: removed passages by reason.
        totals: rows of the whole dataset by table, after this commit.
        fingerprint: of the plugins and settings that made the new rows.
        plan: a digest of what the run was given.
        base: the number of the first commit of the run.
        shard: which shard of the run this is, from 0.
        shards: how many shards the run has.
        part: which part of the shard this is, from 0.
        final: whether the run ends with this commit.
        live: all batches of the dataset, in order; None except in every `CHECKPOINT`-th commit.
        purged: replaced batches that are deleted at once, whatever the retention, because they held erased articles.
        schema_version: the version of `copydesk.dataset.format.schemas` that the part files have.
        run: what depends on the clock, such as times and seconds per plugin. The record in the batch leaves it out.
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
        """Return the commit as JSON: for the commit file, or without ``run`` for the record in the batch (``carried``)."""
        tree = asdict(self)
        if carried:
            del tree["run"]
        return (json.dumps(tree, indent=1, ensure_ascii=True) + "\n").encode()


def decode_commit(content: bytes) -> Commit:
    """Make a commit from its JSON. Keys that are unknown here (from a later version) are ignored.

    Raises:
        ValueError, TypeError, KeyError: the content is not a commit.
        DatasetError: this version of copydesk cannot read the commit's schema version.
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
    """The dataset at a commit.

    Attributes:
        commit: the commit; None before the first one.
        live: names of the batches that form the dataset, in order.
    """

    commit: Commit | None = None
    live: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """The commit's number; 0 before the first commit."""
        return self.commit.number if self.commit else 0

    def after(self, commit: Commit) -> State:
        """Return the state after one more commit."""
        return State(commit, (*(name for name in self.live if name not in commit.removed), commit.batch))

    def batch(self, number: int) -> str:
        """Return the name of the live batch with this number.

        Raises:
            DatasetError: no live batch has this number.
        """
        for name in self.live:
            if batch_number(name) == number:
                return name
        raise DatasetError(f"batch {number} is not part of commit {self.number}: the ledger does not fit the commits")


def commit_path(layout: Layout, number: int) -> Path:
    """Return the path of a commit file."""
    return layout.commits / f"{number:06}.json"


def numbers(layout: Layout) -> list[int]:
    """Return the numbers of all commits in a local folder, sorted."""
    if not layout.commits.is_dir():
        return []
    return sorted(int(path.stem) for path in layout.commits.glob("*.json") if path.stem.isdigit())


def read_commit(layout: Layout, number: int) -> Commit:
    """Read one commit.

    Args:
        layout: the folders of the dataset, or of the local mirror of a dataset in an object store.
        number: the number of the commit.

    Raises:
        DatasetError: the commit is missing or damaged.
    """
    path = commit_path(layout, number)
    try:
        return decode_commit(path.read_bytes())
    except FileNotFoundError as error:
        raise DatasetError(f"there is no commit {number} in {layout.root}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"commit {path} is damaged: {error}") from error


def state_at(layout: Layout, number: int) -> State:
    """Return the state of a dataset in a local folder (or mirror) at a commit.

    Raises:
        DatasetError: a commit that is needed is missing or damaged.
    """
    return state_from(lambda each: read_commit(layout, each), number)


def state_from(read: Callable[[int], Commit], number: int) -> State:
    """Rebuild the state at a commit: read back to the newest commit with a full list of live batches, then apply the later ones.

    Args:
        read: reads the commit of a number; it is called once for each commit, newest first.
        number: the commit; 0 gives the empty state.

    Raises:
        Exception: whatever ``read`` raises.
    """
    newest_first: list[Commit] = []
    while number > 0:
        commit = read(number)
        newest_first.append(commit)
        if commit.live is not None:
            break
        number -= 1
    state = State()
    for commit in reversed(newest_first):
        state = State(commit, commit.live) if commit.live is not None else state.after(commit)
    return state


def totals(before: Mapping[str, int], added: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    """Return the dataset's rows by table after a commit, from those before it, the added rows and the lost rows."""
    return {name: before.get(name, 0) + added.get(name, 0) - gone.get(name, 0) for name in sorted({*before, *added})}
