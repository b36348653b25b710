"""Where things lie in an output folder, and writing that survives a power cut."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import SettingsError
from copydesk.text.strings import inert


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a dataset."""

    root: Path

    @property
    def data(self) -> Path:
        """Batches that plain readers glob."""
        return self.root / "data"

    @property
    def commits(self) -> Path:
        """One JSON a commit."""
        return self.root / "_commits"

    @property
    def staging(self) -> Path:
        """Work under way; nothing here belongs to the dataset."""
        return self.root / "_staging"

    @property
    def retired(self) -> Path:
        """Replaced batches, by the commit that replaced them."""
        return self.root / "_retired"

    @property
    def ledger(self) -> Path:
        """What is known about records and articles."""
        return self.root / "_ledger"

    @property
    def card(self) -> Path:
        """The dataset card."""
        return self.root / "README.md"

    def check(self) -> None:
        """See that a dataset may be here: the folder is one, or is not there yet, or holds hidden files only.

        Raises:
            SettingsError: the folder holds something else, which a run would overwrite or sweep.
        """
        if self.commits.is_dir() or self.ledger.is_dir():
            return
        try:
            with os.scandir(self.root) as found:
                other = sorted(entry.name for entry in found if not entry.name.startswith("."))
        except FileNotFoundError:
            return
        if other:
            raise SettingsError(f"the output folder {inert(str(self.root))} holds {inert(', '.join(other[:3]))}{' …' if other[3:] else ''} "
                                "and is no dataset (it has neither _commits nor _ledger); name a new or an empty folder")

    def make(self) -> None:
        """Create the folders, first the one that shows whose they are."""
        for folder in (self.ledger, self.commits, self.staging, self.retired, self.data):
            folder.mkdir(parents=True, exist_ok=True)


def batch_number(name: str) -> int:
    """The commit number in a batch's name.

    >>> batch_number("batch=000042-9f3c1a")
    42
    """
    return int(name.removeprefix("batch=").partition("-")[0])


def find_batch(layout: Layout, name: str) -> Path | None:
    """Where a batch lies: in ``data``, or in ``_retired`` once it is replaced; None beyond the retention.

    It only ever moves from the one to the other, so the first is looked at first.
    """
    if (layout.data / name).is_dir():
        return layout.data / name
    return next(iter(sorted(layout.retired.glob(f"*/{name}"))), None)
