"""Parquet: which columns are what, rows that cannot be read, files that are damaged or hostile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from copydesk import Fault, Location, MediaType, Page, SourceRange, Status
from copydesk_plugins.sources.source_parquet import Plugin
from support.parquet_files import LIMITS, only, opened, written


def page(items: Sequence[Page | Fault]) -> Page:
    (found,) = items
    assert isinstance(found, Page)
    return found


def test_others_are_not_ours() -> None:
    plugin = Plugin(Plugin.Settings())
    assert plugin.plan_source(Location("a.arrow", "a.arrow", 1)) is None
    assert plugin.open_source(SourceRange(Location("a.parquet.gz", "a.parquet.gz", 1)), LIMITS) is None
    assert plugin.plan_source(Location("a.PQ", "a.PQ", 1)) is not None


def test_a_row_becomes_a_page(tmp_path: Path) -> None:
    when = dt.datetime(2026, 3, 14, 9, 30, tzinfo=dt.UTC)
    found = page(opened(written(tmp_path / "a.parquet", {
        "id": [5], "url": ["https://news.example/a"], "text": pa.array(["é"], pa.large_string()),
        "title": pa.array(["T"]).dictionary_encode(), "authors": [["Anna Miller", "Li Wei"]],
        "published_at": pa.array([when], pa.timestamp("ns", "UTC")),
        "fetched_at": pa.array([when.replace(tzinfo=None)], pa.timestamp("us")), "metadata": [{"publisher": "P", "other": [1]}],
        "unused": [b"\xff"]})))
    assert (found.content, found.media_type, found.charset) == ("é".encode(), MediaType.TEXT, "utf-8")
    assert (found.source_path, found.source_record, found.source_offset, found.url) == ("a.parquet", "5", 0, "https://news.example/a")
    assert found.date_captured == when
    assert dict(found.stated) == {
        "headline": "T", "byline": "Anna Miller; Li Wei", "date_published": "2026-03-14T09:30:00+00:00", "publisher": "P"}


def test_html_as_bytes_is_handed_on_as_it_is(tmp_path: Path) -> None:
    found = page(opened(written(tmp_path / "a.parquet", {"html": [b"<p>caf\xe9</p>"], "date": [dt.date(2026, 3, 14)]})))
    assert (found.content, found.media_type, found.charset) == (b"<p>caf\xe9</p>", MediaType.HTML, None)
    assert (found.source_record, dict(found.stated)) == ("row 0", {"date_published": "2026-03-14"})


@pytest.mark.parametrize("kind", [pa.list_(pa.string()), pa.large_list(pa.large_string()), pa.list_(pa.string(), 2)])
def test_a_list_of_texts_is_paragraphs(tmp_path: Path, kind: pa.DataType) -> None:
    found = page(opened(written(tmp_path / "a.parquet", {"body": pa.array([["One.", "Two."]], kind)})))
    assert (found.content, found.media_type) == (b"One.\n\nTwo.", MediaType.TEXT)


def test_content_inside_a_struct(tmp_path: Path) -> None:
    post = {"content": [{"rendered": "<p>A</p>", "protected": False}], "title": [{"rendered": "T"}]}
    found = page(opened(written(tmp_path / "a.parquet", post)))
    assert (found.content, found.media_type, dict(found.stated)) == (b"<p>A</p>", MediaType.HTML, {"headline": "T"})


def test_columns_named_in_the_settings(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"page": [{"markup": "<p>a</p>", "more": "x"}], "text": ["no"], "dotted.name": ["T"]})
    found = page(opened(path, fields={"html": "page.markup", "title": "dotted.name"}))
    assert (found.content, found.stated) == (b"<p>a</p>", (("headline", "T"),))


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    texts = pa.array([b"one", b"caf\xe9", None, b"", b"x" * 200_001, b"six"]).cast(pa.string(), safe=False)
    titles = pa.array([b"\xff", b"b", b"c", b"d", b"e", b"f"]).cast(pa.string(), safe=False)
    items = opened(written(tmp_path / "a.parquet", {"text": texts, "title": titles}))
    first, *broken, last = items
    assert page([first]).content + page([last]).content == b"onesix"
    assert page([first]).stated == (), "a title that cannot be read is none"
    assert [(fault.code, fault.status, fault.source_offset, fault.source_record) for fault in broken if isinstance(fault, Fault)] == [
        ("encoding", Status.QUARANTINED, 1, "row 1"), ("no_content", Status.REJECTED, 2, "row 2"),
        ("no_content", Status.REJECTED, 3, "row 3"), ("limit_page_bytes", Status.QUARANTINED, 4, "row 4")]


def test_large_values_are_read_one_by_one(tmp_path: Path) -> None:
    texts = [str(number) * size for number, size in enumerate([9, 150_000, 9, 3_000_000, 9, *[150_000] * 40, 9])]
    path = written(tmp_path / "a.parquet", {"text": [text * 4 if len(text) == 3_000_000 else text for text in texts]})
    items = opened(path)
    assert [item.code if isinstance(item, Fault) else item.content.decode() for item in items] == [
        "limit_page_bytes" if len(text) > 200_000 else text for text in texts]


@pytest.mark.parametrize(("columns", "code", "status"), [
    ({"foo": ["a"], "bar": ["b"]}, "no_content_column", Status.REJECTED), ({"text": [5]}, "content_type", Status.QUARANTINED),
    ({"text": [[1]]}, "content_type", Status.QUARANTINED), ({"text": pa.array([], pa.string())}, "empty", Status.REJECTED)])
def test_files_without_pages(tmp_path: Path, columns: dict[str, Any], code: str, status: Status) -> None:
    fault = only(opened(written(tmp_path / "a.parquet", columns)))
    assert (fault.code, fault.status) == (code, status)
    if code == "no_content_column":
        assert "foo, bar" in fault.message
        assert "[plugins.source_parquet.fields]" in fault.message


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"]), tmp_path / "a.parquet")
    assert only(opened(tmp_path / "a.parquet")).code == "duplicate_columns"
