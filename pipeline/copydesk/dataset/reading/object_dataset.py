"""Read exactly one commit of a dataset in an object store. The commits name each part file and its hash."""

from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.dataset.format import commits, schema_versions
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.format.object_commits import AT_ONCE, COMMITS, commit_object_numbers, folder_of, read_commit_object
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.dataset.reading.dataset import Dataset
from copydesk.errors import DatasetError
from copydesk.storage.filesystems import Options, check_store
from copydesk.storage.objects import Objects


class RemoteDataset(Dataset):
    """A dataset below a URL at one commit. It keeps nothing on this machine.

    Args:
        objects: the objects of the dataset.
        state: the state at the commit.
        known: the numbers of all commits in the store.
        read: commits that were read already, by number, so that they are not fetched again.
    """

    def __init__(self, objects: Objects, state: State, known: tuple[int, ...], read: Mapping[int, Commit]) -> None:
        super().__init__(Layout(folder_of(objects.url)), state)
        self._objects = objects
        self._known = known
        self._read = dict(read)

    @property
    def commits(self) -> tuple[int, ...]:
        """The numbers of all commits up to this one, sorted."""
        return tuple(number for number in self._known if number <= self.commit)

    def files(self, name: str) -> list[str]:
        """Return the URLs of a table's part files, in order.

        Raises:
            DatasetError: there is no such table, or a batch was deleted after its retention.
        """
        return [self._objects.where(f"data/{batch}/{part}") for batch, part in self._parts(name)]

    def table(self, name: str) -> pa.Table:
        """Read all rows of a table into memory. Each part file is checked against the hash in its commit.

        Raises:
            DatasetError: there is no such table, a batch was deleted after its retention, or a part file is damaged.
        """
        parts = self._parts(name)
        with ThreadPoolExecutor(AT_ONCE, "copydesk-read") as threads:
            read = list(threads.map(lambda part: self._opened(*part).read(), parts))
        return schema_versions.together(name, read) if read else SCHEMAS[name].empty_table()

    def _opened(self, batch: str, part: str) -> pq.ParquetFile:
        told = self._commits()[batch].files[part]
        try:
            return pq.ParquetFile(io.BytesIO(self._objects.read(f"data/{batch}/{part}", told.get("bytes"), told["sha256"])))
        except FileNotFoundError as error:
            raise self._gone(batch) from error

    def _parts(self, table: str) -> list[tuple[str, str]]:
        found = super()._parts(table)
        there = set(self._objects.folders("data"))
        missing = next((batch for batch in self._state.live if batch not in there), None)
        if missing is not None:
            raise self._gone(missing)
        return found

    def _commits(self) -> dict[str, Commit]:
        if self._made is None:
            with ThreadPoolExecutor(AT_ONCE, "copydesk-commits") as threads:
                self._made = dict(zip(self._state.live, threads.map(self._commit_of, self._state.live), strict=True))
        return self._made

    def _commit_of(self, batch: str) -> Commit:
        number = batch_number(batch)
        return self._read[number] if number in self._read else commits.decode_commit(read_commit_object(self._objects, number))

    def _gone(self, batch: str) -> DatasetError:
        return DatasetError(f"commit {self.commit} needs {batch}, which is gone from {self._objects.url}: "
                            "only the last commits are kept ([dataset] keep_commits)")


def open_remote(url: str, commit: int | None = None, options: Options | None = None) -> RemoteDataset:
    """Open the dataset below a URL.

    Args:
        url: the prefix of the dataset.
        commit: the commit to read; None reads the newest.
        options: arguments for fsspec's file system.

    Raises:
        DatasetError: there is no dataset, it has no such commit, or the store cannot be read.
        SettingsError: the protocol cannot hold datasets, or needs a package that is not installed.
    """
    check_store(url)
    objects = Objects(url, options)
    known = commit_object_numbers(objects)
    if not known and not objects.some(COMMITS, 1):
        raise DatasetError(f"no dataset in {objects.url}: it has no {COMMITS}")
    if commit is not None and commit not in known:
        raise DatasetError(f"no commit {commit} in {objects.url} (commits: {known[0] if known else 'none'}"
                           f"{f' to {known[-1]}' if known else ''})")
    number = commit if commit is not None else (known or [0])[-1]
    read: dict[int, Commit] = {}

    def fetch(each: int) -> Commit:
        read[each] = commits.decode_commit(read_commit_object(objects, each))
        return read[each]

    return RemoteDataset(objects, commits.state_from(fetch, number), tuple(known), read)
