"""A dataset as views of a DuckDB connection, for `copydesk_flows.figures`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from copydesk import Dataset, DatasetError, SettingsError, Status, commits, looking, open_dataset
from copydesk.commits import Commit
from copydesk.files import is_remote
from copydesk.layout import batch_number
from copydesk.parts import table_of
from copydesk.tables import SCHEMAS

if TYPE_CHECKING:
    import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Nothing is fetched."""
_USUAL = """CREATE MACRO usual(x) AS map_keys(histogram(x))[list_position(map_values(histogram(x)), list_max(map_values(histogram(x))))];"""
"""The most frequent value; of several the first by name, so that the same rows give the same figures."""
_VIEW = """CREATE VIEW {name} AS SELECT * EXCLUDE (filename), regexp_extract(filename, 'batch=([0-9]+)', 1)::INT AS "commit"
FROM read_parquet({files}, filename = true, hive_partitioning = false);"""
_COMMITS = """CREATE VIEW commit_files AS SELECT * FROM read_json('{root}/_commits/*.json', columns = {{number: 'INT', base: 'INT',
    inputs: 'BIGINT', counts: 'MAP(VARCHAR, BIGINT)', totals: 'MAP(VARCHAR, BIGINT)', fingerprint: 'VARCHAR',
    run: 'STRUCT(started VARCHAR, seconds MAP(VARCHAR, DOUBLE))'}});
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
    with duckdb.connect(config=SETTINGS) as connection, looking.looked_at(output) as look:
        connection.execute(f"SET TimeZone = 'UTC'; {_USUAL}")
        made = [commits.read_commit(look.layout, number) for number in dataset.commits]
        _commit_tables(connection, made)
        for name in SCHEMAS:
            _rows(connection, dataset, name, made)
        yield Sources(connection, dataset, "" if is_remote(output) else preamble(output))


def preamble(output: str) -> str:
    """The statements that make the views of a dataset in a folder, for people who go on from here."""
    root = output.rstrip("/").replace("'", "''")
    views = [_VIEW.format(name=name, files=f"'{root}/data/*/{name}-*.parquet'") for name in SCHEMAS]
    counts = ", ".join(f"coalesce(counts['{status}'], 0) AS {status}" for status in Status)
    return "\n".join([_USUAL, *views, _COMMITS.format(root=root, counts=counts)])


def _rows(connection: duckdb.DuckDBPyConnection, dataset: Dataset, name: str, made: Iterable[Commit]) -> None:
    """A table of the dataset with the number of each row's commit: lazily from files, or as it comes from a store."""
    files = [str(path) for path in dataset.files(name)]
    if files and "://" not in files[0] and name not in dataset.lacks:
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        connection.execute(_VIEW.format(name=name, files=f"[{listed}]"))
        return
    import pyarrow as pa

    rows = {f"{commit.batch}/{file}": told["rows"] for commit in made for file, told in commit.files.items() if table_of(file) == name}
    numbers: list[int] = []
    for file in files:
        batch, part = file.rsplit("/", 2)[1:]
        numbers += [batch_number(batch)] * rows[f"{batch}/{part}"]
    table = dataset.table(name).append_column("commit", pa.array(numbers, pa.int32()))
    connection.register(name, table)


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
