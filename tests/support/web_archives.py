"""A small writer of WARC files for tests, and what reads them back."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import zstandard

from copydesk import Fault, Ignored, LimitSettings, Location, Page
from copydesk_plugins.sources.source_warc import Plugin

LIMITS = LimitSettings(page_bytes=20_000)
Item = Page | Fault | Ignored


def html(number: int, words: int = 40) -> bytes:
    text = " ".join(f"Ferry {number * 7919 * n % 9973} sailed." for n in range(words))
    return f"<!DOCTYPE html><html><body><h1>Ferry {number}</h1>\n\n<p>{text}</p></body></html>".encode()


def http(body: bytes, content_type: str | None = "text/html; charset=utf-8", status: str = "200 OK", extra: str = "",
         length: bool = True) -> bytes:
    lines = [f"HTTP/1.1 {status}", *([] if content_type is None else [f"Content-Type: {content_type}"]),
             *([f"Content-Length: {len(body)}"] if length else []), *extra.splitlines(), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def record(block: bytes, kind: str = "response", number: int = 1, extra: str = "", length: object = None, version: str = "WARC/1.0",
           content_type: str = "application/http; msgtype=response", digest: bool = False, date: str = "2024-03-05T01:02:03Z",
           url: str | None = None, end: bytes = b"\r\n\r\n") -> bytes:
    lines = [version, f"WARC-Type: {kind}", f"WARC-Record-ID: <urn:uuid:{number}>", f"WARC-Date: {date}",
             f"WARC-Target-URI: {url or f'https://news.example/{number}'}", *extra.splitlines()]
    if digest:
        lines.append("WARC-Block-Digest: sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode())
    lines += [f"Content-Type: {content_type}", f"Content-Length: {len(block) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode("utf-8") + block + end


def page_record(number: int, words: int = 40, **named: Any) -> bytes:
    return record(http(html(number, words)), number=number, **named)


def pack(parts: Iterable[bytes], form: str) -> list[bytes]:
    """Each part a gzip member or a Zstandard frame, or as it is."""
    if form == "gz":
        return [gzip.compress(part, 6, mtime=0) for part in parts]
    if form == "zst":
        packer = zstandard.ZstdCompressor(write_checksum=True)
        return [packer.compress(part) for part in parts]
    return list(parts)


def opened(path: Path, content: bytes, limits: LimitSettings = LIMITS, **settings: Any) -> list[Item]:
    path.write_bytes(content)
    plugin = Plugin(Plugin.Settings.model_validate(settings))
    planned = plugin.plan_source(Location(str(path), path.name, len(content)))
    assert planned is not None
    return [item for each in planned for item in plugin.open_source(each, limits) or ()]


def told(items: Iterable[Item]) -> list[str]:
    """Record ids of pages, codes of faults, "-" for what is ignored."""
    return [item.source_record.removeprefix("urn:uuid:") if isinstance(item, Page) else item.code if isinstance(item, Fault) else "-"
            for item in items]


PAGE = html(1)


def one(tmp_path: Path, content: bytes, **settings: object) -> Page | Fault | Ignored:
    """The one item of an archive."""
    (item,) = opened(tmp_path / "a.warc", content, **settings)
    return item


def page(tmp_path: Path, content: bytes, **settings: object) -> Page:
    """The one page of an archive."""
    item = one(tmp_path, content, **settings)
    assert isinstance(item, Page), item
    return item


def fault(tmp_path: Path, content: bytes, **settings: object) -> Fault:
    """The one fault of an archive."""
    item = one(tmp_path, content, **settings)
    assert isinstance(item, Fault), item
    return item
