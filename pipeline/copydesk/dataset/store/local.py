"""The store of a dataset in a local folder, as its writer sees it (`copydesk.dataset.store.object_store` is its counterpart)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import Layout, find_batch
from copydesk.dataset.format.part_files import open_part
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card, publishing, recovery
from copydesk.dataset.store.lock import OutputLock

if TYPE_CHECKING:
    import pyarrow as pa


class Store:
    """A dataset in a local folder. ``layout`` are its folders; those for work under way are always local."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @property
    def url(self) -> str:
        """What people call it: the folder's path, or the URL."""
        return os.fspath(self.layout.root)

    def prepare(self) -> None:
        """See that a dataset may be here, and make its folders.

        Raises:
            SettingsError: something else is here.
        """
        self.layout.check()
        self.layout.make()

    def lock(self) -> OutputLock:
        """The lock that one run holds."""
        return OutputLock(self.layout.ledger / "lock")

    def recover(self, ledger: Ledger) -> State:
        """The newest state, made whole after a run that was killed.

        Raises:
            DatasetError: a commit or a batch that a commit names is missing or damaged.
        """
        return recovery.recover(self.layout, ledger)

    def batch(self, name: str) -> Path:
        """A local folder with all files of a batch, live or replaced."""
        return find_batch(self.layout, name) or self.layout.data / name

    def schema_of(self, batch: str, part: str, told: Mapping[str, Any]) -> pa.Schema:
        """The schema of a part file; ``told`` is what its commit says of the file.

        Raises:
            DatasetError: it is gone or damaged.
        """
        return open_part(lambda: self.batch(batch), part).schema_arrow

    def replaced(self) -> tuple[str, ...]:
        """The names of batches that are no part of the newest state and are kept for older commits; `batch` has them too."""
        return tuple(sorted(folder.name for folder in self.layout.retired.glob("*/batch=*")))

    def publish(self, folder: Path, commit: Commit) -> None:
        """Make a staged batch and its commit visible. Doing it again goes on where it stopped.

        Raises:
            DatasetError: another writer has made this commit.
        """
        publishing.publish(self.layout, folder, commit)

    def after_commit(self, ledger: Ledger, commit: Commit, keep: int) -> None:
        """What follows a commit and can be done again: replaced batches retire, the ledger learns, the card is brought up, and what
        none of the last ``keep`` commits holds is deleted."""
        publishing.after_commit(self.layout, ledger, commit)
        card.write(self.layout, commit)
        publishing.expire(self.layout, commit.number, keep)
