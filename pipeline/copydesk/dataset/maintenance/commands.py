"""The public functions for maintenance: check, compact and erase."""

from __future__ import annotations

from pathlib import Path

from copydesk.dataset.maintenance import check, compaction, erasure
from copydesk.dataset.maintenance.results import CheckReport, Compacted, Erased


def check_dataset(path: str | Path, commit: int | None = None, keep_commits: int = 10) -> CheckReport:
    """Check a dataset against its own records: files, rows, accounts, keys between tables, ledger.

    The check only reads, and may run while a run writes to the dataset.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        commit: the commit to check; None for the newest. Only a check of the newest looks at the ledger and at leftovers.
        keep_commits: the setting ``[dataset] keep_commits`` of the runs: the check reports batches that are kept longer.

    Raises:
        DatasetError: there is no dataset or no such commit.
    """
    return check.check(path, commit, keep_commits)


def compact(path: str | Path, target_mb: float = 128, min_batches: int = 2, keep_commits: int = 10) -> Compacted:
    """Merge small batches into larger ones, and the several parts of a batch into one part of each table.

    Rows stay the same. In a merged batch, articles are sorted by date_published. Each merged batch is a commit.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        target_mb: the most megabytes (millions of bytes) of part files in a merged batch. Batches of less than half are small.
        min_batches: how many small batches a merge needs, at least 2.
        keep_commits: how many of the newest commits stay readable, at least 1.

    Raises:
        SettingsError: a number is too small.
        DatasetError: there is no dataset, it is damaged, or it cannot be written.
        LockedError: a run holds the dataset's lock.
    """
    return compaction.compact(path, target_mb, min_batches, keep_commits)


def erase(path: str | Path, what: str, keep_commits: int = 10) -> Erased:
    """Erase an article from the dataset for good. The function does not ask for confirmation.

    All articles of the same identity go too, and all that have the URL as ``url`` or ``canonical_url``. Batches that held them are deleted
    at once. Older commits that need these batches cannot be read any more.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        what: the article's id, or a URL of the article.
        keep_commits: how many of the newest commits stay readable otherwise.

    Raises:
        DatasetError: there is no such article or no dataset, or the dataset is damaged or cannot be written.
        LockedError: a run holds the dataset's lock.
    """
    return erasure.erase(path, what, keep_commits)
