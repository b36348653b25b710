"""The bytes of a file of lines as pieces of bounded size: from a place in it, or expanded from gzip, Zstandard or UTF-16."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO

import zstandard

PIECE = 1 << 20
HEAD = 1 << 12
FEED = 1 << 10
"""Bytes handed to the Zstandard decoder at a time: they expand to at most 32 MiB (four bytes make a block of 128 KiB)."""
LEAST_HELD = 1 << 18
FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A file may expand to `FREE_BYTES`, and beyond that to so many times its bytes: more than text ever packs to."""
MOST_WINDOW = 1 << 27
ARRAY = ("json_array", "the file is one JSON array, not an object a line; write it anew, with `jq -c '.[]'` or the like")
MARK = b"\xef\xbb\xbf"


class Broken(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file cannot be read on: a code and a message."""


class Form(StrEnum):
    """How the lines are stored, by the file's first bytes and not by its name."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"
    UTF16 = "utf-16"
    ARRAY = "array"


def form_of(file: BinaryIO) -> Form:
    """Look at the file's beginning; the file's position is then anywhere."""
    file.seek(0)
    head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        return Form.GZIP
    if head == b"\x28\xb5\x2f\xfd" or (len(head) == 4 and head[1:] == b"\x2a\x4d\x18" and head[0] >> 4 == 5):
        return Form.ZSTD
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Form.UTF16
    file.seek(0)
    head = read(file, HEAD)
    if head.removeprefix(MARK).lstrip().startswith(b"["):
        head += read(file, PIECE)
    return Form.ARRAY if opens_array(head) else Form.PLAIN


def opens_array(head: bytes) -> bool:
    """Whether a file that begins so is one JSON array over several lines, and no lines of JSON.

    >>> opens_array(b'[\\n{"a": 1},'), opens_array(b'[1, 2]\\n{"a": 1}')
    (True, False)
    """
    head = head.removeprefix(MARK).lstrip()
    if not head.startswith(b"["):
        return False
    first = head.partition(b"\n")[0].rstrip()
    return not first.endswith(b"]") and head[1:].lstrip()[:1] in (b"", b"{")


def read(file: BinaryIO, size: int) -> bytes:
    """So many bytes, fewer only at the file's end (an unbuffered file may give fewer at any time)."""
    piece = file.read(size)
    while piece and len(piece) < size:
        more = file.read(size - len(piece))
        if not more:
            break
        piece += more
    return piece


def seek_line(file: BinaryIO, start: int, end: int | None) -> tuple[int, bytes]:
    """Where the first line at or behind ``start`` begins, and what was read of it; a place at or behind ``end`` when none does."""
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
    """The file's text from its beginning (a plain file: from its position) in pieces.

    Raises:
        Broken: the packed data is cut off, damaged, or expands beyond measure; what came before stands.
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
    size = 0
    for piece in expanded:
        size += len(piece)
        if size > FREE_BYTES and size - FREE_BYTES > MOST_EXPANSION * file.tell():
            raise Broken("limit_expansion", f"{file.tell()} bytes expand to more than {size - len(piece)}: reading stops here")
        for start in range(0, len(piece), PIECE):
            yield piece[start:start + PIECE]


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    """All members of a gzip file; zero bytes behind one are padding."""
    inflate, rest, ended = zlib.decompressobj(wbits=31), b"", False
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
            inflate = zlib.decompressobj(wbits=31)
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
    """All frames of a Zstandard file."""
    context = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
    frame, held, size = context.decompressobj(), list[bytes](), 0
    begun = False
    while stored := file.read(1 << 16):
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
