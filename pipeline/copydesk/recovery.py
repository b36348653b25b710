"""Bring a dataset to a whole commit after a run was killed: roll forward what was renamed, sweep what was not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from copydesk import commits, entries
from copydesk.commits import CARRIED, Commit, State
from copydesk.committing import settle, write_commit
from copydesk.errors import DatasetError
from copydesk.layout import Layout, batch_number
from copydesk.ledger import Ledger


def recover(layout: Layout, ledger: Ledger) -> State:
    """The dataset's newest state, made whole. The caller holds the lock.

    Raises:
        DatasetError: a commit or a batch that a commit names is missing or damaged.
    """
    for left in layout.staging.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    for left in layout.commits.glob(".*.new"):
        left.unlink()
    _mend_newest(layout)
    _roll_forward(layout)
    known = commits.numbers(layout)
    state = commits.state_at(layout, known[-1]) if known else State()
    _settle_newest(layout, state)
    _bring_up(layout, ledger, state)
    return state


def _settle_newest(layout: Layout, state: State) -> None:
    """Batches that the newest commit replaced leave ``data``; others that no commit knows of are swept."""
    for folder in sorted(layout.data.glob("batch=*")):
        if folder.name in state.live:
            continue
        if state.commit is not None and folder.name in state.commit.removed:
            retired = layout.retired / f"{state.number:06}"
            retired.mkdir(exist_ok=True)
            folder.rename(retired / folder.name)
        else:
            shutil.rmtree(folder)


def _mend_newest(layout: Layout) -> None:
    """A newest commit file that is not whole (only a file system without hard links leaves one) is made again from its batch."""
    known = commits.numbers(layout)
    if not known:
        return
    path = commits.commit_path(layout, known[-1])
    try:
        commits.decode(path.read_bytes())
    except (ValueError, TypeError, KeyError):
        if not any(batch_number(folder.name) == known[-1] for folder in layout.data.glob("batch=*")):
            raise DatasetError(f"commit {path} is damaged and its batch is gone") from None
        path.unlink()


def _roll_forward(layout: Layout) -> None:
    """Commit the batch that was renamed into ``data`` and has no commit file yet."""
    number = (commits.numbers(layout) or [0])[-1] + 1
    for folder in sorted(layout.data.glob(f"batch={number:06}-*")):
        write_commit(layout, replace(_carried(folder), run={"rolled_forward": True}))
        return


def _carried(folder: Path) -> Commit:
    try:
        return commits.decode((folder / CARRIED).read_bytes())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DatasetError(f"batch {folder} has no readable record of its commit: {error}") from error


def _bring_up(layout: Layout, ledger: Ledger, state: State) -> None:
    """Take commits into the ledger that it has not; a ledger that cannot go on from where it is is made anew from the batches."""
    applied = ledger.open()
    if applied == state.number and applied > 0:
        return
    if applied == 0 or applied > state.number:
        ledger.clear()
    if applied == state.number - 1 and applied > 0 and state.commit is not None:
        settle(layout, ledger, state.commit)
        return
    if applied > 0:
        ledger.clear()
    for name in state.live:
        folder = entries.find_batch(layout, name)
        if folder is None:
            raise DatasetError(f"batch {name} of commit {state.number} is gone from {layout.data}")
        ledger.apply(batch_number(name), batch_number(name), entries.of_batches([folder]))
