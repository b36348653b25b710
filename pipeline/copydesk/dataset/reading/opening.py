"""Open a dataset for reading, in a local folder or in an object store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copydesk.dataset.format import commits
from copydesk.dataset.format.layout import Layout
from copydesk.dataset.reading.dataset import Dataset
from copydesk.dataset.reading.object_dataset import open_remote
from copydesk.errors import DatasetError
from copydesk.storage.locations import is_remote, without_file_scheme


def open_dataset(path: str | Path, commit: int | None = None, *, storage_options: Mapping[str, Any] | None = None) -> Dataset:
    """Open a dataset at one commit.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.
        commit: the number of the commit to read; None reads the newest.
        storage_options: arguments for fsspec's file system; a dataset in a folder ignores them.

    Raises:
        DatasetError: there is no dataset, it has no such commit, or it cannot be read.
        SettingsError: the URL's protocol is unknown, cannot hold datasets, or needs a package that is not installed.

    >>> open_dataset(os.devnull)
    Traceback (most recent call last):
    copydesk.errors.DatasetError: no dataset in /dev/null: it has no folder _commits
    """
    place = without_file_scheme(os.fspath(path))
    if is_remote(place):
        return open_remote(place, commit, storage_options)
    layout = Layout(Path(place))
    if not layout.commits.is_dir():
        raise DatasetError(f"no dataset in {os.fspath(path)}: it has no folder _commits")
    known = commits.numbers(layout)
    number = commit if commit is not None else (known or [0])[-1]
    if commit is not None and commit not in known:
        raise DatasetError(f"no commit {commit} in {os.fspath(path)} (commits: {known[0] if known else 'none'}"
                           f"{f' to {known[-1]}' if known else ''})")
    return Dataset(layout, commits.state_at(layout, number))
