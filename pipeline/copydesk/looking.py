"""Look at a dataset without its lock: beside a run that writes, and without a trace."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from copydesk import entries
from copydesk import store as stores
from copydesk.files import is_remote
from copydesk.layout import Layout
from copydesk.store import Store


class Look:
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
            yield folder if folder.is_dir() else entries.find_batch(self.layout, name)
        finally:
            if self.is_remote:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def looked_at(path: str | Path) -> Iterator[Look]:
    """A dataset in a folder or an object store, to look at.

    Raises:
        DatasetError: it is in an object store and its commits cannot be read.
    """
    with TemporaryDirectory(prefix="copydesk-look-") as folder:
        yield Look(stores.at(path), Path(folder))


def _give_mirror(store: Store, layout: Layout) -> None:
    """A mirror of its own for a dataset in an object store: a run on this machine has the other one."""
    from copydesk.ledger import Ledger
    from copydesk.remote import RemoteStore
    from copydesk.remote_mirror import synchronise

    assert isinstance(store, RemoteStore)  # noqa: S101  # its URL says so
    layout.make()
    store.layout = layout
    synchronise(store.objects, layout, Ledger(layout.ledger / "ledger.sqlite"))
