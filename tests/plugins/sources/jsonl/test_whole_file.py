"""Files named .json: an object over any number of lines, an object a line, an array, and what is broken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Fault, LimitSettings, Location, Page, Status
from copydesk_plugins.sources.source_jsonl import BESIDE_BYTES, Plugin

LIMITS = LimitSettings(page_bytes=20_000)
BOUND = 2 * LIMITS.page_bytes + BESIDE_BYTES
PACKS = {"a.json": bytes, "a.json.gz": gzip.compress, "a.JSON.zst": zstandard.compress}


def opened(path: Path, content: bytes) -> list[Page | Fault]:
    path.write_bytes(content)
    plugin = Plugin(Plugin.Settings(range_bytes=100))
    (source_range,) = plugin.plan_source(Location(str(path), path.name, len(content))) or ()
    return list(plugin.open_source(source_range, LIMITS) or ())


def told(items: list[Page | Fault]) -> list[str]:
    return [item.code if isinstance(item, Fault) else item.content.decode() for item in items]


RECORDS = st.dictionaries(st.sampled_from(["text", "html", "id", "url", "title", "metadata"]),
                          st.text() | st.none() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers()))


@settings(deadline=None)
@given(record=RECORDS, indent=st.sampled_from([None, 0, 2, "\t"]), name=st.sampled_from(sorted(PACKS)),
       before=st.sampled_from(["", "\n \n", "\ufeff"]), escaped=st.booleans())
def test_an_object_is_one_record_however_it_is_laid_out(tmp_path_factory: pytest.TempPathFactory, record: dict[str, Any],
                                                        indent: int | str | None, name: str, before: str, escaped: bool) -> None:
    folder = tmp_path_factory.mktemp("whole")
    text = before + json.dumps(record, indent=indent, ensure_ascii=escaped) + "\n"
    (item,) = opened(folder / name, PACKS[name](text.encode()))
    (due,) = opened(folder / "a.json", json.dumps(record).encode())
    assert isinstance(item, Page) == isinstance(due, Page)
    if isinstance(item, Page) and isinstance(due, Page):
        assert (item.record_hash, item.source_record) == (due.record_hash, due.source_record)
    elif isinstance(item, Fault) and isinstance(due, Fault):
        assert (item.code, item.message) == (due.code, due.message)


@settings(deadline=None)
@given(records=st.lists(RECORDS, min_size=2, max_size=6), name=st.sampled_from(sorted(PACKS)), blank=st.booleans())
def test_an_object_a_line_is_read_as_lines(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], name: str,
                                              blank: bool) -> None:
    folder = tmp_path_factory.mktemp("lines")
    lines = b"\n" * blank + b"\r\n".join(json.dumps(record).encode() for record in records)
    items, due = opened(folder / name, PACKS[name](lines)), opened(folder / "b.jsonl.gz", gzip.compress(lines))
    assert told(items) == told(due)
    assert [item.source_offset for item in items] == [item.source_offset for item in due]


@pytest.mark.parametrize("name", sorted(PACKS))
@pytest.mark.parametrize(("content", "due"), [
    (b'{\n "text": "A"\n}', ["A"]), (b'{"text": "A"}', ["A"]), (b'{"text": "A"}\n{"text": "B"}', ["A", "B"]),
    (b'{"text": "A\n{"text": "B"}\n{"text": "C"}', ["json", "B", "C"]),
    (b'{"text": "A"}\n{"text": "B\n{"text": "C"}', ["A", "json", "C"]),
    (b'[\n  {"text": "A"},\n  {"text": "B"}\n]', ["json_array"]), (b'[{"text": "A"}, {"text": "B"}]', ["json_array"]),
    (b"[1,\n2]", ["json"]),
    (b'{\n"text": "A"\n}\n{\n"text": "B"\n}', ["json"]), (b'{\n"text": "A",\n', ["json"]), (b"var a = 1;\nvar b = 2;\n", ["json"]),
    (b'{"meta":\n{"text": "A"}\n, "text": "B"}', ["B"]), (b'{\n"text": "caf\xe9"\n}', ["encoding"]), (b'{\n"id": 1\n}', ["no_content"]),
    (b"", ["empty"]), (b" \n\n", ["empty"]), (b'{"m":\n' + b'{"m":' * 500 + b"1" + b"}" * 501, ["limit_depth"])])
def test_what_a_file_is(tmp_path: Path, name: str, content: bytes, due: list[str]) -> None:
    assert told(opened(tmp_path / name, PACKS[name](content))) == due


def test_a_broken_object_is_one_fault_that_says_where(tmp_path: Path) -> None:
    (fault,) = opened(tmp_path / "a.json", b'{\n"text": "A"\n"title": "T"\n}')
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.source_offset) == ("json", Status.QUARANTINED, 0)
    assert "(character 14 of the file)" in fault.message
    assert fault.sha256


@pytest.mark.parametrize("name", sorted(PACKS))
def test_an_object_beyond_the_limit_is_one_fault(tmp_path: Path, name: str) -> None:
    line = b'"a%d": "' + b"a" * 1_000 + b'",\n'
    within = b"{\n" + b"".join(line % number for number in range(1_000)) + b'"text": "A"\n}'
    assert told(opened(tmp_path / name, PACKS[name](within))) == ["A"]
    beyond = within[:-2].replace(b'"A"', b'"A",\n') + line * (BOUND // len(line)) + b'"b": 1}'
    assert told(opened(tmp_path / name, PACKS[name](beyond))) == ["limit_page_bytes"]
    lines = b'{"text": "A"}\n' + b'{"text": "B", "more": "%s"}\n' % (b"a" * 10_000) * (BOUND // 10_000 + 5)
    assert set(told(opened(tmp_path / name, PACKS[name](lines)))) == {"A", "B"}
    assert told(opened(tmp_path / name, PACKS[name](b'{"text": "' + b"a" * BOUND + b'"}'))) == ["limit_page_bytes"]


def test_a_packed_object_that_is_cut_off(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps({"text": "A", "more": list(range(5_000))}, indent=1).encode())
    (fault,) = opened(tmp_path / "a.json.gz", packed[:-20])
    assert isinstance(fault, Fault)
    assert (fault.code, fault.source_offset) == ("truncated_gzip", 0)
    lines = gzip.compress(b'{"text": "A"}\n' * 50)
    assert told(opened(tmp_path / "b.json.gz", lines[:-6]))[-1] == "truncated_gzip"
    assert told(opened(tmp_path / "b.json.gz", lines[:-6]))[0] == "A"


def test_utf16(tmp_path: Path) -> None:
    assert told(opened(tmp_path / "a.json", json.dumps({"text": "é"}, indent=2, ensure_ascii=False).encode("utf-16"))) == ["é"]


TOKENS = [b"{", b"}", b"[", b'"a"', b":", b",", b"\n", b"{}", b'{"text": "A"}']


@settings(deadline=None)
@given(content=st.binary(max_size=200) | st.lists(st.sampled_from(TOKENS)).map(b"".join))
def test_any_bytes_give_something(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    assert opened(tmp_path_factory.mktemp("any") / "a.json", content)
