"""The recipes of docs/consuming.md that need more than the development environment, each as it stands there; then what they promise:
nested lists, instants, added columns, one commit. Skipped where a library (or Java, or PostgreSQL) is missing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from support.doc_blocks import code_blocks
from support.places import ROOT

FERRY = ("Ferry line to reopen\n\nBy Ann Example\n\nThe harbour council voted on Friday to reopen the ferry line, which closed two winters "
         "ago after a pier was damaged by a storm, its clerk said.\n")
Read = Callable[[list[str]], list[tuple[str, str | None, float | None, str | None]]]
"""Files to (article_id, first author's name, instant of publication, the added column), sorted."""


def recipe(library: str) -> str:
    blocks = [block.text for block in code_blocks(ROOT / "docs" / "consuming.md") if block.comment.endswith(f"runs it with {library}")]
    assert len(blocks) == 1
    return blocks[0]


def run(library: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__recipe__"}
    exec(compile(recipe(library), f"consuming.md ({library})", "exec"), names)
    return names


@pytest.fixture
def output(tmp_path: Path, seeds_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(seeds_dataset, tmp_path / "output")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "output"


@pytest.fixture
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java on this machine")
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config(
        "spark.sql.session.timeZone", "UTC").getOrCreate()
    yield session
    session.stop()


def articles(output: Path) -> list[dict[str, Any]]:
    return copydesk.open_dataset(output).table("articles").to_pylist()


def test_pandas(output: Path) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    found = run("pandas")
    assert len(found["articles"]) == len(articles(output))
    assert sorted(found["authors"]["name"]) == sorted(person["name"] for row in articles(output) for person in row["authors"])


def test_hugging_face_datasets(output: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    dataset = copydesk.open_dataset(output)
    assert run("datasets")["quotes"].num_rows == dataset.table("quotes").num_rows
    for table in dataset.tables:
        loaded = datasets.load_dataset(str(output), table, split="train")
        assert loaded.to_list() == dataset.table(table).to_pylist()
    assert datasets.load_dataset(str(output), split="train").num_rows == len(articles(output))


def test_spark(output: Path, spark: Any) -> None:
    found = run("pyspark")["authors"].collect()
    assert sorted(row["name"] for row in found) == sorted(person["name"] for row in articles(output) for person in row["authors"])


def test_clickhouse(output: Path) -> None:
    pytest.importorskip("chdb", reason="chdb is not installed")
    found = [json.loads(line) for line in str(run("chdb")["found"]).splitlines()]
    assert sum(int(row["articles"]) for row in found) == len(articles(output))
    assert sum(int(row["signed"]) for row in found) == sum(bool(row["authors"]) for row in articles(output))


def by_duckdb(files: list[str]) -> list[tuple[Any, ...]]:
    import duckdb

    return duckdb.sql(f"SELECT article_id, authors[1].name, epoch(date_published), mood FROM read_parquet({files!r}, union_by_name=True)"
                      ).fetchall()


def by_polars(files: list[str]) -> list[tuple[Any, ...]]:
    import polars as pl

    frame = pl.concat([pl.scan_parquet(file) for file in files], how="diagonal").select(
        "article_id", pl.col("authors").list.first().struct.field("name"), pl.col("date_published").dt.epoch("us") / 1e6, "mood")
    return frame.collect().rows()


def by_pyarrow(files: list[str]) -> list[tuple[Any, ...]]:
    import pyarrow.dataset as ds

    schema = pa.unify_schemas([pq.read_schema(path) for path in files])
    return [(row["article_id"], row["authors"][0]["name"] if row["authors"] else None,
             row["date_published"].timestamp() if row["date_published"] else None, row["mood"])
            for row in ds.dataset(files, schema=schema).to_table().to_pylist()]


def by_pandas(files: list[str]) -> list[tuple[Any, ...]]:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pd.concat([pd.read_parquet(path, dtype_backend="pyarrow") for path in files], ignore_index=True)
    return [(row.article_id, row.authors[0]["name"] if len(row.authors) else None,
             row.date_published.timestamp() if not pd.isna(row.date_published) else None, None if pd.isna(row.mood) else row.mood)
            for row in frame.itertuples()]


def by_chdb(files: list[str]) -> list[tuple[Any, ...]]:
    chdb = pytest.importorskip("chdb", reason="chdb is not installed")
    batches = ",".join(Path(file).parent.name for file in files)
    text = str(chdb.query(f"""
        SELECT article_id, if(empty(authors), NULL, authors[1].1) AS name, toUnixTimestamp64Micro(date_published) AS at, mood
        FROM file('{Path(files[0]).parents[1]}/{{{batches}}}/articles-*.parquet', Parquet)
        SETTINGS schema_inference_mode = 'union'""", "JSONEachRow"))
    return [(row["article_id"], row["name"], int(row["at"]) / 1e6 if row["at"] is not None else None, row["mood"])
            for row in map(json.loads, text.splitlines())]


def expected(output: Path, mood: dict[str, str]) -> list[tuple[Any, ...]]:
    return sorted(((row["article_id"], row["authors"][0]["name"] if row["authors"] else None,
                    row["date_published"].timestamp() if row["date_published"] else None, mood.get(row["article_id"]))
                   for row in articles(output)), key=str)


@pytest.fixture
def later(output: Path) -> tuple[list[str], dict[str, str]]:
    """The files of one commit, to which a file of a later version is added, with a field that the first has not."""
    first = copydesk.open_dataset(output).files("articles")
    table = pq.read_table(first[0], partitioning=None)
    copy = table.set_column(0, table.schema.field(0), pa.array([f"{each}x" for each in table["article_id"].to_pylist()]))
    copy = copy.append_column("mood", pa.array(["calm"] * copy.num_rows))
    added = output / "data" / "batch=000009-ffffff" / "articles-00000.parquet"
    added.parent.mkdir()
    pq.write_table(copy, added)
    return [*first, str(added)], dict.fromkeys(copy["article_id"].to_pylist(), "calm")


@pytest.mark.parametrize("read", [by_duckdb, by_polars, by_pyarrow, by_pandas, by_chdb])
def test_nested_lists_instants_and_added_columns(read: Read, output: Path, later: tuple[list[str], dict[str, str]]) -> None:
    files, mood = later
    old = expected(output, {})
    both = sorted([*old, *((f"{row[0]}x", row[1], row[2], "calm") for row in old)], key=str)
    assert any(row[1] for row in both)
    assert any(row[2] for row in both)
    assert sorted((tuple(row) for row in read(files)), key=str) == both
    assert set(mood) == {row[0] for row in both if row[3]}


def test_the_same_in_spark(output: Path, later: tuple[list[str], dict[str, str]], spark: Any) -> None:
    frame = spark.read.option("mergeSchema", "true").parquet(*later[0])
    found = [(row["article_id"], row["authors"][0]["name"] if row["authors"] else None, row["at"] / 1e6 if row["at"] else None, row["mood"])
             for row in frame.selectExpr("article_id", "authors", "unix_micros(date_published) AS at", "mood").collect()]
    old = expected(output, {})
    assert sorted(found, key=str) == sorted([*old, *((f"{row[0]}x", row[1], row[2], "calm") for row in old)], key=str)
    (shown,) = frame.where("date_published IS NOT NULL").selectExpr("min(date_format(date_published, 'yyyy-MM-dd HH:mm'))").first()
    first = min(row["date_published"] for row in articles(output) if row["date_published"])
    assert datetime.strptime(shown, "%Y-%m-%d %H:%M").replace(tzinfo=UTC) == first.replace(second=0)


def test_one_commit_beside_newer_ones(output: Path, tmp_path: Path) -> None:
    before = articles(output)
    (tmp_path / "more.txt").write_text(FERRY, encoding="utf-8")
    copydesk.run([tmp_path / "more.txt"], output)
    files = copydesk.open_dataset(output, commit=1).files("articles")
    assert sorted(row["article_id"] for row in by_pyarrow_ids(files)) == sorted(row["article_id"] for row in before)
    assert len(articles(output)) == len(before) + 1


def by_pyarrow_ids(files: list[str]) -> list[dict[str, Any]]:
    import pyarrow.dataset as ds

    return ds.dataset(files).to_table(columns=["article_id"]).to_pylist()


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL server of our own, by its connection string."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not tools:
        pytest.skip("there is no PostgreSQL on this machine")
    home = tmp_path / "pg"
    home.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(home, "postgres")
        for parent in home.parents:
            if parent.owner() == "root" and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    call = [*as_user, str(tools[-1]), "-D", str(home / "data"), "-U", "copydesk", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(call, check=True, capture_output=True, cwd="/")
    control = [*as_user, str(tools[-1].with_name("pg_ctl")), "-D", str(home / "data"), "-w"]
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    subprocess.run([*control, "-o", options, "-l", str(home / "log"), "start"], check=True, capture_output=True, cwd="/")
    try:
        yield f"host={home} user=copydesk dbname=postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")


def test_a_table_in_postgresql_keeps_in_step(output: Path, tmp_path: Path, postgresql: str) -> None:
    import psycopg

    keep = run("psycopg")["keep_in_step"]

    def copied() -> list[tuple[Any, ...]]:
        with psycopg.connect(postgresql) as database:
            return sorted(database.execute("SELECT article_id, authors, date_published, article_body FROM articles").fetchall())

    def wanted() -> list[tuple[Any, ...]]:
        return sorted((row["article_id"], row["authors"], row["date_published"], row["article_body"]) for row in articles(output))

    assert len(keep("output", postgresql).added) == len(wanted())
    assert copied() == wanted()
    change(output, tmp_path)
    found = keep("output", postgresql)
    assert len(found.erased) == 1
    assert found.added or found.replaced
    assert copied() == wanted()
    assert keep("output", postgresql).added == ()
    assert copied() == wanted()


def test_a_duckdb_file_keeps_in_step(output: Path, tmp_path: Path) -> None:
    import duckdb

    text = next(block.text for block in code_blocks(ROOT / "docs" / "consuming.md") if block.file == "keep_duckdb.py")
    (tmp_path / "keep_duckdb.py").write_text(text, encoding="utf-8")

    def keep() -> None:
        subprocess.run([sys.executable, "keep_duckdb.py"], cwd=tmp_path, check=True, capture_output=True)
        with duckdb.connect(str(tmp_path / "copy.duckdb")) as database:
            database.execute("SET TimeZone = 'UTC'")
            for table in ("articles", "quotes", "removals", "claims"):
                held = copydesk.open_dataset(output).table(table).to_pylist()
                assert sorted(map(str, database.table(table).to_arrow_table().to_pylist())) == sorted(map(str, held))

    keep()
    change(output, tmp_path)
    keep()
    keep()


def change(output: Path, folder: Path) -> None:
    """An article more, one compaction, and one article erased."""
    (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    copydesk.run([folder / "ferry.txt"], output)
    copydesk.compact(output)
    copydesk.erase(output, articles(output)[0]["article_id"])
