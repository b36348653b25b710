"""Reads the bytes of a file of lines in pieces of bounded size: as stored, or expanded from gzip, Zstandard or UTF-16."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

import zstandard

PIECE = 1 << 20
"""Bytes read, and at most handed on, at a time."""
HEAD = 1 << 12
"""Bytes in which the first character of a file is looked for."""
FEED = 1 << 10
"""Bytes handed to the Zstandard decoder at a time: they expand to at most 32 MiB (four bytes make a block of 128 KiB)."""
LEAST_HELD = 1 << 18
"""Expanded bytes that are gathered before a piece of a Zstandard file is handed on."""
FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A file may expand to `FREE_BYTES`, and beyond that to this many times its stored bytes: text never packs better."""
MOST_WINDOW = 1 << 27
"""Bytes of the largest Zstandard window that is accepted; the decoder holds as many in memory."""
ARRAY = ("json_array", "the file is one JSON array, not an object a line; write it anew, with `jq -c '.[]'` or the like")
"""Code and message of a file that is one JSON array."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""
GZIP_MAGIC = b"\x1f\x8b"
"""The first bytes of gzip data (RFC 1952)."""
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
"""The first bytes of a Zstandard frame (RFC 8878)."""
SKIPPABLE, SKIPPABLE_NIBBLE = b"\x2a\x4d\x18", 5
"""A skippable Zstandard frame begins with a byte 0x50 to 0x5f, then these three bytes (RFC 8878)."""
MAGIC_BYTES = 4
"""The longest of these beginnings."""
GZIP_WBITS = 31
"""Tells zlib: the largest window (15), and gzip's header and trailer (16)."""
ZSTD_READ = 1 << 16
"""Stored bytes that are read from a Zstandard file at a time."""


class Broken(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file cannot be read on: a code and a message."""


class Form(StrEnum):
    """How a file stores its lines. Its first bytes say so, not its name."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"
    UTF16 = "utf-16"
    ARRAY = "array"


def form_of(file: BinaryIO) -> Form:
    """The form that a file's first bytes show. The call moves the file's position."""
    file.seek(0)
    head = file.read(MAGIC_BYTES)
    if head.startswith(GZIP_MAGIC):
        return Form.GZIP
    if head == ZSTD_MAGIC or (len(head) == MAGIC_BYTES and head[1:] == SKIPPABLE and head[0] >> 4 == SKIPPABLE_NIBBLE):
        return Form.ZSTD
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Form.UTF16
    file.seek(0)
    head = read(file, HEAD)
    if head.removeprefix(MARK).lstrip().startswith(b"["):
        head += read(file, PIECE)
    return Form.ARRAY if opens_array(head) else Form.PLAIN


def opens_array(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is one JSON array over several lines, and not lines of JSON.

    >>> opens_array(b'[\\n{"a": 1},'), opens_array(b'[1, 2]\\n{"a": 1}')
    (True, False)
    """
    head = head.removeprefix(MARK).lstrip()
    if not head.startswith(b"["):
        return False
    first = head.partition(b"\n")[0].rstrip()
    return not first.endswith(b"]") and head[1:].lstrip()[:1] in (b"", b"{")


def read(file: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the file's end. (A single read of an unbuffered file may give fewer at any time.)"""
    piece = file.read(size)
    while piece and len(piece) < size:
        more = file.read(size - len(piece))
        if not more:
            break
        piece += more
    return piece


def seek_line(file: BinaryIO, start: int, end: int | None) -> tuple[int, bytes]:
    """Find the first line that begins at or behind ``start``.

    Returns its offset and what was read of it; an offset at or behind ``end`` when no line begins before ``end``.
    """
    if start == 0:
        file.seek(0)
        return 0, b""
    at = start - 1
    file.seek(at)
    while end is None or at < end:
        piece = file.read(PIECE)
        cut = piece.find(b"\n") + 1
        if cut or not piece:
            return at + cut, piece[cut:]
        at += len(piece)
    return at, b""


def pieces(file: BinaryIO, form: Form) -> Iterator[bytes]:
    """The file's text in pieces, from its beginning (a plain file: from its position).

    Raises:
        Broken: the packed data is cut off, damaged, or expands beyond measure. The pieces handed out before stay valid.
    """
    if form is Form.GZIP:
        yield from _measured(_gzip(file), file)
    elif form is Form.ZSTD:
        yield from _measured(_zstd(file), file)
    elif form is Form.UTF16:
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        while piece := file.read(PIECE):
            yield decoder.decode(piece).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")
    else:
        while piece := file.read(PIECE):
            yield piece


def _measured(expanded: Iterator[bytes], file: BinaryIO) -> Iterator[bytes]:
    """Cut expanded bytes into pieces of `PIECE`, and stop at a file that expands too much."""
    size = 0
    for piece in expanded:
        size += len(piece)
        if size > FREE_BYTES and size - FREE_BYTES > MOST_EXPANSION * file.tell():
            raise Broken("limit_expansion", f"{file.tell()} bytes expand to more than {size - len(piece)}: reading stops here")
        for start in range(0, len(piece), PIECE):
            yield piece[start:start + PIECE]


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    """The text of all members of a gzip file. Zero bytes behind a member are padding."""
    inflate, rest, ended = zlib.decompressobj(wbits=GZIP_WBITS), b"", False
    while True:
        if not rest and not ended:
            rest = file.read(PIECE)
            ended = not rest
        if inflate.eof:
            rest = rest.lstrip(b"\0")
            if ended and not rest:
                return
            if not rest:
                continue
            inflate = zlib.decompressobj(wbits=GZIP_WBITS)
        try:
            piece = inflate.decompress(rest, PIECE)
        except zlib.error as error:
            raise Broken("corrupt_gzip", f"the gzip data is damaged: {error}") from error
        rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        if piece:
            yield piece
        elif ended and not inflate.eof:
            raise Broken("truncated_gzip", "the gzip file is cut off")


def _zstd(file: BinaryIO) -> Iterator[bytes]:
    """The text of all frames of a Zstandard file."""
    context = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
    frame, held, size = context.decompressobj(), list[bytes](), 0
    begun = False
    while stored := file.read(ZSTD_READ):
        for start in range(0, len(stored), FEED):
            rest = stored[start:start + FEED]
            while rest:
                try:
                    piece = frame.decompress(rest)
                except zstandard.ZstdError as error:
                    yield b"".join(held)
                    raise Broken("corrupt_zstd", f"the Zstandard data is damaged: {error}") from error
                begun = not frame.eof
                rest = frame.unused_data if frame.eof else b""
                frame = context.decompressobj() if frame.eof else frame
                held.append(piece)
                size += len(piece)
            if size >= LEAST_HELD:
                yield b"".join(held)
                held, size = [], 0
    yield b"".join(held)
    if begun:
        raise Broken("truncated_zstd", "the Zstandard file is cut off")
