"""A dataset as views of a DuckDB connection, for `copydesk_flows.dataset_report.figures`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from copydesk import Dataset, DatasetError, SettingsError, Status, is_remote, open_dataset
from copydesk.operations import SCHEMAS, Commit, batch_number, open_read_only, read_commit, table_of

if TYPE_CHECKING:
    import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""DuckDB must not download extensions."""
MOST_FILES = 1_000
"""The views of an older commit list its files one by one. If there are more than this, they are left out."""
ROWS_AT_ONCE = 10_000
"""Rows are read from an object store in portions of this size."""
_LONG = frozenset({"article_body", "paragraphs"})
"""Columns of long texts, which are not read from an object store."""
_USUAL = """CREATE MACRO usual(x) AS map_keys(histogram(x))[list_position(map_values(histogram(x)), list_max(map_values(histogram(x))))];"""
"""The most frequent value. Of several, the first in order, so that the same rows give the same figures."""
_VIEW = """CREATE VIEW {name} AS SELECT * EXCLUDE (filename), regexp_extract(filename, 'batch=([0-9]+)[^/]*/[^/]*$', 1)::INT AS "commit"
FROM read_parquet({files}, filename = true, hive_partitioning = false);"""
"""A view of a table, with the number of each row's commit."""
_COMMITS = """CREATE VIEW commit_files AS SELECT * FROM read_json('{root}/_commits/*.json', columns = {{number: 'INT', base: 'INT',
    inputs: 'BIGINT', counts: 'MAP(VARCHAR, BIGINT)', totals: 'MAP(VARCHAR, BIGINT)', fingerprint: 'VARCHAR',
    run: 'STRUCT(started VARCHAR, seconds MAP(VARCHAR, DOUBLE))'}}) WHERE number <= {newest};
CREATE VIEW commits AS SELECT number, base, run.started AS started, inputs, {counts}, coalesce(totals['articles'], 0) AS articles,
    fingerprint FROM commit_files;
CREATE VIEW plugin_seconds AS SELECT number AS "commit", unnest(map_keys(run.seconds)) AS plugin,
    unnest(map_values(run.seconds)) AS seconds FROM commit_files;"""
"""The views of commits and of the time in plugins, for people. The report itself gets them from `_commit_tables`."""


@dataclass(frozen=True, slots=True)
class Sources:
    """A dataset that can be queried.

    Attributes:
        connection: a connection with the dataset's tables, and the views ``commits`` and ``plugin_seconds``.
        dataset: the dataset.
        preamble: SQL that makes the same views, for people; empty where there is none (`preamble`).
    """

    connection: duckdb.DuckDBPyConnection
    dataset: Dataset
    preamble: str


@contextmanager
def sources(output: str, commit: int | None = None) -> Iterator[Sources]:
    """Open a dataset for queries, at its newest commit or an older one.

    Raises:
        DatasetError: there is no dataset, no such commit, or no commit at all.
        SettingsError: duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise SettingsError("a report needs DuckDB and matplotlib: pip install 'copydesk[report]'") from error
    dataset = open_dataset(output, commit)
    if not dataset.commit:
        raise DatasetError(f"no commit in {output}: there is nothing to report on")
    try:
        with duckdb.connect(config=SETTINGS) as connection, open_read_only(output) as store:
            connection.execute(f"SET TimeZone = 'UTC'; {_USUAL}")
            made = [read_commit(store.layout, number) for number in dataset.commits]
            _commit_tables(connection, made)
            for name in SCHEMAS:
                _rows(connection, dataset, name, made)
            yield Sources(connection, dataset, preamble(output, dataset))
    except duckdb.Error as error:
        raise DatasetError(f"commit {dataset.commit} of {output} cannot be read: {error}") from error


def preamble(output: str, dataset: Dataset) -> str:
    """Return the SQL that makes the views of a dataset in a folder, for people who want to query it themselves.

    The result is empty for a dataset in an object store, and for an older commit with more than `MOST_FILES` files.
    """
    if is_remote(output):
        return ""
    root = _pattern(output.rstrip("/"))
    files = {name: f"'{root}/data/*/{name}-*.parquet'" for name in SCHEMAS}
    if dataset.commit != open_dataset(output).commit:
        listed = {name: dataset.files(name) for name in SCHEMAS}
        if sum(map(len, listed.values())) > MOST_FILES:
            return ""
        files = {name: _listed(paths) for name, paths in listed.items()}
    views = [_VIEW.format(name=name, files=files[name]) for name in SCHEMAS]
    counts = ", ".join(f"coalesce(counts['{status}'], 0) AS {status}" for status in Status)
    return "\n".join([_USUAL, *views, _COMMITS.format(root=root, counts=counts, newest=dataset.commit)])


def _pattern(path: str) -> str:
    """Escape a path for a file pattern in DuckDB's SQL."""
    return re.sub(r"([\[*?])", r"[\1]", path).replace("'", "''")


def _listed(paths: Iterable[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def _rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset, name: str, made: Iterable[Commit]) -> None:
    """Add a table with the number of each row's commit. DuckDB reads local files when they are queried. Rows from an object store are read
    now, without long texts."""
    files = dataset.files(name)
    if files and "://" not in files[0] and name not in dataset.lacks:
        connection.execute(_VIEW.format(name=name, files=_listed(files)))
        return
    import pyarrow as pa

    rows = {f"{commit.batch}/{file}": told["rows"] for commit in made for file, told in commit.files.items() if table_of(file) == name}
    numbers: list[int] = []
    for file in files:
        batch, part = file.rsplit("/", 2)[1:]
        numbers += [batch_number(batch)] * rows[f"{batch}/{part}"]
    none = dataset.schema(name).empty_table()
    left = [column for column in none.column_names if column not in _LONG]
    table = pa.concat_tables(part.select(left) for part in chain([none], dataset.portions(name, ROWS_AT_ONCE)))
    connection.register(name, table.append_column("commit", pa.array(numbers, pa.int32())))


def _commit_tables(connection: duckdb.DuckDBPyConnection, made: Iterable[Commit]) -> None:
    import pyarrow as pa

    told: list[dict[str, Any]] = []
    seconds: list[dict[str, Any]] = []
    for commit in made:
        told.append({"number": commit.number, "base": commit.base, "started": commit.run.get("started"), "inputs": commit.inputs,
                     **{str(status): commit.counts.get(status, 0) for status in Status},
                     "articles": commit.totals.get("articles", 0), "fingerprint": commit.fingerprint})
        seconds += [{"commit": commit.number, "plugin": name, "seconds": float(took)}
                    for name, took in (commit.run.get("seconds") or {}).items()]
    connection.register("commits", pa.Table.from_pylist(told))
    connection.register("plugin_seconds", pa.Table.from_pylist(seconds, schema=pa.schema(
        [("commit", pa.int32()), ("plugin", pa.string()), ("seconds", pa.float64())])))
