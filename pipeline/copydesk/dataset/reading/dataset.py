"""Read exactly one commit of a dataset in a local folder, even while a run writes the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.dataset.format import commits, schema_versions
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import Layout, batch_number, find_batch
from copydesk.dataset.format.part_files import open_part, table_of
from copydesk.dataset.format.schema_versions import Missing
from copydesk.dataset.format.schemas import SCHEMA_VERSION, SCHEMAS
from copydesk.errors import DatasetError


class Dataset:
    """A dataset at one commit. Use `copydesk.open_dataset` to get one.

    Its tables never hold half a batch, nor two versions of a row. "Retention" below is the setting ``[dataset] keep_commits``: batches
    that none of the last commits needs are deleted.
    """

    def __init__(self, layout: Layout, state: State) -> None:
        self._layout = layout
        self._state = state
        self._made: dict[str, Commit] | None = None

    @property
    def commit(self) -> int:
        """The number of the commit that is read; 0 for a dataset without commits."""
        return self._state.number

    @property
    def commits(self) -> tuple[int, ...]:
        """The numbers of all commits up to this one, sorted."""
        return tuple(number for number in commits.numbers(self._layout) if number <= self.commit)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all tables, those of plugins among them, sorted."""
        return tuple(sorted({*SCHEMAS, *(self._state.commit.totals if self._state.commit else ())}))

    def files(self, name: str) -> list[str]:
        """Return the part files of a table in order, for other readers: local paths, or URLs for a dataset in an object store.

        Args:
            name: the name of the table.

        Raises:
            DatasetError: there is no such table, or a batch was deleted after its retention.
        """
        return [str(self._folder(batch) / part) for batch, part in self._parts(name)]

    def _folder(self, batch: str) -> Path:
        folder = find_batch(self._layout, batch)
        if folder is None:
            raise DatasetError(f"commit {self.commit} needs {batch}, which is gone: "
                               "only the last commits are kept ([dataset] keep_commits)")
        return folder

    def _parts(self, table: str) -> list[tuple[str, str]]:
        """Return batch and file name of a table's part files, from the commits that made the batches."""
        if table not in self.tables:
            raise DatasetError(f"no table named {table!r} (tables: {', '.join(self.tables)})")
        return [(batch, part) for batch, commit in self._commits().items() for part in sorted(commit.files) if table_of(part) == table]

    def _commits(self) -> dict[str, Commit]:
        """Return the commit that made each batch, by the batch's name. They are read once."""
        if self._made is None:
            self._made = {batch: commits.read_commit(self._layout, batch_number(batch)) for batch in self._state.live}
        return self._made

    @property
    def lacks(self) -> Missing:
        """The fields that part files of an older schema version lack, by table. `table` gives null, or an empty list, for them."""
        return schema_versions.lacks({name: (self._opened(*part).schema_arrow for part in self._parts(name)) for name in self.tables})

    def table(self, name: str) -> pa.Table:
        """Read all rows of a table into memory, under the schema that `schema` returns.

        Args:
            name: the name of the table.

        Raises:
            DatasetError: there is no such table, a batch was deleted after its retention, or a part file cannot be read.
        """
        read = [self._opened(*part).read() for part in self._parts(name)]
        return schema_versions.together(name, read) if read else SCHEMAS[name].empty_table()

    def portions(self, name: str, rows: int = 1_000) -> Iterator[pa.Table]:
        """Read the rows that `table` returns in portions, for tables that are larger than memory.

        Args:
            name: the name of the table.
            rows: the most rows in one portion.

        Raises:
            DatasetError: there is no such table, a batch was deleted after its retention, or a part file cannot be read.
        """
        schema = self.schema(name)
        for part in self._parts(name):
            try:
                for batch in self._opened(*part).iter_batches(rows):
                    yield schema_versions.conform(pa.Table.from_batches([batch]), schema)
            except (OSError, ValueError) as error:  # Arrow raises subclasses of both
                raise DatasetError(f"cannot read {'/'.join(part)} of commit {self.commit}: {error}") from error

    def schema(self, name: str) -> pa.Schema:
        """Return the schema of a table: the current one, with the fields that part files of newer versions add.

        Args:
            name: the name of the table. A plugin's table has the fields of all its part files.

        Raises:
            DatasetError: there is no such table, a batch was deleted after its retention, or a part file cannot be read.
        """
        parts = self._parts(name)
        if name in SCHEMAS and all(self._commits()[batch].schema_version == SCHEMA_VERSION for batch, _ in parts):
            return SCHEMAS[name]
        return schema_versions.schema_of(name, [self._opened(*part).schema_arrow for part in parts])

    def _opened(self, batch: str, part: str) -> pq.ParquetFile:
        """Open a part file, wherever its batch lies now."""
        return open_part(lambda: self._folder(batch), part)
