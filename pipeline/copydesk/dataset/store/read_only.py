"""Look into a dataset without its lock: while a run may write to it, and without leaving anything behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from copydesk.dataset.format.layout import Layout, find_batch
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.mirror import synchronise
from copydesk.dataset.store.object_store import RemoteStore
from copydesk.dataset.store.opening import open_store
from copydesk.storage.locations import is_remote


class ReadOnlyStore:
    """A dataset opened for inspection. Use `open_read_only` to get one.

    Attributes:
        url: the folder's path, or the URL.
        kept: the folders that hold the ledger, if this machine has one. For a dataset in an object store: the mirror that runs use.
        folder: a temporary folder, for any files that the inspection needs.
        is_remote: whether the dataset lies in an object store.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.url = store.url
        self.kept = store.layout
        self.folder = folder
        self.is_remote = is_remote(store.url)
        self._store = store
        if self.is_remote:
            _give_mirror(store, Layout(folder / "mirror"))

    @property
    def layout(self) -> Layout:
        """The folders that hold the commit files. For a dataset in an object store: a temporary mirror."""
        return self._store.layout

    @contextmanager
    def batch(self, name: str) -> Iterator[Path | None]:
        """Give the folder of a batch, live or retired, for the time of the ``with`` block; None when the batch was deleted.

        Raises:
            DatasetError: the batch is in an object store, and cannot be fetched or is damaged.
        """
        folder = self._store.batch(name)
        try:
            yield folder if folder.is_dir() else find_batch(self.layout, name)
        finally:
            if self.is_remote:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_read_only(path: str | Path) -> Iterator[ReadOnlyStore]:
    """Open a dataset for inspection, for the time of a ``with`` block.

    Args:
        path: the folder of the dataset, or the URL of its prefix in an object store.

    Raises:
        DatasetError: the dataset is in an object store, and its commits cannot be read.
        SettingsError: the URL's protocol cannot hold datasets.
    """
    with TemporaryDirectory(prefix="copydesk-look-") as folder:
        yield ReadOnlyStore(open_store(path), Path(folder))


def _give_mirror(store: Store, layout: Layout) -> None:
    """Give a store in an object store a mirror of its own, since a run on this machine may be using the usual one."""
    assert isinstance(store, RemoteStore)  # noqa: S101  # the caller has checked the URL
    layout.make()
    store.layout = layout
    synchronise(store.objects, layout, Ledger(layout.ledger / "ledger.sqlite"))
