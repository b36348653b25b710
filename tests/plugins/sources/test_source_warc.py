"""Web archives: which records become pages, with what content and what beside it, and what the faults of single records are."""

from __future__ import annotations

import gzip
import struct
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from warcio.warcwriter import WARCWriter

from copydesk import Fault, Ignored, Location, MediaType, Page, Pipeline, Settings, SourceRange, Status
from copydesk_plugins.sources.source_warc import Plugin
from support.web_archives import LIMITS, PAGE, fault, html, http, one, opened, pack, page, page_record, record, told

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50


@pytest.mark.parametrize("name", ["a.warc", "a.WARC.gz", "a.warc.zst"])
def test_endings(name: str) -> None:
    assert Plugin(Plugin.Settings()).plan_source(Location(name, name, 5)) == [SourceRange(Location(name, name, 5))]


@pytest.mark.parametrize("name", ["a.arc", "a.warc.bz2", "warc", "a.gz", "a.warc.html"])
def test_others_are_not_ours(name: str) -> None:
    plugin, location = Plugin(Plugin.Settings()), Location(name, name, 5)
    assert plugin.plan_source(location) is None
    assert plugin.open_source(SourceRange(location), LIMITS) is None


def test_the_plugin_is_found() -> None:
    assert "source_warc" in [name for name, _ in Pipeline(Settings()).plugins.manager.list_name_plugin()]


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
def test_a_response_becomes_a_page(tmp_path: Path, version: str) -> None:
    second = "03" if version == "WARC/1.0" else "03.25"
    found = page(tmp_path, record(http(PAGE), version=version, date=f"2024-03-05T01:02:{second}Z"))
    assert (found.content, found.media_type, found.charset) == (PAGE, MediaType.HTML, "utf-8")
    assert (found.source_path, found.source_record, found.source_offset, found.warc_record_id) == (
        "a.warc", "urn:uuid:1", 0, "<urn:uuid:1>")
    assert found.url == "https://news.example/1"
    assert found.date_captured == datetime(2024, 3, 5, 1, 2, 3, 0 if version == "WARC/1.0" else 250_000, tzinfo=UTC)


@pytest.mark.parametrize("form", ["plain", "gz", "zst"])
def test_offsets_are_those_of_the_stored_file(tmp_path: Path, form: str) -> None:
    parts = pack([page_record(n) for n in range(4)], form)
    items = opened(tmp_path / "a.warc.gz", b"".join(parts))
    assert [item.source_offset for item in items] == [sum(map(len, parts[:n])) for n in range(4)]
    assert [item.content for item in items if isinstance(item, Page)] == [html(n) for n in range(4)]


def test_a_zstandard_archive_with_a_dictionary(tmp_path: Path) -> None:
    dictionary = zstandard.train_dictionary(4_000, [page_record(n) for n in range(200)])
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    for stored in (dictionary.as_bytes(), zstandard.ZstdCompressor().compress(dictionary.as_bytes())):
        head = b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(stored)) + stored
        assert told(opened(tmp_path / "a.warc.zst", head + b"".join(packer.compress(page_record(n)) for n in (1, 2)))) == ["1", "2"]
    broken = b"\x5d\x2a\x4d\x18" + struct.pack("<I", 10**9) + b"x"
    assert told(opened(tmp_path / "a.warc.zst", broken)) == ["corrupt_zstd"]


@pytest.mark.parametrize("packed", [False, True])
def test_what_another_tool_writes(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
        for number in range(3):
            block = http(html(number))
            url = f"https://news.example/{number}"
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(block), length=len(block)))
    items = opened(path, path.read_bytes())
    assert [item.content for item in items if isinstance(item, Page)] == [html(n) for n in range(3)]
    assert [type(item) for item in items].count(Ignored) == 1


@pytest.mark.parametrize("kind", ["request", "revisit", "metadata", "warcinfo", "conversion", "continuation", "something-new"])
def test_other_records_are_no_pages(tmp_path: Path, kind: str) -> None:
    assert one(tmp_path, record(http(PAGE), kind)) == Ignored("a.warc", "urn:uuid:1", 0)


def test_a_resource(tmp_path: Path) -> None:
    found = page(tmp_path, record(PAGE, "resource", content_type="text/html; charset=windows-1252"))
    assert (found.content, found.charset, found.media_type) == (PAGE, "windows-1252", MediaType.HTML)


@pytest.mark.parametrize(("content_type", "body", "becomes"), [
    ("text/html", PAGE, "text/html"), ("Application/XHTML+XML", PAGE, "text/html"), ("text/plain;charset=x", b"A line.", "text/plain"),
    (None, PAGE, "text/html"), (None, b"\xef\xbb\xbf \n<!-- x --><p>", "text/html"), ("application/octet-stream", b"A line.", "text/plain"),
    (None, b'<?xml version="1.0"?>\n<!DOCTYPE html SYSTEM "x"><html>', "text/html"), (None, b"%PDF-1.7 x", "unsupported_media_type"),
    (None, b'<?xml version="1.0"?><rss/>', "unsupported_media_type"), ("application/octet-stream", PNG, "unsupported_media_type"),
    ("application/pdf", b"%PDF", "unsupported_media_type"), ("application/json", b"{}", "unsupported_media_type"),
    ("application/rss+xml", b"<rss/>", "unsupported_media_type"), ("image/png", PNG, "-"), ("video/mp4", b"x", "-"),
    ("font/woff2", b"x", "-"), ("text/css; charset=utf-8", b"x", "-"), ("text/javascript", b"x", "-"),
    ("application/javascript", b"x", "-")])
def test_types(tmp_path: Path, content_type: str | None, body: bytes, becomes: str) -> None:
    item = one(tmp_path, record(http(body, content_type)))
    assert (item.media_type.value if isinstance(item, Page) else told([item])[0]) == becomes
    if isinstance(item, Fault):
        assert item.status is Status.REJECTED


@pytest.mark.parametrize("status", ["404 Not Found", "304 Not Modified", "301 Moved", "503 Busy", "206 Partial", "999 Odd", "204"])
def test_a_status_that_gives_no_page(tmp_path: Path, status: str) -> None:
    item = fault(tmp_path, record(http(PAGE, status=status)))
    assert (item.code, item.status, item.message) == ("http_status", Status.REJECTED, f"HTTP status {status[:3]}")


@pytest.mark.parametrize("status", ["200 OK", "200", "203 Non-Authoritative"])
def test_a_status_that_gives_a_page(tmp_path: Path, status: str) -> None:
    assert page(tmp_path, record(http(PAGE, status=status))).content == PAGE


def test_an_image_is_no_page_whatever_its_status(tmp_path: Path) -> None:
    assert told([one(tmp_path, record(http(PNG, "image/png", status="404 Not Found")))]) == ["-"]


@pytest.mark.parametrize(("said", "url"), [
    ("<https://news.example/a>", "https://news.example/a"), ("http://[::1", None), ("http://a b\tc/\x1b[31m", None),
    ("https://news.example/é", "https://news.example/é")])
def test_addresses(tmp_path: Path, said: str, url: str | None) -> None:
    assert page(tmp_path, record(http(PAGE), url=said)).url == url


@pytest.mark.parametrize("date", ["", "2024", "2024-02-31T00:00:00Z", "20240305010203", "2024-03-05T01:02:03+02:00", "yesterday"])
def test_dates_that_are_none(tmp_path: Path, date: str) -> None:
    assert page(tmp_path, record(http(PAGE), date=date)).date_captured is None


def test_what_the_run_knows_stands_where_the_record_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record(http(PAGE), date=""))
    when = datetime(2026, 1, 1, tzinfo=UTC)
    given = SourceRange(Location(str(path), "a.warc", 1), url="https://other.example/", date_captured=when, site="news.example")
    (item,) = Plugin(Plugin.Settings()).open_source(given, LIMITS) or ()
    assert isinstance(item, Page)
    assert (item.url, item.date_captured, item.site) == ("https://news.example/1", when, "news.example")


def test_a_record_that_the_crawler_cut(tmp_path: Path) -> None:
    for why in ("length", "time", "disconnect"):
        item = fault(tmp_path, record(http(PAGE), extra=f"WARC-Truncated: {why}"))
        assert (item.code, item.status) == ("warc_truncated", Status.QUARANTINED)


def test_digests(tmp_path: Path) -> None:
    good = record(http(PAGE), digest=True)
    bad = good.replace(b"sailed", b"sunken", 1)
    assert page(tmp_path, good).content == PAGE
    assert fault(tmp_path, bad).code == "digest_mismatch"
    assert page(tmp_path, bad, check_digests=False).content == PAGE.replace(b"sailed", b"sunken", 1)
    for said in ("md5:abc", "sha1:zzz", "sha256:" + "0" * 10, "sha1", "sha1:" + "é" * 32):
        assert page(tmp_path, record(http(PAGE), extra=f"WARC-Block-Digest: {said}")).content == PAGE
    assert fault(tmp_path, record(http(PAGE), extra="WARC-Block-Digest: sha256:" + "0" * 64)).code == "digest_mismatch"


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (PAGE, "not_warc"), (gzip.compress(PAGE), "not_warc"), (b"\n\n", "not_warc"), (b"\0" * 5_000, "not_warc"),
    (zstandard.compress(PAGE), "not_warc"), (b"WARC/", "not_warc"), (b"about WARC/1.0\nand more", "not_warc")])
def test_no_warc_at_all(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (item,) = opened(tmp_path / name, content)
    assert isinstance(item, Fault)
    assert (item.code, item.status) == (code, Status.REJECTED)


def test_line_feeds_alone_and_missing_separators(tmp_path: Path) -> None:
    lines = page_record(2).replace(b"\r\n", b"\n").replace(f"Length: {len(http(html(2)))}\n\n".encode(), b"Length: LEN\n\n", 1)
    block = http(html(2)).replace(b"\r\n", b"\n")
    lines = lines.replace(b"LEN", str(len(block)).encode())
    whole = page_record(1, end=b"") + lines + page_record(3, end=b"\r\n") + page_record(4, end=b"\r\n" * 5) + page_record(5, end=b"")
    assert told(opened(tmp_path / "a.warc", whole)) == ["1", "2", "3", "4", "5"]


def test_records_without_id_and_with_the_same(tmp_path: Path) -> None:
    plain = page_record(1).replace(b"WARC-Record-ID: <urn:uuid:1>\r\n", b"")
    first, second, third = opened(tmp_path / "a.warc", plain + page_record(2) + page_record(2))
    assert isinstance(first, Page)
    assert (first.source_record, first.warc_record_id) == ("", None)
    assert (second.source_record, second.source_offset) != (third.source_record, third.source_offset)
