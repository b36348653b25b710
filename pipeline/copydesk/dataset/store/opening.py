"""Choose the store of an output: a local folder, or a prefix in an object store."""

from __future__ import annotations

import os
from pathlib import Path

from copydesk.dataset.format.layout import Layout
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.object_store import RemoteStore
from copydesk.storage.locations import is_remote, without_file_scheme


def open_store(output: str | os.PathLike[str]) -> Store:
    """Return the store of an output. Nothing is read or written yet.

    Args:
        output: a folder, or the URL of a prefix in an object store.

    Raises:
        SettingsError: the URL's protocol cannot hold datasets.
    """
    path = without_file_scheme(os.fspath(output))
    if is_remote(path):
        return RemoteStore(path)
    return Store(Layout(Path(path)))
