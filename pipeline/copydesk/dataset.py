"""Read a dataset exactly: the files of one commit, wherever they lie."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.errors import DatasetError
from copydesk.layout import Layout

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from copydesk.commits import Commit, State
    from copydesk.versions import Missing


class Dataset:
    """A dataset at one commit: never half a batch, never two versions of a row."""

    def __init__(self, layout: Layout, state: State) -> None:
        self._layout = layout
        self._state = state
        self._made: dict[str, Commit] | None = None

    @property
    def commit(self) -> int:
        """The number of the commit that is read; 0 for a dataset without one."""
        return self._state.number

    @property
    def commits(self) -> tuple[int, ...]:
        """The numbers of all commits up to this one."""
        from copydesk import commits

        return tuple(number for number in commits.numbers(self._layout) if number <= self.commit)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        from copydesk.tables import SCHEMAS

        return tuple(sorted({*SCHEMAS, *(self._state.commit.totals if self._state.commit else ())}))

    def files(self, name: str) -> list[str]:
        """The part files of a table, in order, as readers take them: paths, or the URLs of a dataset in an object store.

        Raises:
            DatasetError: there is no such table, or a batch is beyond the retention.
        """
        return [str(self._folder(batch) / part) for batch, part in self._parts(name)]

    def _folder(self, batch: str) -> Path:
        from copydesk import entries

        folder = entries.find_batch(self._layout, batch)
        if folder is None:
            raise DatasetError(f"commit {self.commit} needs {batch}, which is gone: "
                               "only the last commits are kept ([dataset] keep_commits)")
        return folder

    def _parts(self, table: str) -> list[tuple[str, str]]:
        """Batch and file name of a table's part files, as the batches' own commits name them."""
        from copydesk.parts import table_of

        if table not in self.tables:
            raise DatasetError(f"no table named {table!r} (tables: {', '.join(self.tables)})")
        return [(batch, part) for batch, commit in self._commits().items() for part in sorted(commit.files) if table_of(part) == table]

    def _commits(self) -> dict[str, Commit]:
        """The commits that made the batches, by batch."""
        from copydesk import commits
        from copydesk.layout import batch_number

        if self._made is None:
            self._made = {batch: commits.read_commit(self._layout, batch_number(batch)) for batch in self._state.live}
        return self._made

    @property
    def lacks(self) -> Missing:
        """The fields that part files of an older schema version lack, by table; in `table` they are null, lists empty."""
        from copydesk import versions

        return versions.lacks({name: (self._opened(*part).schema_arrow for part in self._parts(name)) for name in self.tables})

    def table(self, name: str) -> pa.Table:
        """All rows of a table, under the current schema.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        from copydesk import versions
        from copydesk.tables import SCHEMAS

        read = [self._opened(*part).read() for part in self._parts(name)]
        return versions.together(name, read) if read else SCHEMAS[name].empty_table()

    def portions(self, name: str, rows: int = 1_000) -> Iterator[pa.Table]:
        """The rows of a table as `table` has them, at most so many at a time: for what is larger than memory.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        import pyarrow as pa

        from copydesk import versions

        schema = self.schema(name)
        for part in self._parts(name):
            try:
                for batch in self._opened(*part).iter_batches(rows):
                    yield versions.conform(pa.Table.from_batches([batch]), schema)
            except (OSError, ValueError) as error:  # Arrow's errors are of both kinds
                raise DatasetError(f"cannot read {'/'.join(part)} of commit {self.commit}: {error}") from error

    def schema(self, name: str) -> pa.Schema:
        """The schema that a table is read under: the current one, with what newer versions or plugins added.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        from copydesk import versions
        from copydesk.tables import SCHEMA_VERSION, SCHEMAS

        parts = self._parts(name)
        if name in SCHEMAS and all(self._commits()[batch].schema_version == SCHEMA_VERSION for batch, _ in parts):
            return SCHEMAS[name]
        return versions.schema_of(name, [self._opened(*part).schema_arrow for part in parts])

    def _opened(self, batch: str, part: str) -> pq.ParquetFile:
        """A part file, wherever its batch lies."""
        from copydesk.parts import open_part

        return open_part(lambda: self._folder(batch), part)


def open_dataset(path: str | Path, commit: int | None = None, *, storage_options: Mapping[str, Any] | None = None) -> Dataset:
    """Open the dataset in a folder, or below the URL of a prefix in an object store, at its newest commit, or at an older one.

    Of a dataset in an object store ``storage_options`` are passed to fsspec's file system.

    Raises:
        DatasetError: there is no dataset, it has no such commit, or cannot be read.
        SettingsError: the URL's protocol is unknown, or needs a package that is not installed.

    >>> open_dataset(os.devnull)
    Traceback (most recent call last):
    copydesk.errors.DatasetError: no dataset in /dev/null: it has no folder _commits
    """
    from copydesk import commits
    from copydesk.files import is_remote, local

    place = local(os.fspath(path))
    if is_remote(place):
        from copydesk.remote_dataset import open_remote

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
