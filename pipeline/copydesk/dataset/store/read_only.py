"""Look at a dataset without its lock: beside a run that writes, and without a trace."""

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
    """A dataset that is looked at. ``layout`` has its commit files, ``kept`` its ledger, if there is one on this machine; ``folder`` is
    for whatever the looking needs."""

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
        """The folders that hold the commit files."""
        return self._store.layout

    @contextmanager
    def batch(self, name: str) -> Iterator[Path | None]:
        """The folder of a batch, live or retired; None when it is gone.

        Raises:
            DatasetError: it cannot be fetched, or is damaged there.
        """
        folder = self._store.batch(name)
        try:
            yield folder if folder.is_dir() else find_batch(self.layout, name)
        finally:
            if self.is_remote:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_read_only(path: str | Path) -> Iterator[ReadOnlyStore]:
    """A dataset in a folder or an object store, to look at.

    Raises:
        DatasetError: it is in an object store and its commits cannot be read.
    """
    with TemporaryDirectory(prefix="copydesk-look-") as folder:
        yield ReadOnlyStore(open_store(path), Path(folder))


def _give_mirror(store: Store, layout: Layout) -> None:
    """A mirror of its own for a dataset in an object store: a run on this machine has the other one."""
    assert isinstance(store, RemoteStore)  # noqa: S101  # its URL says so
    layout.make()
    store.layout = layout
    synchronise(store.objects, layout, Ledger(layout.ledger / "ledger.sqlite"))
