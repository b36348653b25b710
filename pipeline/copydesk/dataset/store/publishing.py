"""Make a staged batch part of a dataset in a local folder, and do the work after its commit."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.errors import DatasetError
from copydesk.storage.durable_files import create_exclusively, sync_folder


def publish(layout: Layout, folder: Path, commit: Commit) -> None:
    """Move a staged batch into ``data``, then write its commit file. After an error, a second call continues where the first one stopped.

    Raises:
        DatasetError: another writer has made a commit with this number.
    """
    target = layout.data / commit.batch
    if not target.is_dir():
        sync_folder(folder)
        folder.rename(target)
    sync_folder(layout.data)
    write_commit(layout, commit)


def write_commit(layout: Layout, commit: Commit) -> None:
    """Create the commit file. If the file exists with exactly this content, an earlier attempt wrote it, and all is well.

    Raises:
        DatasetError: another writer has made a commit with this number.
    """
    path, content = commits.commit_path(layout, commit.number), commit.encode()
    try:
        create_exclusively(path, content)
    except FileExistsError as error:
        if path.read_bytes() != content:
            raise DatasetError(f"commit {commit.number} was made by another run; "
                               f"this one's batch {commit.batch} is swept by the next") from error
        sync_folder(path.parent)


def after_commit(layout: Layout, ledger: Ledger, commit: Commit) -> None:
    """Move replaced batches to ``_retired``, delete purged ones, and add the commit to the ledger. A second call changes nothing."""
    retired = layout.retired / f"{commit.number:06}"
    for name in commit.removed:
        if (layout.data / name).is_dir():
            retired.mkdir(exist_ok=True)
            (layout.data / name).rename(retired / name)
    if commit.removed:
        sync_folder(layout.data)
    purge(layout, commit)
    old = [batch_number(name) for name in commit.removed]
    ledger.apply(commit.number, batch_number(commit.batch), batch_entries.read(layout, commit), old, commit.base)


def purge(layout: Layout, commit: Commit) -> None:
    """Delete the retired batches that a commit lists as ``purged``."""
    for name in commit.purged:
        for folder in layout.retired.glob(f"*/{name}"):
            _delete(layout, folder)


def expire(layout: Layout, newest: int, keep: int) -> None:
    """Delete retired batches that none of the last ``keep`` commits needs; ``newest`` is the newest commit."""
    for folder in layout.retired.iterdir():
        if folder.name.isdigit() and int(folder.name) <= newest - keep + 1:
            _delete(layout, folder)


def _delete(layout: Layout, folder: Path) -> None:
    """Move a folder away by one rename, then delete it. So no reader sees it half deleted."""
    away = layout.staging / f"gone-{uuid.uuid4().hex}"
    folder.rename(away)
    shutil.rmtree(away, ignore_errors=True)
