"""A plugin's own table: checked at the start, written with its articles, described, checked, replaced and erased with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import copydesk
from copydesk import PluginError
from copydesk.engine import opening
from copydesk_flows.export.tables import export
from support.small_dataset import clean, said, speaking
from support.tiny_desk import put, story

LETTERS = '''
"""Counts letters."""
import copydesk, pyarrow as pa

SCHEMA = pa.schema([
    pa.field("article_id", pa.string(), nullable=False, metadata={"description": "the article"}),
    pa.field("letters", pa.int32(), nullable=False, metadata={"description": "letters in | article_body"}),
    pa.field("note", pa.string())], metadata={"description": "Letters of each article."})

def rows(article):
    yield {"article_id": article.article_id, "letters": len(article.body)}

@copydesk.hookimpl
def tables():
    return [copydesk.Table("letters", SCHEMA, rows)]
'''


def lettered(folder: Path, code: str = LETTERS) -> copydesk.Settings:
    settings = speaking(folder)
    (folder / "letters.py").write_text(code, encoding="utf-8")
    return settings.model_copy(update={"plugins": (*settings.plugins, "letters.py")})


def made(folder: Path) -> tuple[Path, Path, copydesk.Settings]:
    inbox, output, settings = folder / "in", folder / "out", lettered(folder)
    for number in range(5):
        put(inbox, f"story-{number}.txt", said(number))
    copydesk.run([inbox], output, settings)
    return inbox, output, settings


def counted(output: Path, commit: int | None = None) -> dict[str, int]:
    """Each article's letters; asserts one row an article, in the batch that the article is in."""
    found = copydesk.open_dataset(output, commit)
    rows = found.table("letters").to_pylist()
    articles = {row["article_id"]: len(row["article_body"]) for row in found.table("articles").to_pylist()}
    assert sorted(row["article_id"] for row in rows) == sorted(articles)
    assert {row["article_id"]: row["letters"] for row in rows} == articles
    return articles


def test_rows_lie_in_the_batch_of_their_articles_and_go_with_them(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    for folder in output.glob("data/*"):
        ids = [set(pq.read_table(folder / f"{name}-00000.parquet", partitioning=None)["article_id"].to_pylist())
               for name in ("articles", "letters")]
        assert ids[0] == ids[1]
    before, first = counted(output), copydesk.open_dataset(output).commit
    put(inbox, "story-1.txt", said(1, "A new ending."))
    copydesk.run([inbox], output, settings)
    after = counted(output)
    [replaced] = copydesk.changes(output, first).replaced
    assert after[replaced] > before[replaced]
    assert counted(output, first) == before
    clean(output)
    copydesk.erase(output, replaced)
    assert set(counted(output)) == set(before) - {replaced}
    copydesk.compact(output)
    assert set(counted(output)) == set(before) - {replaced}
    clean(output)


def test_the_card_describes_the_table(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    section = (output / "README.md").read_text(encoding="utf-8").partition("### letters\n")[2].partition("\n### ")[0]
    assert "Letters of each article." in section
    assert "| `letters` | `int32` | letters in / article_body |" in section


def test_export_has_the_table(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    to = tmp_path / "letters.jsonl"
    assert export(str(output), "letters", "jsonl", str(to)) == 5
    assert {row["article_id"]: row["letters"] for row in map(json.loads, to.read_text().splitlines())} == counted(output)


WRONG = {
    "key a number": ('"t", pa.schema([("article_id", pa.int64())])', "has no field article_id of type string"),
    "a field twice": ('"t", pa.schema([("article_id", pa.string()), ("x", pa.int8()), ("x", pa.int8())])', "has two fields named 'x'"),
    "no type of Parquet": ('"t", pa.schema([("article_id", pa.string()), ("x", pa.month_day_nano_interval())])',
                           "which a dataset cannot hold"),
    "no name": ('"No-Name", pa.schema([("article_id", pa.string())])', "not of the form"),
    "no schema": ('"t", ["article_id"]', "has not a name, an Arrow schema"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_table_that_is_none_stops_the_start(tmp_path: Path, case: str) -> None:
    made_of, says = WRONG[case]
    code = f"import copydesk, pyarrow as pa\n@copydesk.hookimpl\ndef tables():\n    return [copydesk.Table({made_of}, list)]\n"
    put(tmp_path / "in", "a.txt", story(1))
    with pytest.raises(PluginError, match="letters") as caught:
        copydesk.run([tmp_path / "in"], tmp_path / "out", lettered(tmp_path, code))
    assert says in str(caught.value)
    assert not list((tmp_path / "out").glob("data/*"))


def retyped(folder: Path, kind: str) -> copydesk.Settings:
    """The plugin, whose column has another type now."""
    return lettered(folder, LETTERS.replace('pa.field("letters", pa.int32()', f'pa.field("letters", {kind}').replace(
        '"letters": len(article.body)', '"letters": ["a"]'))


def test_a_column_of_another_type_stops_the_start(tmp_path: Path) -> None:
    inbox, output, settings = made(tmp_path)
    put(inbox, "later.txt", said(9))
    with pytest.raises(PluginError) as caught:
        copydesk.run([inbox], output, retyped(tmp_path, "pa.list_(pa.string())"))
    assert str(caught.value) == ("plugin 'letters': table 'letters': column 'letters' is list<item: string>, and in the dataset int32: "
                                 "give the column, or the table, another name")
    assert copydesk.run([inbox], output, lettered(tmp_path, LETTERS.replace("int32", "int64"))).counts["written"] == 1
    assert copydesk.run([inbox], output, settings, refresh=True).counts["written"] == 6
    clean(output)


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    settings = lettered(tmp_path, LETTERS.replace("len(article.body)", '"many" if "tide" in article.body else 1'))
    for number, word in enumerate(("tide", "rain", "tide")):
        put(tmp_path / "in", f"story-{number}.txt", said(number, f"Then came the {word}."))
    skipping = settings.model_copy(update={"run": settings.run.model_copy(update={"on_plugin_error": "skip-plugin"})})
    report = copydesk.run([tmp_path / "in"], tmp_path / "out", skipping)
    assert (report.counts["written"], report.rows["letters"], report.skipped) == (3, 1, {"letters": 2})
    clean(tmp_path / "out")


def test_check_names_files_that_do_not_go_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, output, _ = made(tmp_path)
    put(inbox, "later.txt", said(9))
    monkeypatch.setattr(opening, "check_types", lambda *_: None)
    copydesk.run([inbox], output, retyped(tmp_path, "pa.list_(pa.string())"))
    found = copydesk.check_dataset(output).findings
    assert [each.what for each in found] == ["its schema does not go together with that of the other files of table 'letters'"]


def forged(output: Path, change: Any) -> str:
    path = sorted(output.glob("data/*/letters-00000.parquet"))[0]
    pq.write_table(change(pq.read_table(path, partitioning=None)), path)
    return "\n".join(each.what for each in copydesk.check_dataset(output).findings)


def test_check_names_orphans_missing_rows_and_a_missing_key(tmp_path: Path) -> None:
    _, output, _ = made(tmp_path)
    told = forged(output, lambda rows: rows.set_column(0, rows.schema.field(0), pa.array(["e" * 32] * len(rows))))
    assert f"a row is of article {'e' * 32}, which is not in the batch" in told
    assert "rows, its commit says" in forged(output, lambda rows: rows.slice(1))
    assert "no field article_id of type string" in forged(output, lambda rows: rows.drop_columns(["article_id"]))
