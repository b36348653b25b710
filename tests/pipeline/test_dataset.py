"""Reading back: by commit, by glob with DuckDB and Polars, and what is said when there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_support import desk, fill

import copydesk
from copydesk import DatasetError
from copydesk.tables import SCHEMAS


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    copydesk.run([fill(folder / "in", 9)], folder / "out", desk(folder, dataset={"batch_files": 4}))
    return folder / "out"


def test_tables_and_files_of_a_commit(output: Path) -> None:
    dataset = copydesk.open_dataset(output)
    assert (dataset.commit, dataset.commits) == (3, (1, 2, 3))
    assert set(dataset.tables) == {*SCHEMAS, "lengths"}
    assert [path.name for path in dataset.files("articles")] == ["articles-00000.parquet"] * 3
    assert dataset.table("articles").num_rows == 9
    assert dataset.table("rejects").schema.equals(SCHEMAS["rejects"])
    older = copydesk.open_dataset(output, commit=2)
    assert (older.table("articles").num_rows, older.commits) == (8, (1, 2))


def test_a_dataset_without_commits_has_empty_tables(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    copydesk.run([tmp_path / "in"], tmp_path / "out", desk(tmp_path))
    assert copydesk.open_dataset(tmp_path / "out").table("quotes").equals(SCHEMAS["quotes"].empty_table())


@pytest.mark.parametrize(("commit", "words"), [(9, r"commits: 1 to 3"), (0, "no commit 0")])
def test_a_commit_that_is_not_there(output: Path, commit: int, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        copydesk.open_dataset(output, commit)


def test_a_table_that_is_not_there(output: Path) -> None:
    with pytest.raises(DatasetError, match="tables: articles, claims"):
        copydesk.open_dataset(output).files("article")


def test_a_folder_that_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no dataset"):
        copydesk.open_dataset(tmp_path)


def test_plain_readers_read_the_globs_on_the_card(output: Path) -> None:
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    card = (output / "README.md").read_text()
    for table, rows in (("articles", 9), ("lengths", 9), ("quotes", 0), ("rejects", 0)):
        assert f"| {table} | {rows} | `data/*/{table}-*.parquet` |" in card
        pattern = f"{output}/data/*/{table}-*.parquet"
        assert duckdb.sql(f"SELECT count(*) FROM '{pattern}'").fetchall() == [(rows,)]
        assert polars.scan_parquet(pattern).collect().height == rows
