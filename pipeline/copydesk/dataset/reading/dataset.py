"""Read a dataset exactly: the files of one commit, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.dataset.format import commits, schema_versions
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import Layout, batch_number, find_batch
from copydesk.dataset.format.part_files import open_part, table_of
from copydesk.dataset.format.schema_versions import Missing
from copydesk.dataset.format.schemas import SCHEMA_VERSION, SCHEMAS
from copydesk.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq



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
        return tuple(number for number in commits.numbers(self._layout) if number <= self.commit)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(sorted({*SCHEMAS, *(self._state.commit.totals if self._state.commit else ())}))

    def files(self, name: str) -> list[str]:
        """The part files of a table, in order, as readers take them: paths, or the URLs of a dataset in an object store.

        Raises:
            DatasetError: there is no such table, or a batch is beyond the retention.
        """
        return [str(self._folder(batch) / part) for batch, part in self._parts(name)]

    def _folder(self, batch: str) -> Path:
        folder = find_batch(self._layout, batch)
        if folder is None:
            raise DatasetError(f"commit {self.commit} needs {batch}, which is gone: "
                               "only the last commits are kept ([dataset] keep_commits)")
        return folder

    def _parts(self, table: str) -> list[tuple[str, str]]:
        """Batch and file name of a table's part files, as the batches' own commits name them."""
        if table not in self.tables:
            raise DatasetError(f"no table named {table!r} (tables: {', '.join(self.tables)})")
        return [(batch, part) for batch, commit in self._commits().items() for part in sorted(commit.files) if table_of(part) == table]

    def _commits(self) -> dict[str, Commit]:
        """The commits that made the batches, by batch."""
        if self._made is None:
            self._made = {batch: commits.read_commit(self._layout, batch_number(batch)) for batch in self._state.live}
        return self._made

    @property
    def lacks(self) -> Missing:
        """The fields that part files of an older schema version lack, by table; in `table` they are null, lists empty."""
        return schema_versions.lacks({name: (self._opened(*part).schema_arrow for part in self._parts(name)) for name in self.tables})

    def table(self, name: str) -> pa.Table:
        """All rows of a table, under the current schema.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        read = [self._opened(*part).read() for part in self._parts(name)]
        return schema_versions.together(name, read) if read else SCHEMAS[name].empty_table()

    def portions(self, name: str, rows: int = 1_000) -> Iterator[pa.Table]:
        """The rows of a table as `table` has them, at most so many at a time: for what is larger than memory.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        import pyarrow as pa

        schema = self.schema(name)
        for part in self._parts(name):
            try:
                for batch in self._opened(*part).iter_batches(rows):
                    yield schema_versions.conform(pa.Table.from_batches([batch]), schema)
            except (OSError, ValueError) as error:  # Arrow's errors are of both kinds
                raise DatasetError(f"cannot read {'/'.join(part)} of commit {self.commit}: {error}") from error

    def schema(self, name: str) -> pa.Schema:
        """The schema that a table is read under: the current one, with what newer versions or plugins added.

        Raises:
            DatasetError: there is no such table, a batch is beyond the retention, or a part file cannot be read.
        """
        parts = self._parts(name)
        if name in SCHEMAS and all(self._commits()[batch].schema_version == SCHEMA_VERSION for batch, _ in parts):
            return SCHEMAS[name]
        return schema_versions.schema_of(name, [self._opened(*part).schema_arrow for part in parts])

    def _opened(self, batch: str, part: str) -> pq.ParquetFile:
        """A part file, wherever its batch lies."""
        return open_part(lambda: self._folder(batch), part)
