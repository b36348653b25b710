"""Keep the local mirror of a dataset in an object store up to date: its commit files, and the ledger made from its batches.

Everything in the mirror can be fetched or rebuilt from the store. Deleting a mirror only costs time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import CARRIED, Commit, State
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.format.object_commits import AT_ONCE, commit_object_numbers, read_commit_object
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.errors import DatasetError
from copydesk.storage.durable_files import replace_file
from copydesk.storage.objects import Objects

EXPIRED = "expired"
"""A file next to the ledger. It holds the number of the commit up to which replaced batches were deleted from the store."""


def synchronise(objects: Objects, layout: Layout, ledger: Ledger) -> list[int]:
    """Fetch the commit files that the mirror lacks.

    If the mirror holds commits of another dataset that lay at the same URL before, it is emptied first. If another writer has committed
    since, the states of input files are deleted.

    Returns:
        The numbers of all commits in the store, sorted.

    Raises:
        DatasetError: the store cannot be read.
    """
    there, here = commit_object_numbers(objects), commits.numbers(layout)
    if here and not _is_same(objects, layout, here, there):
        for path in (*layout.commits.glob("*.json"), layout.ledger / EXPIRED, layout.card):
            path.unlink(missing_ok=True)
        ledger.clear()
        here = []
    missing = sorted(set(there) - set(here))
    if missing or not here:
        (layout.ledger / "files.sqlite").unlink(missing_ok=True)

    def fetch(number: int) -> None:
        replace_file(commits.commit_path(layout, number), read_commit_object(objects, number))

    with ThreadPoolExecutor(AT_ONCE, "copydesk-commits") as threads:
        list(threads.map(fetch, missing))
    return there


def _is_same(objects: Objects, layout: Layout, here: Sequence[int], there: Sequence[int]) -> bool:
    return set(here) <= set(there) and read_commit_object(objects, here[-1]) == commits.commit_path(layout, here[-1]).read_bytes()


def fetch_batch(objects: Objects, commit: Commit, folder: Path, only: Iterable[str] = ()) -> None:
    """Fetch files of a batch into a folder, which is emptied first. Part files are checked against the commit.

    Args:
        objects: the objects of the dataset.
        commit: the commit of the batch.
        folder: where to write the files.
        only: names of the files to fetch; without any, all files of the batch.

    Raises:
        DatasetError: a file is missing or damaged.
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
    """Add the missing commits to the ledger. Only the ledger entries of their batches are fetched.

    If the ledger is lost, or the batch of a missing commit was deleted, rebuild the ledger from the live batches.

    Raises:
        DatasetError: a batch of the newest commit is missing or damaged.
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
    learn_commit(ledger, commit, folder, removed, base)
    shutil.rmtree(folder)


def learn_commit(ledger: Ledger, commit: Commit, folder: Path, removed: Sequence[str], base: int) -> None:
    """Add a commit to the ledger.

    Args:
        ledger: the ledger.
        commit: the commit.
        folder: a folder with the entries of the commit's batch.
        removed: names of the batches that it replaced.
        base: the first commit of its run.
    """
    entries, old = batch_entries.of_batches([folder]), [batch_number(name) for name in removed]
    ledger.apply(commit.number, batch_number(commit.batch), entries, old, base)
