"""Maintenance of a dataset, as people call it. Nothing heavy is loaded before it is called."""

from __future__ import annotations

from pathlib import Path

from copydesk.dataset.maintenance import check, compaction, erasure
from copydesk.dataset.maintenance.results import CheckReport, Compacted, Erased


def check_dataset(path: str | Path, commit: int | None = None, keep_commits: int = 10) -> CheckReport:
    """Check a dataset against its own records: files, rows, accounts, keys between tables, ledger. Reads only, beside a run too.

    At the newest commit, or at an older one: then without the ledger and leftovers, which tell of the newest. ``keep_commits`` is what
    the runs are set to.

    Raises:
        DatasetError: there is no dataset or no such commit.
    """
    return check.check(path, commit, keep_commits)


def compact(path: str | Path, target_mb: float = 128, min_batches: int = 2, keep_commits: int = 10) -> Compacted:
    """Merge batches smaller than half of ``target_mb`` (millions of bytes of part files) into batches of at most that size, where at least
    ``min_batches`` of them come together, and make each batch of several parts one of one. Each merged batch is a commit; older commits
    are read until ``keep_commits`` later ones are made. Rows stay the same, articles are sorted by date_published.

    Raises:
        SettingsError: a number makes no sense.
        DatasetError: there is no dataset, it is damaged, or cannot be written.
        LockedError: a run holds it.
    """
    return compaction.compact(path, target_mb, min_batches, keep_commits)


def erase(path: str | Path, what: str, keep_commits: int = 10) -> Erased:
    """Erase an article for good, by its id or by a URL of it: all articles of the same identity, and all that have the URL as ``url`` or
    ``canonical_url``. Nothing is asked; batches that held it are deleted at once, and older commits that need them cannot be read any more.

    Raises:
        DatasetError: there is no such article or no dataset, or the dataset is damaged or cannot be written.
        LockedError: a run holds it.
    """
    return erasure.erase(path, what, keep_commits)
