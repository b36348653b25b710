"""Files of lines: packed, cut off, damaged, and hostile."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Fault, Location, Page, Status
from copydesk_plugins.sources.source_jsonl import MOST_IN_A_ROW, Plugin
from support.line_files import LIMITS, MARK, RECORDS, ids, opened

LINES = b"".join(record + b"\n" for record in RECORDS)


def faults(items: list[Page | Fault]) -> list[str]:
    return [item.code for item in items if isinstance(item, Fault)]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl"])
def test_gzip_by_its_bytes_and_not_by_its_name(tmp_path: Path, name: str) -> None:
    packed = gzip.compress(LINES[:30_000]) + bytes(600) + gzip.compress(LINES[30_000:]) + bytes(70)
    items = opened(tmp_path / name, packed, 1_000)
    assert ids(items) == [str(number) for number in range(300)]
    assert [item.source_offset for item in items[:2]] == [0, len(RECORDS[0]) + 1], "offsets count the expanded text"


@pytest.mark.parametrize("name", ["a.jsonl.zst", "a.jsonl"])
def test_zstandard_of_several_frames(tmp_path: Path, name: str) -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00skip"
    packed = skipped + zstandard.compress(LINES[:30_000]) + skipped + zstandard.compress(LINES[30_000:])
    assert ids(opened(tmp_path / name, packed, 1_000)) == [str(number) for number in range(300)]


def test_not_packed_under_a_packed_name(tmp_path: Path) -> None:
    assert ids(opened(tmp_path / "a.jsonl.gz", LINES)) == [str(number) for number in range(300)]


@settings(deadline=None)
@given(keep=st.integers(20, len(gzip.compress(LINES, 1)) - 1))
def test_whole_lines_before_a_cut_come_out(tmp_path_factory: pytest.TempPathFactory, keep: int) -> None:
    folder = tmp_path_factory.mktemp("cut")
    for name, packed in (("a.jsonl.gz", gzip.compress(LINES, 1)), ("a.jsonl.zst", zstandard.compress(LINES))):
        items = opened(folder / name, packed[:min(keep, len(packed) - 1)])
        assert faults(items) == ["truncated_gzip" if name.endswith("gz") else "truncated_zstd"]
        assert ids(items) == [str(number) for number in range(len(items) - 1)]
        fault = items[-1]
        assert isinstance(fault, Fault)
        assert fault.source_offset == sum(len(record) + 1 for record in RECORDS[:len(items) - 1])


def test_damaged_packs(tmp_path: Path) -> None:
    packed = gzip.compress(LINES, 1)
    broken = packed[:2_000] + os.urandom(200) + packed[2_200:]
    assert faults(opened(tmp_path / "a.jsonl.gz", broken))[-1] in ("corrupt_gzip", "truncated_gzip")
    assert faults(opened(tmp_path / "a.jsonl.gz", packed + b"tail")) == ["corrupt_gzip"]
    assert faults(opened(tmp_path / "a.jsonl.zst", zstandard.compress(LINES) + b"tail of some length")) == ["corrupt_zstd"]
    assert len(ids(opened(tmp_path / "a.jsonl.zst", zstandard.compress(LINES) + b"tail of some length"))) == 300


@pytest.mark.parametrize("unit", [b"\n", b" ", b"x"])
def test_a_small_file_that_expands_without_end(tmp_path: Path, unit: bytes) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = packer.compress(b'{"text": "one"}\n') + b"".join(packer.compress(unit * (1 << 22)) for _ in range(100)) + packer.flush()
    assert len(packed) < 100_000
    tracemalloc.start()
    items = opened(tmp_path / "a.jsonl.zst", packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(ids(items)) == 1 or items[0].source_offset == 0
    assert faults(items) == ["limit_expansion"]
    assert peak < 128 << 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_a_mark(tmp_path: Path, encoding: str) -> None:
    text = '\ufeff{"text": "é one"}\r\n\r\n{"text": "two"}'
    items = opened(tmp_path / "a.jsonl", text.encode(encoding), 9)
    assert [item.content.decode() for item in items if isinstance(item, Page)] == ["é one", "two"]


@pytest.mark.parametrize("content", [
    b'[\n{"text": "a"},\n{"text": "b"}\n]', MARK + b' [{"text": "a"},\n{"text": "b"}]', b"[ \n\n {\n\"text\": 1}]",
    b"[" + b" " * 5_000 + b'\n{"text": "a"}]'])
def test_one_array_is_one_fault(tmp_path: Path, content: bytes) -> None:
    (fault,) = opened(tmp_path / "a.jsonl", content, 10)
    assert isinstance(fault, Fault)
    assert fault.code == "json_array"
    assert "jq" in fault.message


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n \n", MARK, MARK + b"\n"])
def test_empty(tmp_path: Path, content: bytes) -> None:
    (fault,) = opened(tmp_path / "a.jsonl", content)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status) == ("empty", Status.REJECTED)


def test_a_file_of_something_else_ends_early(tmp_path: Path) -> None:
    items = opened(tmp_path / "a.jsonl", RECORDS[0] + b"\n" + b"x\n" * 5_000)
    assert faults(items) == ["json"] * MOST_IN_A_ROW + ["not_jsonl"]


def test_a_missing_file_is_a_fault() -> None:
    plugin = Plugin(Plugin.Settings())
    (source_range,) = plugin.plan_source(Location("/nowhere/a.jsonl", "a.jsonl", 5)) or ()
    (fault,) = plugin.open_source(source_range, LIMITS) or ()
    assert isinstance(fault, Fault)
    assert fault.code == "unreadable"


TOKENS = [b"{", b"}", b"[", b'"', b"\n", b"\x00", b"\x1f\x8b", b"\xff\xfe", b":1"]


@settings(deadline=None)
@given(content=st.binary(max_size=400) | st.lists(st.sampled_from(TOKENS)).map(b"".join),
       name=st.sampled_from(["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"]))
def test_any_bytes_give_something(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    items = opened(tmp_path_factory.mktemp("any") / name, content)
    assert items
    assert all(isinstance(item, Page) or item.message for item in items)
