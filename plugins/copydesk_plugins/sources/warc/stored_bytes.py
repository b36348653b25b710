"""Reads the bytes of a WARC file in pieces: as stored, or expanded from gzip members or Zstandard frames."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import zstandard

PIECE = 1 << 20
"""Bytes read from the file, and expanded, at a time."""
FEED = 1 << 14
"""Stored bytes handed to a decoder at a time."""
OPENING = 1 << 16
"""Expanded bytes of a member in which a record must begin."""
FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A member may expand to `FREE_BYTES`, and beyond that to this many times its stored bytes: text never packs better."""
GARBAGE = "warc_garbage"
"""Code of bytes that belong to no record or member."""
MOST_WINDOW = 1 << 27
"""Bytes of the largest Zstandard window that is accepted; the decoder holds as many in memory."""
MOST_DICTIONARY = 16 << 20
"""Bytes of the largest Zstandard dictionary."""
ZSTD_FEED = 1 << 10
"""Stored bytes of a Zstandard frame that are expanded at a time: to 32 MiB at most (four bytes make a block of 128 KiB)."""
GZIP_WBITS = 31
"""Tells zlib: the largest window (15), and gzip's header and trailer (16)."""
GZIP_MAGIC = b"\x1f\x8b\x08"
"""The first bytes of a gzip member that is deflated (RFC 1952)."""
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
"""The first bytes of a Zstandard frame (RFC 8878)."""
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
"""The first bytes of the skippable frame that opens a .warc.zst with a dictionary (IIPC, Use of Zstandard with WARC)."""
MAGIC_BYTES, FRAME_HEADER = 4, 8
"""A skippable frame begins with its magic and its size (4 bytes, little-endian)."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged place in a file.

    Attributes:
        offset: where it is in the stored file, in bytes.
        code: the code of the fault.
        message: the message of the fault.
        record_id: the id of the record that it hit, empty when not known.
        url: the address of that record, None when not known.
    """

    offset: int
    code: str
    message: str
    record_id: str = ""
    url: str | None = None


class ByteSource(Protocol):
    """A file's expanded bytes, in one or more runs without a gap. A position counts the bytes handed out over all runs.

    Attributes:
        damage: what ended the run; None at the end of the file.
        size: bytes of the stored file.
        can_jump: whether bytes can be read from any position.
    """

    damage: Damage | None
    size: int
    can_jump: bool

    def pull(self) -> bytes:
        """The next bytes, none at the end of the run."""

    def read_at(self, position: int, size: int) -> bytes:
        """Read ``size`` bytes from a position, fewer at the end of the file. Only where `can_jump`."""

    def jump(self, position: int) -> int:
        """Go on from a position or from one before it; returns which one. A source that cannot jump takes only positions behind the
        one that `forget` was called with."""

    def forget(self, position: int) -> None:
        """Take note that no byte before this position will be asked for."""

    def offset(self, position: int) -> int:
        """The offset in the stored file of the byte, or of the member, that holds a position."""

    def begins_member(self, position: int) -> bool:
        """Whether a packed member begins at a position."""

    def doubt(self, position: int) -> str:
        """Why the bytes before a position may be wrong: ``cut``, ``error`` or ``checksum``; empty when nothing speaks against them."""

    def next_run(self) -> bool:
        """Go on behind the damage, at the next place where a record begins; False when there is none."""


class Plain:
    """Reads a file that is not packed."""

    can_jump = True

    def __init__(self, file: BinaryIO, piece: int = PIECE, start: int = 0) -> None:
        self.damage: Damage | None = None
        self.size = file.seek(0, 2)
        self._file, self._piece, self._next, self._moved = file, piece, start, True

    def pull(self) -> bytes:
        """The next piece."""
        if self._moved:
            self._file.seek(self._next)
            self._moved = False
        piece = self._file.read(self._piece)
        self._next += len(piece)
        return piece

    def read_at(self, position: int, size: int) -> bytes:
        """Read bytes from a position."""
        if position >= self.size:
            return b""
        self._file.seek(position)
        self._moved = True
        found = self._file.read(size)
        while found and len(found) < size and (more := self._file.read(size - len(found))):
            found += more
        return found

    def jump(self, position: int) -> int:
        """Go on from a position."""
        self._next, self._moved = position, True
        return position

    def forget(self, position: int) -> None:
        """Do nothing: no bytes are kept."""

    def offset(self, position: int) -> int:
        """The position itself."""
        return position

    def begins_member(self, position: int) -> bool:
        """False: there are no members."""
        return False

    def doubt(self, position: int) -> str:
        """Empty: there is no checksum to fail."""
        return ""

    def next_run(self) -> bool:
        """False: there is one run."""
        return False


class Gzip:
    """Expands one gzip member.

    ``feed`` returns expanded bytes and how many stored bytes it took. When it raises ``zlib.error``, ``salvaged`` holds what came before
    the wrong byte.
    """

    magic = GZIP_MAGIC
    name = "gzip"

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=GZIP_WBITS)
        self.eof = False
        self.salvaged = b""

    def feed(self, data: bytes | memoryview) -> tuple[bytes, int]:
        """Expand stored bytes to at most `PIECE` bytes."""
        before = self._inflate.copy()
        try:
            piece = self._inflate.decompress(data, PIECE)
        except zlib.error:
            self.salvaged = salvaged(before, data)
            raise
        self.eof = self._inflate.eof
        left = self._inflate.unused_data if self.eof else self._inflate.unconsumed_tail
        return piece, len(data) - len(left)


class Zstd:
    """Expands one Zstandard frame, as `Gzip` does a member; raises ``ZstdError``."""

    magic = ZSTD_MAGIC
    name = "zstd"

    def __init__(self, dictionary: zstandard.ZstdCompressionDict | None = None) -> None:
        context = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=MOST_WINDOW)
        self.salvaged = b""
        self._inflate = context.decompressobj()
        self.eof = False

    def feed(self, data: bytes | memoryview) -> tuple[bytes, int]:
        """Expand at most `ZSTD_FEED` stored bytes."""
        part = bytes(data[:ZSTD_FEED])
        piece = self._inflate.decompress(part)
        self.eof = self._inflate.eof
        return piece, len(part) - len(self._inflate.unused_data)


def salvaged(inflate: Any, data: bytes | memoryview) -> bytes:
    """What damaged data expands to up to the wrong byte, found by ever smaller steps."""
    pieces: list[bytes] = []
    at, step = 0, len(data)
    while step and at < len(data):
        trial = inflate.copy()
        try:
            pieces.append(trial.decompress(data[at:at + step], PIECE))
        except zlib.error:
            step //= 2
            continue
        if trial.unconsumed_tail:
            break
        inflate, at = trial, at + step
    return b"".join(pieces)


def dictionary_of(file: BinaryIO) -> tuple[zstandard.ZstdCompressionDict | None, int]:
    """The dictionary that opens a .warc.zst (None when there is none), and the offset where the frames begin.

    Raises:
        zstandard.ZstdError: the dictionary is damaged, or too large.
    """
    file.seek(0)
    head = file.read(FRAME_HEADER)
    if head[:MAGIC_BYTES] != DICTIONARY_MAGIC or len(head) < FRAME_HEADER:
        return None, 0
    size = int.from_bytes(head[MAGIC_BYTES:], "little")
    if size > MOST_DICTIONARY:
        raise zstandard.ZstdError(f"a dictionary of {size} bytes")
    stored = file.read(size)
    if len(stored) < size:
        raise zstandard.ZstdError("it is cut off")
    if stored[:MAGIC_BYTES] == ZSTD_MAGIC:
        reader = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(stored)
        stored = reader.read(MOST_DICTIONARY)
    return zstandard.ZstdCompressionDict(stored), FRAME_HEADER + size
