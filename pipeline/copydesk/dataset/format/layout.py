"""The folders of a dataset, and where a batch lies in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import SettingsError
from copydesk.text.strings import inert

NAMES_SHOWN = 3
"""Names of foreign files that the message about a folder with other content lists; "…" stands for the rest."""
BATCH_DIGEST_DIGITS = 6
"""Hex digits of the SHA-256 over a batch's files at the end of the batch's name."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of a dataset.

    Attributes:
        root: the output folder, or the folder of the local mirror of a dataset in an object store.
    """

    root: Path

    @property
    def data(self) -> Path:
        """The folder of the batches. Readers without copydesk find the part files here by a glob."""
        return self.root / "data"

    @property
    def commits(self) -> Path:
        """The folder of the commit files, one JSON file for each commit."""
        return self.root / "_commits"

    @property
    def staging(self) -> Path:
        """The folder for unfinished work. Nothing in it belongs to the dataset."""
        return self.root / "_staging"

    @property
    def retired(self) -> Path:
        """The folder of replaced batches, with a folder for each commit that replaced some."""
        return self.root / "_retired"

    @property
    def ledger(self) -> Path:
        """The folder of the ledger, the lock and the states of input files."""
        return self.root / "_ledger"

    @property
    def card(self) -> Path:
        """The file of the dataset card."""
        return self.root / "README.md"

    def check(self) -> None:
        """Check that the folder can hold a dataset: it is a dataset, does not exist yet, or holds only hidden files.

        Raises:
            SettingsError: the folder holds other files, which a run could overwrite or delete.
        """
        if self.commits.is_dir() or self.ledger.is_dir():
            return
        try:
            with os.scandir(self.root) as found:
                other = sorted(entry.name for entry in found if not entry.name.startswith("."))
        except FileNotFoundError:
            return
        if other:
            raise SettingsError(f"the output folder {inert(str(self.root))} holds {inert(', '.join(other[:NAMES_SHOWN]))}"
                                f"{' …' if other[NAMES_SHOWN:] else ''} and is no dataset (it has neither _commits nor _ledger); "
                                "name a new or an empty folder")

    def make(self) -> None:
        """Create the folders. The ledger's comes first: by it, `check` recognises a dataset whose creation was cut off."""
        for folder in (self.ledger, self.commits, self.staging, self.retired, self.data):
            folder.mkdir(parents=True, exist_ok=True)


def batch_number(name: str) -> int:
    """Return the commit number in a batch's name.

    Raises:
        ValueError: the name has no number.

    >>> batch_number("batch=000042-9f3c1a")
    42
    """
    return int(name.removeprefix("batch=").partition("-")[0])


def find_batch(layout: Layout, name: str) -> Path | None:
    """Return the folder of a batch: in ``data``, or in ``_retired`` after it was replaced; None after it was deleted.

    A batch moves from ``data`` to ``_retired`` and never back. So looking into ``data`` first cannot miss one that moves meanwhile.
    """
    if (layout.data / name).is_dir():
        return layout.data / name
    return next(iter(sorted(layout.retired.glob(f"*/{name}"))), None)
