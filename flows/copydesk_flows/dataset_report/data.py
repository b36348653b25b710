"""A dataset as views of a DuckDB connection, for `copydesk_flows.figures`."""

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
"""Nothing is fetched."""
MOST_FILES = 1_000
"""Files that a report lists, of an older commit."""
_LONG = frozenset({"article_body", "paragraphs"})
_USUAL = """CREATE MACRO usual(x) AS map_keys(histogram(x))[list_position(map_values(histogram(x)), list_max(map_values(histogram(x))))];"""
"""The most frequent value; of several the first by name, so that the same rows give the same figures."""
_VIEW = """CREATE VIEW {name} AS SELECT * EXCLUDE (filename), regexp_extract(filename, 'batch=([0-9]+)[^/]*/[^/]*$', 1)::INT AS "commit"
FROM read_parquet({files}, filename = true, hive_partitioning = false);"""
_COMMITS = """CREATE VIEW commit_files AS SELECT * FROM read_json('{root}/_commits/*.json', columns = {{number: 'INT', base: 'INT',
    inputs: 'BIGINT', counts: 'MAP(VARCHAR, BIGINT)', totals: 'MAP(VARCHAR, BIGINT)', fingerprint: 'VARCHAR',
    run: 'STRUCT(started VARCHAR, seconds MAP(VARCHAR, DOUBLE))'}}) WHERE number <= {newest};
CREATE VIEW commits AS SELECT number, base, run.started AS started, inputs, {counts}, coalesce(totals['articles'], 0) AS articles,
    fingerprint FROM commit_files;
CREATE VIEW plugin_seconds AS SELECT number AS "commit", unnest(map_keys(run.seconds)) AS plugin,
    unnest(map_values(run.seconds)) AS seconds FROM commit_files;"""


@dataclass(frozen=True, slots=True)
class Sources:
    """A connection with the dataset's tables, ``commits`` and ``plugin_seconds``; ``preamble`` makes the same views by hand."""

    connection: duckdb.DuckDBPyConnection
    dataset: Dataset
    preamble: str


@contextmanager
def sources(output: str, commit: int | None = None) -> Iterator[Sources]:
    """The dataset at an output, at its newest commit or an older one, to be queried.

    Raises:
        DatasetError: there is no dataset, no such commit, or none with rows.
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
        with duckdb.connect(config=SETTINGS) as connection, open_read_only(output) as look:
            connection.execute(f"SET TimeZone = 'UTC'; {_USUAL}")
            made = [read_commit(look.layout, number) for number in dataset.commits]
            _commit_tables(connection, made)
            for name in SCHEMAS:
                _rows(connection, dataset, name, made)
            yield Sources(connection, dataset, preamble(output, dataset))
    except duckdb.Error as error:
        raise DatasetError(f"commit {dataset.commit} of {output} cannot be read: {error}") from error


def preamble(output: str, dataset: Dataset) -> str:
    """The statements that make the views of a dataset in a folder, for people who go on from here; empty where there are none: of a
    dataset in an object store, and of an older commit with very many files."""
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
    """A path as part of a pattern in DuckDB's SQL."""
    return re.sub(r"([\[*?])", r"[\1]", path).replace("'", "''")


def _listed(paths: Iterable[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def _rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset, name: str, made: Iterable[Commit]) -> None:
    """A table of the dataset with the number of each row's commit: lazily from files, or as it comes from a store, without the texts."""
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
    table = pa.concat_tables(part.select(left) for part in chain([none], dataset.portions(name, 10_000)))
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
