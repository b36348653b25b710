"""Commits that no run makes: a dataset opened for maintenance, and batches made of other batches.

They follow the protocol of every commit (`copydesk.engine.committer`), so whatever stops one, the next run or command makes the
dataset whole.
What such a commit says of runs (plan, first commit, whether the run came to its end) is what the commit before it said: a run that was
cut off goes on behind it as if it were not there.
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
    """The part files of a batch that is made of others, and how many rows of each table it leaves out."""

    files: dict[str, PartFile] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class MaintenanceSession:
    """A dataset under maintenance: locked, and whole."""

    store: Store
    ledger: Ledger
    state: State
    keep_commits: int

    def commit(self, removed: Sequence[str], make: Callable[[Path, int], RewrittenBatch], note: dict[str, Any],
               purged: Sequence[str] = ()) -> Commit:
        """Replace batches by one. ``make`` writes part files and entries into a folder, given the number of the commit; ``note`` says in
        the commit file what it was for; ``purged`` are batches that are not kept for older commits.

        Raises:
            DatasetError: another writer has made this commit, or what follows it cannot be done.
        """
        folder, commit = retry(lambda: self._staged(removed, make, note, purged))
        retry(lambda: self.store.publish(folder, commit))
        self.state = self.state.after(commit)
        after_commit(self.store, self.ledger, commit, self.keep_commits)
        return commit

    def _staged(self, removed: Sequence[str], make: Callable[[Path, int], RewrittenBatch], note: dict[str, Any],
                purged: Sequence[str]) -> tuple[Path, Commit]:
        newest = self.state.commit
        assert newest is not None  # noqa: S101  # there are batches, so there is a commit
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
    """A dataset for maintenance: nobody else writes meanwhile, and what a killed run left is made whole first.

    Raises:
        DatasetError: there is no dataset, it is damaged, or cannot be written.
        LockedError: a run holds it.
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
