"""Read a dataset in an object store exactly: by its commits, which name each part file and its hash."""

from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from copydesk import commits, versions
from copydesk import remote_mirror as mirror
from copydesk.commits import Commit, State
from copydesk.dataset import Dataset
from copydesk.errors import DatasetError
from copydesk.layout import Layout, batch_number
from copydesk.parts import table_of
from copydesk.remote_objects import Objects, Options, check_store
from copydesk.tables import SCHEMAS

if TYPE_CHECKING:
    import pyarrow as pa


class RemoteDataset(Dataset):
    """A dataset below a URL at one commit. Nothing of it is kept on this machine."""

    def __init__(self, objects: Objects, state: State, known: tuple[int, ...], read: Mapping[int, Commit]) -> None:
        super().__init__(Layout(mirror.folder_of(objects.url)), state)
        self._objects = objects
        self._known = known
        self._read = dict(read)

    @property
    def commits(self) -> tuple[int, ...]:
        """The numbers of all commits up to this one."""
        return tuple(number for number in self._known if number <= self.commit)

    def files(self, name: str) -> tuple[str, ...]:  # type: ignore[override]  # URLs: a Path cannot hold one
        """The URLs of a table's part files, in order.

        Raises:
            DatasetError: there is no such table, or a batch is beyond the retention.
        """
        return tuple(self._objects.where(path) for path, _ in self._parts(name))

    @property
    def lacks(self) -> Mapping[str, tuple[str, ...]]:
        """The fields that part files of an older schema version lack, by table; in `table` they are null, lists empty."""
        found = {table: [versions.lacking(table, rows.schema) for rows in self._rows(table)] for table in self.tables}
        joined = {table: tuple(dict.fromkeys(name for names in each for name in names)) for table, each in found.items()}
        return {table: names for table, names in joined.items() if names}

    def table(self, name: str) -> pa.Table:
        """All rows of a table, under the current schema; each part file is checked against the hash in its commit.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file is damaged.
        """
        read = self._rows(name)
        return versions.together(name, read) if read else SCHEMAS[name].empty_table()

    def _rows(self, name: str) -> list[pa.Table]:
        import pyarrow.parquet as pq

        def fetch(part: tuple[str, dict[str, Any]]) -> pa.Table:
            path, told = part
            try:
                return pq.read_table(io.BytesIO(self._objects.read(path, told.get("bytes"), told["sha256"])))
            except FileNotFoundError as error:
                raise self._gone(path.split("/")[1]) from error

        parts = self._parts(name)
        with ThreadPoolExecutor(mirror.AT_ONCE, "copydesk-read") as threads:
            return list(threads.map(fetch, parts))

    def _parts(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Name of the object and what its commit says of it, for each part file of a table."""
        if name not in self.tables:
            raise DatasetError(f"no table named {name!r} (tables: {', '.join(self.tables)})")
        there = set(self._objects.folders("data"))
        missing = next((batch for batch in self._state.live if batch not in there), None)
        if missing is not None:
            raise self._gone(missing)
        with ThreadPoolExecutor(mirror.AT_ONCE, "copydesk-commits") as threads:
            made = list(threads.map(self._commit_of, self._state.live))
        return [(f"data/{commit.batch}/{file}", told) for commit in made for file, told in sorted(commit.files.items())
                if table_of(file) == name]

    def _commit_of(self, batch: str) -> Commit:
        number = batch_number(batch)
        if number not in self._read:
            self._read[number] = commits.decode(mirror.read_commit(self._objects, number))
        return self._read[number]

    def _gone(self, batch: str) -> DatasetError:
        return DatasetError(f"commit {self.commit} needs {batch}, which is gone from {self._objects.url}: "
                            "only the last commits are kept ([dataset] keep_commits)")


def open_remote(url: str, commit: int | None = None, options: Options | None = None) -> RemoteDataset:
    """Open the dataset below a URL at its newest commit, or at an older one.

    Raises:
        DatasetError: there is no dataset, it has no such commit, or the store cannot be read.
        SettingsError: no dataset can lie there, or the protocol needs a package that is not installed.
    """
    check_store(url)
    objects = Objects(url, options)
    known = mirror.numbers(objects)
    if not known and not objects.some(mirror.COMMITS, 1):
        raise DatasetError(f"no dataset in {objects.url}: it has no {mirror.COMMITS}")
    if commit is not None and commit not in known:
        raise DatasetError(f"no commit {commit} in {objects.url} (commits: {known[0] if known else 'none'}"
                           f"{f' to {known[-1]}' if known else ''})")
    number = commit if commit is not None else (known or [0])[-1]
    read: dict[int, Commit] = {}
    while number > 0:
        read[number] = commits.decode(mirror.read_commit(objects, number))
        if read[number].live is not None:
            break
        number -= 1
    state = State()
    for each in sorted(read):
        live = read[each].live
        state = State(read[each], live) if live is not None else state.after(read[each])
    return RemoteDataset(objects, state, tuple(known), read)
