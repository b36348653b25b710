"""The store of a dataset in an object store (``s3://bucket/prefix``, and other stores that fsspec knows).

Object stores cannot rename or lock. So the writer uploads the objects of a batch under their final names. Then it creates the commit
object, on condition that no object has its name. This step makes the batch part of the dataset, for everybody who reads by commits. A
batch whose run was killed has no commit; the next run writes it again. Unfinished work and the ledger lie in a local mirror
(`copydesk.dataset.store.mirror`).
"""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import NAMES_SHOWN, Layout, batch_number
from copydesk.dataset.format.object_commits import COMMITS, commit_name, folder_of, read_commit_object
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store import card, mirror
from copydesk.dataset.store.local import Store
from copydesk.dataset.store.lock import MirrorLock, OutputLock
from copydesk.dataset.store.staged_shards import stale_shards
from copydesk.errors import DatasetError, SettingsError
from copydesk.storage.durable_files import replace_file
from copydesk.storage.filesystems import check_store
from copydesk.storage.object_errors import NoContainerError
from copydesk.storage.objects import Objects
from copydesk.text.strings import inert

MARK = f"{COMMITS}/_exclusive"
"""An object that every run tries to create. So the run knows that the store refuses to create an object that exists."""
ORPHAN_HOURS = 24
"""Hours without a write after which an uncommitted batch or a staged shard is deleted: until then, a run may be uploading it."""


class RemoteStore(Store):
    """A dataset below a URL, as its writer uses it. ``layout`` is the local mirror. Making the object sends no request.

    Raises:
        SettingsError: the URL's protocol cannot hold datasets.
    """

    def __init__(self, url: str) -> None:
        check_store(url)
        self._url = url.rstrip("/")
        self.objects = Objects(self._url)
        self._uploaded: set[str] = set()
        super().__init__(Layout(folder_of(self._url)))

    @property
    def url(self) -> str:
        """The URL of the dataset."""
        return self._url

    def prepare(self) -> None:
        """Check that the place can hold a dataset and the store can make commits, and create the mirror.

        Raises:
            SettingsError: the place holds other objects, the bucket does not exist, or the store overwrites objects that exist.
            DatasetError: the store cannot be reached or written.
        """
        try:
            there = [] if self.objects.some(COMMITS, 1) else self.objects.some("", NAMES_SHOWN + 1)
        except DatasetError as error:
            if isinstance(error.__cause__, NoContainerError):
                raise SettingsError(f"output {error}") from error
            raise
        if there:
            raise SettingsError(f"the output {inert(self._url)} holds {inert(', '.join(there[:NAMES_SHOWN]))}"
                                f"{' …' if there[NAMES_SHOWN:] else ''} and is no dataset (it has no _commits); "
                                "name a new or an empty prefix")
        self._check_exclusive()
        self.layout.make()

    def _check_exclusive(self) -> None:
        for _ in range(2):  # a new dataset: the first attempt creates the object, the second must be refused
            try:
                self.objects.create(MARK, b"A store that overwrites this object is not safe for commits.\n")
            except FileExistsError:
                return
        raise SettingsError(f"{self.objects.where(MARK)} was to be created only where it is not, and was overwritten: this store ignores "
                            "the condition (If-None-Match), so two runs could take each other's commits; use another store")

    def lock(self) -> OutputLock:
        """Return the lock that only one run on this machine can hold. Against other machines, the creation of commits protects."""
        return MirrorLock(self.layout.ledger / "lock", self._url)

    def recover(self, ledger: Ledger) -> State:
        """Bring mirror, ledger and card up to date, delete abandoned objects, and return the newest state.

        Raises:
            DatasetError: a commit, or a batch that a commit names, is missing or damaged, or the store cannot be read.
        """
        for folder in (self.layout.staging, self.layout.data):
            empty(folder)
        known = mirror.synchronise(self.objects, self.layout, ledger)
        state = commits.state_at(self.layout, known[-1]) if known else State()
        mirror.bring_up(self.objects, self.layout, ledger, state)
        if state.commit is not None:
            self._sweep(state.number)
            if not card.is_of(self.layout, state.commit):
                self._write_card(state.commit)
        return state

    def batch(self, name: str) -> Path:
        """Return a local folder with all files of a batch; fetch them if necessary.

        Raises:
            DatasetError: a file is missing or damaged.
        """
        target = self.layout.data / name
        if not target.is_dir():
            folder = self.layout.staging / f"fetch-{name}"
            mirror.fetch_batch(self.objects, commits.read_commit(self.layout, batch_number(name)), folder)
            folder.rename(target)
        return target

    def schema_of(self, batch: str, part: str, told: Mapping[str, Any]) -> pa.Schema:
        """Read the schema of a part file. Only this file is fetched.

        Raises:
            DatasetError: the file is missing or damaged.
        """
        try:
            return pq.read_schema(io.BytesIO(self.objects.read(f"data/{batch}/{part}", told.get("bytes"), told["sha256"])))
        except FileNotFoundError as error:
            raise DatasetError(f"{self.url}: {batch} is gone") from error

    def replaced(self) -> tuple[str, ...]:
        """Return the names of the batches that are kept only for older commits."""
        known = commits.numbers(self.layout)
        live = commits.state_at(self.layout, known[-1]).live if known else ()
        return tuple(name for name in self.objects.folders("data") if name not in live and self._is_committed(name))

    def publish(self, folder: Path, commit: Commit) -> None:
        """Upload a staged batch, then create its commit. After an error, a second call continues where the first one stopped.

        Raises:
            DatasetError: another writer has made a commit with this number, or the store cannot be written.
        """
        target = self.layout.data / commit.batch
        if folder.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)
        self._upload(target, commit.batch)
        self._create(commit)
        replace_file(commits.commit_path(self.layout, commit.number), commit.encode())

    def _upload(self, folder: Path, batch: str) -> None:
        for path in sorted(folder.iterdir()):
            name = f"data/{batch}/{path.name}"
            if name not in self._uploaded:
                self.objects.upload(name, path)
                self._uploaded.add(name)
        there = {entry.path.rpartition("/")[2]: entry.size for entry in self.objects.entries(f"data/{batch}")}
        for path in sorted(folder.iterdir()):
            if there.get(path.name) != path.stat().st_size:
                self._uploaded.discard(f"data/{batch}/{path.name}")
                raise ConnectionError(f"{self.objects.where(f'data/{batch}/{path.name}')} did not arrive whole: it has "
                                      f"{there.get(path.name, 'no')} bytes of {path.stat().st_size}")

    def _create(self, commit: Commit) -> None:
        name, content = commit_name(commit.number), commit.encode()
        try:
            self.objects.create(name, content)
        except FileExistsError as error:  # perhaps our own: the answer to an earlier attempt may be lost
            if read_commit_object(self.objects, commit.number) != content:
                raise DatasetError(f"commit {commit.number} of {self._url} was made by another run; this one's batch {commit.batch} is "
                                   "swept later; run it again") from error

    def after_commit(self, ledger: Ledger, commit: Commit, keep: int) -> None:
        """Do the work after a commit: add it to the ledger, delete old batches, write the card. A second call repeats it without harm."""
        folder = self.layout.data / commit.batch
        if folder.is_dir() and ledger.open() < commit.number:
            mirror.learn_commit(ledger, commit, folder, commit.removed, commit.base)
        empty(self.layout.data)
        self._uploaded.clear()
        for name in commit.purged:
            self.objects.remove(f"data/{name}")
        self._expire(commit.number - keep + 1)
        self._write_card(commit)

    def _expire(self, limit: int) -> None:
        """Delete the batches that commits up to ``limit`` replaced.

        The mirror remembers up to which commit this was done. Without that note, the store is listed to find batches still there.
        """
        path = self.layout.ledger / mirror.EXPIRED
        done = int(path.read_text()) if path.is_file() else None
        numbers = [number for number in commits.numbers(self.layout) if (done or 0) < number <= limit]
        names = [name for number in numbers for name in commits.read_commit(self.layout, number).removed]
        if done is None and names:
            there = set(self.objects.folders("data"))
            names = [name for name in names if name in there]
        for name in names:
            self.objects.remove(f"data/{name}")
        if numbers or done is None:
            replace_file(path, str(max(limit, done or 0, 0)).encode())

    def _sweep(self, newest: int) -> None:
        """Delete abandoned objects that nobody has written to for `ORPHAN_HOURS`.

        These are staged shards, and batches that can never be committed because another batch has their number.
        """
        limit = time.time_ns() - ORPHAN_HOURS * 3_600 * 1_000_000_000
        for staged in stale_shards(self.objects, limit):
            self.objects.remove(staged)
        for name in self.objects.folders("data"):
            number = _number(name)
            if number is None or number > newest or self._is_committed(name):
                continue
            if all(0 < entry.mtime_ns < limit for entry in self.objects.entries(f"data/{name}")):
                self.objects.remove(f"data/{name}")

    def _is_committed(self, name: str) -> bool:
        number = _number(name)
        known = number is not None and commits.commit_path(self.layout, number).is_file()
        return known and commits.read_commit(self.layout, number or 0).batch == name

    def _write_card(self, commit: Commit) -> None:
        made = Layout(self.layout.staging)
        card.write(made, commit, self.url, commits.state_at(self.layout, commit.number).live)
        self.objects.write(self.layout.card.name, made.card.read_bytes())
        made.card.replace(self.layout.card)


def empty(folder: Path) -> None:
    """Delete everything in a folder, but not the folder."""
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _number(name: str) -> int | None:
    try:
        return batch_number(name)
    except ValueError:
        return None
