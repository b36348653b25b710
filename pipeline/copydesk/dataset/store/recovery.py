"""Repair a dataset in a local folder after a run was killed.

A batch that had reached ``data`` gets its commit (it is rolled forward). A batch that was still in ``_staging`` is deleted.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import CARRIED, Commit, State
from copydesk.dataset.format.layout import Layout, batch_number, find_batch
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card
from copydesk.dataset.store.publishing import after_commit, purge, write_commit
from copydesk.errors import DatasetError


def recover(layout: Layout, ledger: Ledger) -> State:
    """Repair the dataset, bring ledger and card up to date, and return the newest state. The caller must hold the lock.

    Raises:
        DatasetError: a commit, or a batch that a commit names, is missing or damaged.
    """
    for left in layout.staging.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    for left in layout.commits.glob(".*.new"):
        left.unlink()
    _mend_newest(layout)
    _roll_forward(layout)
    known = commits.numbers(layout)
    state = commits.state_at(layout, known[-1]) if known else State()
    _settle(layout, state)
    if state.commit is not None:
        purge(layout, state.commit)
    _bring_up(layout, ledger, state)
    if state.commit is not None and not card.is_of(layout, state.commit):
        card.write(layout, state.commit)
    return state


def _settle(layout: Layout, state: State) -> None:
    """Clear ``data`` of batches that are not live: retire replaced ones, and delete one whose number another writer's commit took.

    Raises:
        DatasetError: there is a batch without a commit; nothing was changed for it.
    """
    known, live = set(commits.numbers(layout)), set(state.live)
    for folder in sorted(layout.data.glob("batch=*")):
        if folder.name in live:
            continue
        number = _number(folder)
        if number not in known:
            raise DatasetError(f"{folder} belongs to no commit: there is no {commits.commit_path(layout, number)}, and the batch is not "
                               "the next one. Nothing was changed; bring the folder _commits back, or move the batch away")
        if commits.read_commit(layout, number).batch != folder.name:
            shutil.rmtree(folder)
            continue
        retired = layout.retired / f"{_replaced_by(layout, folder.name, known):06}"
        retired.mkdir(exist_ok=True)
        folder.rename(retired / folder.name)


def _number(folder: Path) -> int:
    try:
        return batch_number(folder.name)
    except ValueError:
        raise DatasetError(f"{folder} is no batch of this dataset: its name has no number; move it away") from None


def _replaced_by(layout: Layout, name: str, known: set[int]) -> int:
    """Return the number of the commit that replaced a batch.

    Raises:
        DatasetError: no commit did.
    """
    for number in sorted(known, reverse=True):
        if name in commits.read_commit(layout, number).removed:
            return number
    raise DatasetError(f"batch {name} is in {layout.data}, was committed and is not part of the newest commit, but no commit removed it")


def _mend_newest(layout: Layout) -> None:
    """Delete the newest commit file if it is incomplete; `_roll_forward` then writes it again from its batch.

    Only a file system without hard links can leave an incomplete commit file.

    Raises:
        DatasetError: the commit file is damaged, and its batch is missing.
    """
    known = commits.numbers(layout)
    if not known:
        return
    path = commits.commit_path(layout, known[-1])
    try:
        commits.decode_commit(path.read_bytes())
    except (ValueError, TypeError, KeyError):
        if not any(layout.data.glob(f"batch={known[-1]:06}-*")):
            raise DatasetError(f"commit {path} is damaged and its batch is gone") from None
        path.unlink()


def _roll_forward(layout: Layout) -> None:
    """Write commit files for batches that were moved into ``data`` and have none.

    A killed run leaves one such batch. There are more when commit files were lost; of these, replaced batches lie in ``_retired``.
    """
    number = (commits.numbers(layout) or [0])[-1] + 1
    while folders := [*sorted(layout.data.glob(f"batch={number:06}-*")), *sorted(layout.retired.glob(f"*/batch={number:06}-*"))]:
        write_commit(layout, replace(_carried(folders[0], number), run={"rolled_forward": True}))
        number += 1


def _carried(folder: Path, number: int) -> Commit:
    try:
        commit = commits.decode_commit((folder / CARRIED).read_bytes())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"batch {folder} has no readable record of its commit: {error}") from error
    if (commit.number, commit.batch) != (number, folder.name):
        raise DatasetError(f"batch {folder} carries the record of another: {commit.batch} of commit {commit.number}")
    return commit


def _bring_up(layout: Layout, ledger: Ledger, state: State) -> None:
    """Bring the ledger up to the newest commit. It can only be one commit behind; otherwise it is rebuilt from the batches."""
    applied = ledger.open()
    if applied == state.number and applied > 0:
        return
    if applied == 0 or applied > state.number:
        ledger.clear()
    if applied == state.number - 1 and applied > 0 and state.commit is not None:
        after_commit(layout, ledger, state.commit)
        return
    if applied > 0:
        ledger.clear()
    for name in state.live:
        folder = find_batch(layout, name)
        if folder is None:
            raise DatasetError(f"batch {name} of commit {state.number} is gone from {layout.data}")
        base = state.commit.base if state.commit else 0
        ledger.apply(batch_number(name), batch_number(name), batch_entries.of_batches([folder]), base=base)
