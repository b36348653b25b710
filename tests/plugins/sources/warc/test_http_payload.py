"""HTTP responses in records: chunks, codings, character sets, and what is broken in them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
import zstandard

from copydesk import Fault, LimitSettings, Status
from support.web_archives import PAGE, fault, http, opened, page, page_record, record, told


@pytest.mark.parametrize("block", [b"", b"\0\1garbage", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1\r\n\r\n",
                                   b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 9_000])
def test_a_malformed_response(tmp_path: Path, block: bytes) -> None:
    (item,) = opened(tmp_path / "a.warc", record(block), LimitSettings())
    assert isinstance(item, Fault)
    assert (item.code, item.status) == ("http_malformed", Status.QUARANTINED)


def chunks(body: bytes, size: int = 50, line: bytes = b"%x\r\n") -> bytes:
    parts = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(line % len(part) + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("body", [
    chunks(PAGE), chunks(PAGE, 7, b"%X ;name=value\r\n"), chunks(PAGE)[:-2], chunks(PAGE)[:-2] + b"A: b\r\n\r\n", PAGE])
def test_chunked(tmp_path: Path, body: bytes) -> None:
    assert page(tmp_path, record(http(body, extra="Transfer-Encoding: Chunked", length=False))).content == PAGE


@pytest.mark.parametrize("body", [
    chunks(PAGE)[:-60], chunks(PAGE)[:-5], b"5\r\nabcdefghij", b"fffffffffff\r\nabc",
    chunks(PAGE)[:55] + b"<" + chunks(PAGE)[55:]])
def test_broken_chunks(tmp_path: Path, body: bytes) -> None:
    assert fault(tmp_path, record(http(body, extra="Transfer-Encoding: chunked", length=False))).code == "chunked"


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODED = {"gzip": gzip.compress(PAGE), "x-gzip": gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:]) + b"behind",
         "deflate": zlib.compress(PAGE), "Deflate": bare_deflate(PAGE), "zstd": zstandard.compress(PAGE),
         "gzip, deflate": zlib.compress(gzip.compress(PAGE)),
         "identity": PAGE, "utf-8": PAGE, "gzip,": gzip.compress(PAGE)}


@pytest.mark.parametrize("coding", CODED)
def test_content_codings(tmp_path: Path, coding: str) -> None:
    assert page(tmp_path, record(http(CODED[coding], extra=f"Content-Encoding: {coding}"))).content == PAGE
    both = http(chunks(CODED[coding]), extra=f"Content-Encoding: {coding}\nTransfer-Encoding: chunked", length=False)
    assert page(tmp_path, record(both)).content == PAGE


def test_a_coding_that_was_taken_off_before(tmp_path: Path) -> None:
    for coding in ("gzip", "br", "compress"):
        assert page(tmp_path, record(http(PAGE, extra=f"Content-Encoding: {coding}"))).content == PAGE


@pytest.mark.parametrize(("coding", "body"), [
    ("gzip", b"\x1f\x8bnot gzip"), ("gzip", gzip.compress(PAGE)[:-20]), ("deflate", b"\xff\xff\xff"), ("deflate", zlib.compress(PAGE)[:-9]),
    ("zstd", b"\x28\xb5\x2f\xfdx"), ("zstd", zstandard.compress(PAGE)[:-9]), ("compress", b"\x1f\x9dxx"), ("gzip, gzip, gzip, gzip", b"x"),
    ("br", b"\xff\xff\xff\xff")])
def test_broken_content_codings(tmp_path: Path, coding: str, body: bytes) -> None:
    item = fault(tmp_path, record(http(body, extra=f"Content-Encoding: {coding}")))
    assert (item.code, item.status) == ("content_encoding", Status.QUARANTINED)
    assert item.sha256


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd", "gzip, gzip"])
def test_bombs(tmp_path: Path, coding: str) -> None:
    pack_once = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress}
    body = b"<p>" + b" " * 5_000_000
    for name in coding.split(", "):
        body = pack_once[name](body)
    whole = record(http(body, extra=f"Content-Encoding: {coding}")) + page_record(2)
    items = opened(tmp_path / "a.warc", whole, LimitSettings(page_bytes=1_000_000))
    assert told(items) == ["limit_page_bytes", "2"]


@pytest.mark.parametrize(("said", "charset"), [
    ("text/html; charset=utf-8", "utf-8"), ('text/html;x=y; Charset = "ISO-8859-1"', "ISO-8859-1"), ("text/html", None),
    ("text/html; charset=", None), ("text/html; charset=\xff\xfe", None), ("text/html; charset=" + "a" * 41, None),
    ("text/html; charset=a b", None)])
def test_charsets(tmp_path: Path, said: str, charset: str | None) -> None:
    assert page(tmp_path, record(http(PAGE, said))).charset == charset
