"""Read a dataset exactly: the files of one commit, wherever they lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.errors import DatasetError
from copydesk.layout import Layout

if TYPE_CHECKING:
    import pyarrow as pa

    from copydesk.commits import State


class Dataset:
    """A dataset at one commit: never half a batch, never two versions of a row."""

    def __init__(self, layout: Layout, state: State) -> None:
        self._layout = layout
        self._state = state
        self._part_names: dict[str, tuple[str, ...]] | None = None

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

    def files(self, name: str) -> tuple[Path, ...]:
        """The part files of a table, in order.

        Raises:
            DatasetError: there is no such table, or a batch is beyond the retention.
        """
        from copydesk import entries

        if name not in self.tables:
            raise DatasetError(f"no table named {name!r} (tables: {', '.join(self.tables)})")
        found: list[Path] = []
        for batch, names in self._named(name).items():
            folder = entries.find_batch(self._layout, batch)
            if folder is None:
                raise DatasetError(f"commit {self.commit} needs {batch}, which is gone: "
                                   "only the last commits are kept ([dataset] keep_commits)")
            found += [folder / part for part in names]
        return tuple(found)

    def _named(self, table: str) -> dict[str, list[str]]:
        """The part files of a table by batch, as the batches' own commits name them."""
        from copydesk import commits
        from copydesk.layout import batch_number
        from copydesk.parts import table_of

        if self._part_names is None:
            self._part_names = {batch: tuple(sorted(commits.read_commit(self._layout, batch_number(batch)).files))
                                for batch in self._state.live}
        return {batch: [part for part in parts if table_of(part) == table] for batch, parts in self._part_names.items()}

    @property
    def lacks(self) -> Mapping[str, tuple[str, ...]]:
        """The fields that part files of an older schema version lack, by table; in `table` they are null, lists empty."""
        from copydesk import versions

        return versions.lacks({name: self.files(name) for name in self.tables})

    def table(self, name: str) -> pa.Table:
        """All rows of a table, under the current schema.

        Raises:
            DatasetError: there is no such table, or a batch is beyond the retention.
        """
        import pyarrow.parquet as pq

        from copydesk import versions
        from copydesk.tables import SCHEMAS

        while True:
            found = self.files(name)
            try:
                read = [pq.read_table(path, partitioning=None) for path in found]
                break
            except FileNotFoundError as error:  # retired between its finding and its reading, or missing
                if found == self.files(name):
                    raise DatasetError(f"commit {self.commit}: {error}") from error
        if not read:
            return SCHEMAS[name].empty_table()
        return versions.together(name, read)


def open_dataset(path: str | Path, commit: int | None = None, *, storage_options: Mapping[str, Any] | None = None) -> Dataset:
    """Open the dataset in a folder, or below the URL of a prefix in an object store, at its newest commit, or at an older one.

    Of a dataset in an object store `Dataset.files` gives URLs; ``storage_options`` are passed to fsspec's file system.

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
