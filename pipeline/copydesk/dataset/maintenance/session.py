"""Open a dataset for maintenance, and make commits without a run: they replace batches by a rewritten one.

These commits follow the same protocol as a run's (`copydesk.engine.committer`). So if one is cut off, the next run or command repairs the
dataset. They repeat what the commit before them says about its run (plan, first commit, whether the run has finished). So a run that was
cut off continues after them as if they were not there.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.part_files import PartFile
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.reading.opening import open_dataset
from copydesk.dataset.store.batches import after_commit, new_folder, seal
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.opening import open_store
from copydesk.errors import DatasetError
from copydesk.model.status import Status
from copydesk.storage.retry import dataset_errors, retry


@dataclass(slots=True)
class RewrittenBatch:
    """A batch that was made from other batches.

    Attributes:
        files: its part files by name.
        gone: rows of the other batches that it leaves out, by table.
    """

    files: dict[str, PartFile] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class MaintenanceSession:
    """A dataset that is open for maintenance: locked and repaired. Use `maintenance_session` to get one.

    Attributes:
        store: where the dataset lies.
        ledger: its ledger.
        state: its newest state; `commit` updates it.
        keep_commits: how many of the newest commits stay readable.
    """

    store: Store
    ledger: Ledger
    state: State
    keep_commits: int

    def commit(self, removed: Sequence[str], make: Callable[[Path, int], RewrittenBatch], note: dict[str, Any],
               purged: Sequence[str] = ()) -> Commit:
        """Replace batches by a new one, and return the commit.

        Args:
            removed: names of the batches to replace.
            make: writes part files and ledger entries into a folder, given this folder and the number of the commit.
            note: goes into `Commit.run`, to tell what the commit was made for.
            purged: names of batches that are deleted at once instead of being kept for older commits.

        Raises:
            DatasetError: another writer has made a commit with this number, or the work after the commit failed.
        """
        folder, commit = retry(lambda: self._staged(removed, make, note, purged))
        retry(lambda: self.store.publish(folder, commit))
        self.state = self.state.after(commit)
        after_commit(self.store, self.ledger, commit, self.keep_commits)
        return commit

    def _staged(self, removed: Sequence[str], make: Callable[[Path, int], RewrittenBatch], note: dict[str, Any],
                purged: Sequence[str]) -> tuple[Path, Commit]:
        newest = self.state.commit
        assert newest is not None  # noqa: S101  # a dataset with batches has a commit
        number = newest.number + 1
        folder = new_folder(self.store, number)
        made = make(folder, number)
        clock = {"started": datetime.now(UTC).isoformat(timespec="seconds")}
        commit = Commit(
            number=number, batch="", removed=tuple(removed), files={name: asdict(part) for name, part in sorted(made.files.items())},
            inputs=0, counts={str(status): 0 for status in Status}, rows=dict.fromkeys(newest.totals, 0), codes={}, removals={},
            totals=commits.totals(newest.totals, {}, made.gone), fingerprint=newest.fingerprint, plan=newest.plan, base=newest.base,
            shard=newest.shard, shards=newest.shards, part=newest.part, final=newest.final or self.ledger.finished() >= newest.number,
            purged=tuple(purged), run={**clock, **note})
        return folder, seal(folder, self.state, commit)


@contextmanager
def maintenance_session(path: str | Path, keep_commits: int) -> Iterator[MaintenanceSession]:
    """Open a dataset for maintenance, for the time of a ``with`` block: take its lock, and repair what a killed run left behind.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        keep_commits: how many of the newest commits stay readable.

    Raises:
        DatasetError: there is no dataset, it is damaged, or it cannot be written.
        LockedError: a run holds the dataset's lock.
    """
    if not os.fspath(path):
        raise DatasetError("the dataset is an empty string; name its folder")
    open_dataset(path)
    store = open_store(path)
    with dataset_errors(store.url):
        store.prepare()
        with store.lock():
            ledger = Ledger(store.layout.ledger / "ledger.sqlite")
            try:
                yield MaintenanceSession(store, ledger, retry(lambda: store.recover(ledger)), keep_commits)
            finally:
                ledger.close()
