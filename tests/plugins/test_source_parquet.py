"""Parquet: which columns are what, rows that cannot be read, files that are damaged or hostile."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Fault, LimitSettings, Location, MediaType, Page, SourceRange, Status
from copydesk_plugins.sources.parquet.files import groups
from copydesk_plugins.sources.parquet.page_headers import _HEADER
from copydesk_plugins.sources.parquet.thrift import ThriftReader
from copydesk_plugins.sources.source_parquet import Plugin

LIMITS = LimitSettings(page_bytes=200_000)
TEXTS = [f"Text number {number}. " * 30 for number in range(200)]


def opened(path: Path, **given: Any) -> list[Page | Fault]:
    plugin = Plugin(Plugin.Settings.model_validate(given))
    ranges = plugin.plan_source(Location(str(path), path.name, path.stat().st_size))
    assert ranges is not None
    return [item for each in ranges for item in plugin.open_source(each, LIMITS) or ()]


def written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def only(items: Sequence[Page | Fault]) -> Fault:
    (fault,) = items
    assert isinstance(fault, Fault)
    return fault


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


@settings(max_examples=20, deadline=None)
@given(range_bytes=st.integers(1, 40_000), group=st.integers(3, 90))
def test_ranges_of_row_groups_together_are_one_pass(tmp_path_factory: pytest.TempPathFactory, range_bytes: int, group: int) -> None:
    path = written(tmp_path_factory.mktemp("groups") / "a.parquet", {"text": TEXTS, "id": list(map(str, range(200)))}, row_group_size=group)
    items = opened(path, range_bytes=range_bytes)
    assert [item.source_offset for item in items] == list(range(200))
    assert [item.content.decode() for item in items if isinstance(item, Page)] == TEXTS


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


@pytest.mark.parametrize(("keep", "tail", "code"), [
    (0, b"", "empty"), (0, b"<html><p>Not Parquet.</p></html>", "not_parquet"), (4, b"", "parquet"), (500, b"", "parquet"),
    (-100, b"", "parquet"), (-8, struct.pack("<I", 0xFFFFFFF0) + b"PAR1", "parquet"), (-8, struct.pack("<I", 3) + b"PAR1", "parquet"),
    (-60, bytes(52) + struct.pack("<I", 52) + b"PAR1", "parquet")])
def test_files_that_are_damaged(tmp_path: Path, keep: int, tail: bytes, code: str) -> None:
    path = written(tmp_path / "a.parquet", {"text": TEXTS})
    path.write_bytes(path.read_bytes()[:keep] + tail)
    fault = only(opened(path, range_bytes=10))
    assert (fault.code, fault.status) == (code, Status.QUARANTINED if code == "parquet" else Status.REJECTED)


@pytest.mark.parametrize("part", ["header", "data"])
def test_a_damaged_row_group_costs_its_rows(tmp_path: Path, part: str) -> None:
    path = written(tmp_path / "a.parquet", {"text": TEXTS}, row_group_size=50, compression="zstd", use_dictionary=False)
    chunk = pq.read_metadata(path).row_group(1).column(0)
    start = chunk.data_page_offset + (0 if part == "header" else chunk.total_compressed_size - 100)
    content = bytearray(path.read_bytes())
    content[start:start + 40] = b"\xff" * 40
    path.write_bytes(content)
    items = opened(path)
    assert [item.content.decode() for item in items if isinstance(item, Page)] == TEXTS[:50] + TEXTS[100:]
    (fault,) = [item for item in items if isinstance(item, Fault)]
    assert (fault.code, fault.source_offset) == ("parquet", 50)
    assert "row group 1" in fault.message


def test_a_dictionary_that_multiplies_is_refused(tmp_path: Path) -> None:
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 100_000]))
    path = written(tmp_path / "a.parquet", {"text": bomb})
    fault = only(opened(path))
    assert fault.code == "limit_expansion"
    assert path.stat().st_size < 100_000


def test_repeated_rows_are_read(tmp_path: Path) -> None:
    items = opened(written(tmp_path / "a.parquet", {"text": ["The same text. " * 20] * 3_000}))
    assert len(items) == 3_000
    assert all(isinstance(item, Page) for item in items)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_a_header(data: bytes) -> None:
    reader = ThriftReader(data)
    try:
        reader.struct(_HEADER)
    except (IndexError, ValueError):
        return
    assert reader.at <= len(data)


def test_our_reading_of_footers_is_pyarrows(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", {"text": TEXTS, "meta": [{"url": "u", "tags": ["a"]}] * 200}, row_group_size=70)
    with path.open("rb") as file:
        found = groups(file)
    footer = pq.read_metadata(path)
    assert [(group.rows, group.before) for group in found] == [(70, 0), (70, 70), (60, 140)]
    for group in found:
        for number, chunk in enumerate(group.chunks):
            due = footer.row_group(group.number).column(number)
            assert (chunk.path, chunk.packed, chunk.unpacked, chunk.values) == (
                due.path_in_schema, due.total_compressed_size, due.total_uncompressed_size, due.num_values)
            assert chunk.start == (due.dictionary_page_offset or due.data_page_offset)
