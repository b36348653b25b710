"""Files that are one page each, plain and packed, whole and broken."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Fault, LimitSettings, Location, MediaType, Page, SourceRange
from copydesk_plugins.sources.source_files import expand, open_source, plan_source

LIMITS = LimitSettings(page_bytes=100_000, compressed_bytes=50_000)


def opened(path: Path, content: bytes | None = None) -> Page | Fault:
    if content is not None:
        path.write_bytes(content)
    found = open_source(SourceRange(Location(str(path), path.name, 0)), LIMITS)
    assert found is not None
    (item,) = list(found)
    return item


@pytest.mark.parametrize(("name", "kind"), [
    ("a.txt", MediaType.TEXT), ("a.TXT.gz", MediaType.TEXT), ("a.html", MediaType.HTML), ("a.Htm", MediaType.HTML),
    ("a.xhtml.gz", MediaType.HTML)])
def test_endings(tmp_path: Path, name: str, kind: MediaType) -> None:
    page = opened(tmp_path / name, gzip.compress(b"text") if name.endswith("gz") else b"text")
    assert isinstance(page, Page)
    assert (page.content, page.media_type) == (b"text", kind)


@pytest.mark.parametrize("name", ["a", "a.doc", "html", "a.gz", "a.html.zip", "a.warc.gz"])
def test_others_are_not_ours(name: str) -> None:
    assert plan_source(Location(name, name, 1)) is None


@given(st.lists(st.binary(max_size=300_000 // 4), max_size=3), st.integers(0, 600))
def test_members_and_padding_read_as_one(members: list[bytes], padding: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    assert expand(packed + bytes(padding if members else 0), 1_000_000) == b"".join(members)


PACKED = gzip.compress(os.urandom(4_000), mtime=0)  # the same in all test processes: names of tests show its first bytes


@pytest.mark.parametrize(("content", "code"), [
    (PACKED[:-1], "truncated_gzip"), (PACKED[:2_000], "truncated_gzip"), (PACKED[:12], "truncated_gzip"),
    (PACKED[:500] + bytes(40) + PACKED[540:], "corrupt_gzip"), (PACKED + b"tail", "corrupt_gzip"),
    (gzip.compress(bytes(100_001)), "limit_page_bytes"), (os.urandom(50_001), "limit_compressed_bytes")])
def test_what_is_broken_is_a_fault(tmp_path: Path, content: bytes, code: str) -> None:
    fault = opened(tmp_path / "a.html.gz", content)
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert fault.source_path == "a.html.gz"


def test_an_unpacked_page_under_a_packed_name_is_read(tmp_path: Path) -> None:
    page = opened(tmp_path / "a.html.gz", b"<p>plain</p>")
    assert isinstance(page, Page)
    assert page.content == b"<p>plain</p>"


def test_a_page_beyond_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    fault = opened(path)
    assert isinstance(fault, Fault)
    assert fault.code == "limit_page_bytes"


def test_what_is_no_file_any_more_is_a_fault(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    for name in ("a.txt", "gone.txt"):
        fault = opened(tmp_path / name)
        assert isinstance(fault, Fault)
        assert fault.code == "unreadable"


@pytest.mark.parametrize("name", ["...", "story", "story.php", "index.php?id=5", "STORY.ASPX"])
@pytest.mark.parametrize("opening", [b"<!DOCTYPE html>", b"\xef\xbb\xbf\n<HTML lang=en>",
                                     b"<?xml version='1.0'?>\n<!-- saved -->\n<!doctype html >"])
def test_html_under_a_servers_name_for_it(tmp_path: Path, name: str, opening: bytes) -> None:
    page = opened(tmp_path / name, opening + b"<p>text")
    assert isinstance(page, Page)
    assert page.media_type is MediaType.HTML
    assert plan_source(Location(str(tmp_path / name), name, 1)) is not None


@pytest.mark.parametrize(("name", "content"), [("story", b"Some text"), ("story.php", b"<?php echo 1;"), ("story.bin", b"<html>"),
                                               ("absent", None), ("story.warc", b"<html>")])
def test_anything_else_without_an_ending_is_not_ours(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert plan_source(Location(str(tmp_path / name), name, 1)) is None
