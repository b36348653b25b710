"""The store of a dataset in a local folder: everything that a writer does there.

`copydesk.dataset.store.object_store` does the same in an object store.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import Layout, find_batch
from copydesk.dataset.format.part_files import open_part
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card, publishing, recovery
from copydesk.dataset.store.lock import OutputLock


class Store:
    """A dataset in a local folder, as its writer uses it.

    Args:
        layout: the folders of the dataset. For a dataset in an object store, they are the folders of its local mirror.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @property
    def url(self) -> str:
        """The folder's path, or the URL of a dataset in an object store: for messages and reports."""
        return os.fspath(self.layout.root)

    def prepare(self) -> None:
        """Check that the place can hold a dataset, and create the folders.

        Raises:
            SettingsError: the place holds other files.
        """
        self.layout.check()
        self.layout.make()

    def lock(self) -> OutputLock:
        """Return the lock that only one run can hold; it is not taken yet."""
        return OutputLock(self.layout.ledger / "lock")

    def recover(self, ledger: Ledger) -> State:
        """Repair what a killed run left behind, bring the ledger up to date, and return the newest state.

        Raises:
            DatasetError: a commit, or a batch that a commit names, is missing or damaged.
        """
        return recovery.recover(self.layout, ledger)

    def batch(self, name: str) -> Path:
        """Return a local folder with all files of a batch, live or replaced."""
        return find_batch(self.layout, name) or self.layout.data / name

    def schema_of(self, batch: str, part: str, told: Mapping[str, Any]) -> pa.Schema:
        """Read the schema of a part file.

        Args:
            batch: the name of the batch.
            part: the name of the file.
            told: the file's entry in `Commit.files`.

        Raises:
            DatasetError: the file is missing or damaged.
        """
        return open_part(lambda: self.batch(batch), part).schema_arrow

    def replaced(self) -> tuple[str, ...]:
        """Return the names of the batches that are kept only for older commits. `batch` finds them too."""
        return tuple(sorted(folder.name for folder in self.layout.retired.glob("*/batch=*")))

    def publish(self, folder: Path, commit: Commit) -> None:
        """Make a staged batch and its commit visible. After an error, a second call continues where the first one stopped.

        Args:
            folder: the staging folder of the batch, complete and sealed.
            commit: the commit of the batch.

        Raises:
            DatasetError: another writer has made a commit with this number.
        """
        publishing.publish(self.layout, folder, commit)

    def after_commit(self, ledger: Ledger, commit: Commit, keep: int) -> None:
        """Do the work after a commit. A second call repeats it without harm.

        Move replaced batches to ``_retired``, add the commit to the ledger, write the card, and delete batches that none of the last
        ``keep`` commits needs.
        """
        publishing.after_commit(self.layout, ledger, commit)
        card.write(self.layout, commit)
        publishing.expire(self.layout, commit.number, keep)
