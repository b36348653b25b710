"""Reading back: by commit, by glob with DuckDB and Polars, and what is said when there is nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk import DatasetError
from copydesk.dataset.format.schemas import SCHEMA_VERSION, SCHEMAS
from support.tiny_desk import desk, fill


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    copydesk.run([fill(folder / "in", 9)], folder / "out", desk(folder, dataset={"batch_files": 4}))
    return folder / "out"


def test_tables_and_files_of_a_commit(output: Path) -> None:
    dataset = copydesk.open_dataset(output)
    assert (dataset.commit, dataset.commits) == (3, (1, 2, 3))
    assert set(dataset.tables) == {*SCHEMAS, "lengths"}
    assert [Path(path).name for path in dataset.files("articles")] == ["articles-00000.parquet"] * 3
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


def test_portions_are_the_table(output: Path) -> None:
    dataset = copydesk.open_dataset(output)
    for table in dataset.tables:
        whole = dataset.table(table)
        for rows in (1, 2, 1000):
            found = list(dataset.portions(table, rows))
            assert all(portion.num_rows <= rows and portion.schema.equals(dataset.schema(table)) for portion in found)
            assert pa.concat_tables([dataset.schema(table).empty_table(), *found]).equals(whole)


def test_portions_of_several_versions_are_the_table(output: Path, tmp_path: Path) -> None:
    """One part file lacks a field, as those of an older version do; one has a field more, as those of a newer one."""
    copy = shutil.copytree(output, tmp_path / "copy")
    older, newer = map(Path, copydesk.open_dataset(copy).files("articles")[:2])
    pq.write_table(pq.read_table(older, partitioning=None).drop_columns(["contributors"]), older)
    rows = pq.read_table(newer, partitioning=None)
    pq.write_table(rows.append_column("mood", pa.array(["calm"] * rows.num_rows)), newer)
    commit = copy / "_commits" / "000002.json"
    commit.write_text(commit.read_text().replace(f'"schema_version": "{SCHEMA_VERSION}"', '"schema_version": "1.9"'))
    dataset = copydesk.open_dataset(copy)
    assert dataset.schema("articles").names == [*SCHEMAS["articles"].names, "mood"]
    assert pa.concat_tables(dataset.portions("articles", 2)).equals(dataset.table("articles"))
    assert dataset.lacks == {"articles": ("contributors",)}


def test_a_batch_that_is_retired_meanwhile_is_read_on(output: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(output, tmp_path / "copy")
    dataset = copydesk.open_dataset(copy)
    wanted = dataset.table("articles")
    portions = dataset.portions("articles", 1)
    found = [next(portions)]
    (copy / "_retired" / "000004").mkdir(parents=True)
    for path in sorted((copy / "data").iterdir()):
        path.rename(copy / "_retired" / "000004" / path.name)
    assert pa.concat_tables([*found, *portions]).equals(wanted)
    assert dataset.table("articles").equals(wanted)


@pytest.mark.parametrize("harm", ["missing", "cut"])
def test_a_part_file_that_cannot_be_read_is_named(harm: str, output: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(output, tmp_path / "copy")
    dataset = copydesk.open_dataset(copy)
    path = Path(dataset.files("articles")[1])
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:400])
    for read in (lambda: dataset.table("articles"), lambda: list(dataset.portions("articles")), lambda: copydesk.changes(copy, 0)):
        with pytest.raises(DatasetError, match=re.escape(str(path))):
            read()


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
