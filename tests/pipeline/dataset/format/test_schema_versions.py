"""Datasets of other schema versions: older ones are filled in, newer ones kept, other major versions refused; work goes on on top."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk import DatasetError
from copydesk.dataset.format import commits, part_files, schema_versions, schemas
from copydesk.dataset.format.layout import Layout
from support.small_dataset import all_rows, clean, made, said, table
from support.tiny_desk import put

MISSING = {"articles": ("keywords", "dateline", "warc_record_id"), "quotes": ("pattern",), "rejects": ("plugin",)}


def rewrite(output: Path, change: Callable[[str, pa.Table], pa.Table], version: str = "1.0") -> None:
    """Bring all live part files of a dataset into another form, and all records with them, as another version had written them."""
    for folder in sorted(output.glob("data/*")):
        files = {}
        for path in sorted(folder.glob("*.parquet")):
            rows = change(part_files.table_of(path.name), pq.read_table(path, partitioning=None))
            written = part_files.write_part(path, rows.schema, [rows])
            files[path.name] = {"rows": written.rows, "sha256": written.sha256}
        number = int(folder.name[6:12])
        record = output / f"_commits/{number:06}.json"
        told = "".join(f"{name} {part['sha256']}\n" for name, part in sorted(files.items()))
        batch = f"batch={number:06}-{hashlib.sha256(told.encode()).hexdigest()[:6]}"
        tree = {**json.loads(record.read_text()), "files": files, "schema_version": version, "batch": batch}
        record.write_text(json.dumps(tree))
        (folder / "_commit.json").write_text(json.dumps({name: value for name, value in tree.items() if name != "run"}))
        folder.rename(folder.with_name(batch))


def without_some(name: str, rows: pa.Table) -> pa.Table:
    """As a version had it that did not know these fields yet; nor the place of people."""
    rows = rows.drop_columns([field for field in MISSING.get(name, ()) if field in rows.column_names])
    if name == "articles":
        kind = pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())]))
        people = pa.array([[{"name": "Ada Example", "role": "reporter"}]] * len(rows), kind)
        rows = rows.set_column(rows.column_names.index("authors"), pa.field("authors", kind), people)
    return rows


def older(folder: Path) -> tuple[Path, Path, copydesk.Settings]:
    inbox, output, settings = made(folder, 5)
    rewrite(output, without_some)
    return inbox, output, settings


def filled(output: Path) -> None:
    """Assert that a dataset reads under the current schema, what was missing null or empty."""
    opened = copydesk.open_dataset(output)
    for name, schema in schemas.SCHEMAS.items():
        assert opened.table(name).schema.equals(schema), name
    rows = opened.table("articles").to_pylist()
    assert len(rows) == 5
    assert all(row["keywords"] == [] and row["dateline"] is None for row in rows)


def test_an_older_dataset_reads_under_the_current_schema_and_says_what_it_lacks(tmp_path: Path) -> None:
    _, output, _ = older(tmp_path)
    filled(output)
    assert {name: set(fields) for name, fields in copydesk.open_dataset(output).lacks.items()} == {
        name: set(fields) for name, fields in MISSING.items()}
    person = table(output, "articles")[0]["authors"][0]
    assert person == {"name": "Ada Example", "role": "reporter", "organization": "", "location": ""}
    report = copydesk.check_dataset(output)
    assert report.ok
    warned = {finding.where: finding.what for finding in report.findings if finding.level == "warning"}
    assert warned.keys() == MISSING.keys()
    assert "dateline, keywords, warc_record_id" in warned["articles"]


def test_a_current_dataset_lacks_nothing(tmp_path: Path) -> None:
    assert copydesk.open_dataset(made(tmp_path, 2)[1]).lacks == {}


def test_a_run_on_top_replaces_and_adds(tmp_path: Path) -> None:
    inbox, output, settings = older(tmp_path)
    assert copydesk.run([inbox], output, settings).commits == ()
    put(inbox, "story-002.txt", said(2, "Changed."))
    assert copydesk.run([inbox], output, settings).counts["written"] == 1
    filled(output)
    assert copydesk.check_dataset(output).ok
    newest = max(output.glob("data/*"))
    assert any(path.name == "articles-00001.parquet" for path in newest.iterdir())
    for path in newest.glob("articles-*.parquet"):
        assert pq.read_schema(path).equals(schemas.ARTICLES)


def test_a_batch_of_parts_of_several_versions_is_carried_over(tmp_path: Path) -> None:
    inbox, output, settings = older(tmp_path)
    for version in range(3):
        for number in range(2):
            put(inbox, f"story-{number + version:03}.txt", said(number + version, f"Version {version}."))
        copydesk.run([inbox], output, settings)
    filled(output)
    assert copydesk.check_dataset(output).ok


def test_compaction_brings_all_to_the_current_schema(tmp_path: Path) -> None:
    inbox, output, settings = older(tmp_path)
    before = all_rows(output)
    copydesk.compact(output)
    filled(output)
    assert all_rows(output) == before
    assert copydesk.open_dataset(output).lacks == {}
    clean(output)
    assert copydesk.run([inbox], output, settings).commits == ()


def test_erasing_in_an_older_dataset(tmp_path: Path) -> None:
    _, output, _ = older(tmp_path)
    copydesk.erase(output, "https://news.example.com/2")
    assert len(table(output, "articles")) == 4
    assert copydesk.check_dataset(output).ok


def test_fields_of_a_newer_minor_version_are_kept(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path, 5)

    def mood(name: str, rows: pa.Table) -> pa.Table:
        return rows.append_column("mood", pa.array([f"mood {at}" for at in range(len(rows))], pa.string())) if name == "articles" else rows

    rewrite(output, mood, "1.7")
    before = sorted(copydesk.open_dataset(output).table("articles")["mood"].to_pylist())
    assert [(finding.level, finding.where, "have mood" in finding.what) for finding in copydesk.check_dataset(output).findings] == [
        ("warning", "articles", True)]
    put(inbox, "more.txt", said(20))
    put(inbox, "story-004.txt", said(4, "Changed."))
    copydesk.run([inbox], output, settings)
    found = {row["source_path"]: row["mood"] for row in table(output, "articles")}
    assert found["more.txt"] is found["story-004.txt"] is None
    assert sum(value is not None for value in found.values()) == len(before) - 1
    rows = all_rows(output)
    copydesk.compact(output)
    assert all_rows(output) == rows
    assert copydesk.check_dataset(output).ok


@pytest.mark.parametrize(("version", "says"), [("2.0", "a newer copydesk"), ("0.9", "an older copydesk"), ("11.3", "a newer copydesk")])
def test_another_major_version_is_refused_everywhere(tmp_path: Path, version: str, says: str) -> None:
    inbox, output, settings = made(tmp_path, 2)
    rewrite(output, lambda _, rows: rows, version)
    for work in (lambda: copydesk.open_dataset(output), lambda: copydesk.run([inbox], output, settings),
                 lambda: copydesk.compact(output), lambda: commits.read_commit(Layout(output), 1)):
        with pytest.raises(DatasetError, match=f"schema version {version}.*{says}"):
            work()


def test_types_that_do_not_go_together_are_an_error(tmp_path: Path) -> None:
    rows = pa.table({"article_id": pa.array(["a"]), "words": pa.array([["many"]])})
    schema = pa.schema([("article_id", pa.string()), ("words", pa.int32())])
    with pytest.raises(DatasetError, match="do not"):
        schema_versions.conform(rows, schema)
    with pytest.raises(DatasetError, match="'lengths' do not go together"):
        schema_versions.schema_of("lengths", [rows.schema, schema])


def test_lists_of_structs_that_are_null_are_kept_so(tmp_path: Path) -> None:
    kind = pa.list_(pa.struct([("name", pa.string())]))
    wanted = pa.list_(pa.struct([("name", pa.string()), ("place", pa.string())]))
    rows = pa.table({"people": pa.array([None, [{"name": "a"}], [], [None]], kind)})
    found = schema_versions.conform(rows, pa.schema([("people", wanted)]))["people"].to_pylist()
    assert found == [None, [{"name": "a", "place": None}], [], [None]]
