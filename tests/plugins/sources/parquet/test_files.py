"""Footers and row groups of files."""

from __future__ import annotations

import struct
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Fault, Page, Status
from copydesk_plugins.sources.parquet.files import groups
from support.parquet_files import only, opened, written

TEXTS = [f"Text number {number}. " * 30 for number in range(200)]


@settings(max_examples=20, deadline=None)
@given(range_bytes=st.integers(1, 40_000), group=st.integers(3, 90))
def test_ranges_of_row_groups_together_are_one_pass(tmp_path_factory: pytest.TempPathFactory, range_bytes: int, group: int) -> None:
    path = written(tmp_path_factory.mktemp("groups") / "a.parquet", {"text": TEXTS, "id": list(map(str, range(200)))}, row_group_size=group)
    items = opened(path, range_bytes=range_bytes)
    assert [item.source_offset for item in items] == list(range(200))
    assert [item.content.decode() for item in items if isinstance(item, Page)] == TEXTS


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
