"""The local side of a dataset in an object store: its commit files, and the index that is made of its batches.

All of it can be made anew from the store: deleting the mirror costs time only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import CARRIED, Commit, State
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.format.object_commits import AT_ONCE, numbers, read_commit
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.errors import DatasetError
from copydesk.storage.durable_files import replace_file
from copydesk.storage.objects import Objects

EXPIRED = "expired"
"""A file beside the ledger: the commit up to which replaced batches were deleted."""


def synchronise(objects: Objects, layout: Layout, ledger: Ledger) -> list[int]:
    """Fetch the commit files that the mirror lacks; the numbers of all. A mirror of something else that was here once is emptied. What
    was noted of input files is forgotten when others have committed meanwhile.

    Raises:
        DatasetError: the store cannot be read.
    """
    there, here = numbers(objects), commits.numbers(layout)
    if here and not _is_same(objects, layout, here, there):
        for path in (*layout.commits.glob("*.json"), layout.ledger / EXPIRED, layout.card):
            path.unlink(missing_ok=True)
        ledger.clear()
        here = []
    missing = sorted(set(there) - set(here))
    if missing or not here:
        (layout.ledger / "files.sqlite").unlink(missing_ok=True)

    def fetch(number: int) -> None:
        replace_file(commits.commit_path(layout, number), read_commit(objects, number))

    with ThreadPoolExecutor(AT_ONCE, "copydesk-commits") as threads:
        list(threads.map(fetch, missing))
    return there


def _is_same(objects: Objects, layout: Layout, here: Sequence[int], there: Sequence[int]) -> bool:
    return set(here) <= set(there) and read_commit(objects, here[-1]) == commits.commit_path(layout, here[-1]).read_bytes()


def fetch_batch(objects: Objects, commit: Commit, folder: Path, only: Iterable[str] = ()) -> None:
    """Fetch a batch's files, or some of them, into a new folder; part files are checked against their commit.

    Raises:
        DatasetError: one is gone or damaged.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in only or (*commit.files, batch_entries.FILE, CARRIED):
        where = f"data/{commit.batch}/{name}"
        told = commit.files.get(name, {})
        try:
            size = told.get("bytes") or objects.size(where)
            content = objects.read(where, size, told.get("sha256"))
        except FileNotFoundError as error:
            raise DatasetError(f"{objects.where(where)} is gone; commit {commit.number} names it") from error
        (folder / name).write_bytes(content)


def bring_up(objects: Objects, layout: Layout, ledger: Ledger, state: State) -> None:
    """Take commits into the ledger that it has not; only the entries of their batches are fetched. One that is lost, or that cannot go on
    since a batch is gone, is made anew from the live batches.

    Raises:
        DatasetError: a batch of the newest commit is gone or damaged.
    """
    applied = ledger.open()
    if applied == state.number and applied > 0:
        return
    if not 0 < applied < state.number or not _go_on(objects, layout, ledger, range(applied + 1, state.number + 1)):
        ledger.clear()
        for name in state.live:
            _take_in(objects, layout, ledger, commits.read_commit(layout, batch_number(name)))


def _go_on(objects: Objects, layout: Layout, ledger: Ledger, missing: Iterable[int]) -> bool:
    there = set(objects.folders("data"))
    found = [commits.read_commit(layout, number) for number in missing]
    if any(commit.batch not in there for commit in found):
        return False
    for commit in found:
        _take_in(objects, layout, ledger, commit, commit.removed, commit.base)
    return True


def _take_in(objects: Objects, layout: Layout, ledger: Ledger, commit: Commit, removed: Sequence[str] = (), base: int = 0) -> None:
    folder = layout.staging / "entries"
    fetch_batch(objects, commit, folder, [batch_entries.FILE])
    learn(ledger, commit, folder, removed, base)
    shutil.rmtree(folder)


def learn(ledger: Ledger, commit: Commit, folder: Path, removed: Sequence[str], base: int) -> None:
    """Take a commit into the ledger by the entries in a folder."""
    entries, old = batch_entries.of_batches([folder]), [batch_number(name) for name in removed]
    ledger.apply(commit.number, batch_number(commit.batch), entries, old, base)
