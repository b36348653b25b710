"""Readers of the dataset: the README's one-liners for DuckDB and Polars, and PyArrow, give the rows that were written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
import yaml

from copydesk.dataset.format.schemas import SCHEMAS
from support.doc_blocks import code_blocks
from support.places import ROOT


def written(dataset: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, file by file."""
    return [row for file in sorted(dataset.glob(f"data/*/{table}-*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()]


def one_liner(library: str) -> str:
    """The README's block that imports a library, as an expression after its import."""
    blocks = [block.text for block in code_blocks(ROOT / "README.md") if block.language == "python" and f"import {library}" in block.text]
    assert len(blocks) == 1, f"the README has {len(blocks)} blocks with {library}"
    lines = blocks[0].strip().splitlines()
    assert len(lines) == 2, "an import and one line"
    return lines[1]


@pytest.fixture
def beside_output(tmp_path: Path, seeds_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(seeds_dataset, tmp_path / "output")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "output"


def test_duckdb_one_liner(beside_output: Path) -> None:
    result = eval(one_liner("duckdb").removesuffix(".show()"), {"duckdb": duckdb}).fetchall()
    quotes = [row for row in written(beside_output, "quotes") if row["kind"] == "direct" and row["speaker"] is not None]
    assert quotes, "the sample pages hold quotations"
    assert sorted(result) == sorted((row["speaker"], row["text"]) for row in quotes)


def test_polars_one_liner(beside_output: Path) -> None:
    frame = eval(one_liner("polars"), {"pl": pl})
    counted: dict[str, int] = {}
    for row in written(beside_output, "removals"):
        counted[row["reason"]] = counted.get(row["reason"], 0) + 1
    assert counted
    assert dict(frame.iter_rows()) == counted


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_reader_sees_the_same_rows(table: str, seeds_dataset: Path) -> None:
    rows = written(seeds_dataset, table)
    pattern = str(seeds_dataset / "data" / "*" / f"{table}-*.parquet")
    key = SCHEMAS[table].names[0]
    expected = sorted(str(row[key]) for row in rows)
    assert sorted(str(item[0]) for item in duckdb.sql(f"SELECT {key} FROM '{pattern}'").fetchall()) == expected
    assert sorted(pl.scan_parquet(pattern).select(key).collect()[key].cast(pl.String).to_list()) == expected
    files = [str(path) for path in sorted(seeds_dataset.glob(f"data/*/{table}-*.parquet"))]
    assert ds.dataset(files).to_table().num_rows == len(rows)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_file_holds_the_whole_schema_with_descriptions(table: str, seeds_dataset: Path) -> None:
    for file in seeds_dataset.glob(f"data/*/{table}-*.parquet"):
        assert pq.read_schema(file).equals(SCHEMAS[table], check_metadata=False)
        for field in pq.read_schema(file):
            assert (field.metadata or {}).get(b"description"), f"{file.name}: {field.name}"


def test_offsets_hold_in_duckdb(seeds_dataset: Path) -> None:
    """Code point offsets work outside Python too."""
    pattern = f"{seeds_dataset}/data/*"
    wrong, right = duckdb.sql(
        f"""SELECT count(*) FILTER (q.text <> array_slice(a.article_body, q.start + 1, q."end")), count(*)
            FROM '{pattern}/quotes-*.parquet' q JOIN '{pattern}/articles-*.parquet' a USING (article_id)""").fetchall()[0]
    assert right > 0
    assert wrong == 0


def test_nested_values_and_times_survive(seeds_dataset: Path) -> None:
    articles = {row["source_path"]: row for row in written(seeds_dataset, "articles")}
    row = next(row for path, row in articles.items() if path.endswith("json-ld.html"))
    frame = pl.scan_parquet(f"{seeds_dataset}/data/*/articles-*.parquet").filter(pl.col("article_id") == row["article_id"]).collect()
    assert frame["authors"].to_list()[0] == row["authors"]
    assert frame["date_published"].to_list()[0] == row["date_published"]
    name, instant = duckdb.sql(
        f"SELECT authors[1].name, epoch(date_published) FROM '{seeds_dataset}/data/*/articles-*.parquet' WHERE article_id = ?",
        params=[row["article_id"]]).fetchall()[0]
    assert name == row["authors"][0]["name"]
    assert instant == row["date_published"].timestamp()


def test_the_commit_adds_up(seeds_dataset: Path) -> None:
    """What the commit says it added is what lies there."""
    commits = sorted((seeds_dataset / "_commits").glob("*.json"))
    assert commits
    assert all(isinstance(json.loads(path.read_text(encoding="utf-8")), dict) for path in commits)
    outcomes = len(written(seeds_dataset, "articles")) + len(written(seeds_dataset, "rejects"))
    assert outcomes == len(list((ROOT / "seeds").iterdir()))


def test_the_card_tells_what_is_there(seeds_dataset: Path) -> None:
    """Its front matter is what Hugging Face reads: a configuration a table, whose pattern finds the table's files."""
    card = (seeds_dataset / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---\n")[1])
    assert front["size_categories"] == ["n<1K"]
    configs = {config["config_name"]: config for config in front["configs"]}
    assert set(configs) == {table for table in SCHEMAS if written(seeds_dataset, table)}
    assert [name for name, config in configs.items() if config.get("default")] == ["articles"]
    for table, config in configs.items():
        found = sum(pq.read_metadata(file).num_rows for file in seeds_dataset.glob(config["data_files"]))
        assert f"| {table} | {found} |" in card
    commit = json.loads((seeds_dataset / "_commits" / "000001.json").read_text(encoding="utf-8"))
    assert f"fingerprint {commit['fingerprint']}" in card
    assert all(f"{count} {status}" in card for status, count in commit["counts"].items() if count)
    for schema in SCHEMAS.values():
        assert all(f"| `{field.name}` | `{field.type}` |" in card for field in schema)
