"""Reads an HTTP response as a WARC record stores it: header lines, chunked coding, content codings; all within a limit."""

from __future__ import annotations

import importlib
import re
import zlib
from collections.abc import Collection
from io import BytesIO
from typing import Any

import zstandard
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from copydesk_plugins.sources.warc.header_lines import HEADER_BYTES, header_end
from copydesk_plugins.sources.warc.stored_bytes import MOST_WINDOW

MOST_CODINGS = 3
"""Content codings one inside the other that are taken off."""
FEED = 1 << 10
"""Bytes handed to the Zstandard decoder at a time, so that it expands to at most 32 MiB at once."""
MOST_FED = 1 << 16
"""Bytes handed to the gzip decoder at a time, and asked of the brotli decoder."""
MOST_LINE_SHOWN, MOST_CODING_SHOWN = 60, 40
"""Bytes of a status line, and characters of a coding's name, in a message."""
HEXADECIMAL = 16
"""The base of a chunk's size."""
GZIP_MAGIC = b"\x1f\x8b"
"""The first bytes of a gzip member (RFC 1952)."""
GZIP_WBITS, BARE_WBITS = 31, -15
"""Tell zlib: gzip's header and trailer; no header at all."""
_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]{1,4}([0-9]{3})(?:[ \t\r\n]|$)")
"""A status line."""
_CHUNK = re.compile(rb"[ \t]{0,8}([0-9a-fA-F]{1,12})[ \t]{0,8}(?:;[^\r\n]{0,1000})?\r?\n")
"""The line with a chunk's size."""
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}+<(?:!doctype|html|head|body|\?xml|!--)", re.I)
"""A body that begins like this is not compressed, whatever its headers say."""
_PARSER = StatusAndHeadersParser([], verify=False)
"""Reads header lines."""


class BadResponse(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a response gives no page: a code and a message."""


def head_of(block: memoryview) -> tuple[int, StatusAndHeaders, int]:
    """The status code, the header fields, and the offset of the body in the block.

    Raises:
        BadResponse: there is no status line, or the header lines do not end.
    """
    head = bytes(block[:HEADER_BYTES])
    status = _STATUS.match(head)
    if status is None:
        raise BadResponse("http_malformed", f"no HTTP status line: {head[:MOST_LINE_SHOWN]!r}")
    end = header_end(head, 0, len(head))
    if end < 0 and len(block) > HEADER_BYTES:
        raise BadResponse("http_malformed", f"the HTTP header has more than {HEADER_BYTES} bytes")
    end = end if end >= 0 else len(head)
    return int(status.group(1)), _PARSER.parse(BytesIO(head[:end])), end


def body_of(body: memoryview, headers: StatusAndHeaders, limit: int, no_codings: Collection[str]) -> bytes:
    """The body without chunked coding and content codings, at most ``limit`` bytes.

    Raises:
        BadResponse: a coding is unknown or broken, or the body expands beyond the limit.
    """
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        body = dechunked(body)
    listed = [name for value in headers.headers if value[0].lower() == "content-encoding" for name in value[1].lower().split(",")]
    codings = [name.strip().strip('"') for name in listed if name.strip().strip('"') not in no_codings]
    if len(codings) > MOST_CODINGS:
        raise BadResponse("content_encoding", f"{len(codings)} content codings one in the other; at most {MOST_CODINGS} are taken off")
    content: bytes | memoryview = body
    for coding in reversed(codings):
        content = decoded(content, coding, limit)
    return bytes(content)


def dechunked(body: memoryview) -> memoryview:
    """The body without chunked coding. A body that does not open with a chunk's size stays as it is: a tool took the coding off.

    >>> bytes(dechunked(memoryview(b"3\\r\\nabc\\r\\n0\\r\\n\\r\\n"))), bytes(dechunked(memoryview(b"<p>abc")))
    (b'abc', b'<p>abc')

    Raises:
        BadResponse: the coding is broken, or the body is cut off.
    """
    parts: list[memoryview] = []
    at = 0
    while True:
        found = _CHUNK.match(body, at)
        if found is None and not at:
            return body
        if found is None:
            raise BadResponse("chunked", f"no size of a chunk at byte {at} of the body of {len(body)} bytes")
        size, begin = int(found.group(1), HEXADECIMAL), found.end()
        if not size:
            return memoryview(b"".join(parts))
        if begin + size > len(body):
            raise BadResponse("chunked", f"a chunk of {size} bytes at byte {at} of the body of {len(body)} bytes")
        parts.append(body[begin:begin + size])
        at = begin + size
        at += 2 if bytes(body[at:at + 2]) == b"\r\n" else 1 if bytes(body[at:at + 1]) == b"\n" else 0


def decoded(body: bytes | memoryview, coding: str, limit: int) -> bytes:
    """A body with one content coding taken off. A body that opens as HTML stays as it is: a tool took the coding off.

    Raises:
        BadResponse: the coding is unknown or broken, or the body expands beyond the limit.
    """
    if not len(body) or _PLAIN.match(body):
        return bytes(body)
    decoder = _DECODERS.get(coding)
    if decoder is None:
        raise BadResponse("content_encoding", f"no reader for the content coding {coding[:MOST_CODING_SHOWN]!r}")
    try:
        return decoder(body, limit)
    except (zlib.error, zstandard.ZstdError) as error:
        raise BadResponse("content_encoding", f"the {coding} data of the body is damaged: {error}") from error


def _beyond(limit: int) -> BadResponse:
    return BadResponse("limit_page_bytes", f"the body expands to more than {limit} bytes")


def _cut(coding: str) -> BadResponse:
    return BadResponse("content_encoding", f"the {coding} data of the body is cut off")


def _gzip(body: bytes | memoryview, limit: int) -> bytes:
    """Expand all gzip members. Bytes behind the first member that are no member are left out, as browsers do."""
    parts: list[bytes] = []
    left, at, view = limit, 0, memoryview(body)
    inflate = zlib.decompressobj(wbits=GZIP_WBITS)
    while at < len(view):
        if inflate.eof:
            if bytes(view[at:at + 2]) != GZIP_MAGIC:
                break
            inflate = zlib.decompressobj(wbits=GZIP_WBITS)
        part = view[at:at + MOST_FED]
        parts.append(inflate.decompress(part, left + 1))
        at += len(part) - len(inflate.unused_data if inflate.eof else inflate.unconsumed_tail)
        left -= len(parts[-1])
        if left < 0:
            raise _beyond(limit)
    if not inflate.eof:
        raise _cut("gzip")
    return b"".join(parts)


def _deflate(body: bytes | memoryview, limit: int) -> bytes:
    """Expand data in zlib's format, or bare deflate data, which some servers send."""
    try:
        inflate = zlib.decompressobj()
        content = inflate.decompress(body, limit + 1)
    except zlib.error:
        inflate = zlib.decompressobj(wbits=BARE_WBITS)
        content = inflate.decompress(body, limit + 1)
    if len(content) > limit:
        raise _beyond(limit)
    if not inflate.eof:
        raise _cut("deflate")
    return content


def _zstd(body: bytes | memoryview, limit: int) -> bytes:
    """Expand all Zstandard frames."""
    context = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
    frame, parts, left, at = context.decompressobj(), list[bytes](), limit, 0
    while at < len(body) or not at:
        if frame.eof:
            frame = context.decompressobj()
        part = bytes(body[at:at + FEED])
        parts.append(frame.decompress(part))
        at += len(part) - len(frame.unused_data)
        left -= len(parts[-1])
        if left < 0:
            raise _beyond(limit)
    if not frame.eof:
        raise _cut("zstd")
    return b"".join(parts)


def _brotli(body: bytes | memoryview, limit: int) -> bytes:
    """Expand with the package ``brotli``, where it is installed and can bound its output."""
    try:
        brotli: Any = importlib.import_module("brotli")
        decoder = brotli.Decompressor()
        parts = [decoder.process(bytes(body), output_buffer_limit=MOST_FED)]
    except (ImportError, TypeError):
        raise BadResponse("content_encoding", "the content coding 'br' needs the package brotli (1.2 or newer)") from None
    except Exception as error:  # its error class is known only once the package is imported
        raise BadResponse("content_encoding", f"the br data of the body is damaged: {error}") from error
    left = limit - len(parts[0])
    while not decoder.is_finished() and left >= 0:
        try:
            piece = decoder.process(b"", output_buffer_limit=MOST_FED)
        except brotli.error as error:
            raise BadResponse("content_encoding", f"the br data of the body is damaged: {error}") from error
        if not piece:
            raise _cut("br")
        parts.append(piece)
        left -= len(piece)
    if left < 0:
        raise _beyond(limit)
    return b"".join(parts)


_DECODERS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "zstd": _zstd, "br": _brotli}
"""The content codings that can be taken off."""
