"""The bytes of a WARC file in pieces: as they lie, or expanded from gzip members or Zstandard frames, with the damaged ones named."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import zstandard

PIECE = 1 << 20
FEED = 1 << 14
OPENING = 1 << 16
FREE_BYTES = 1 << 28
MOST_EXPANSION = 200
"""A member may expand to `FREE_BYTES`, and beyond that to so many times its bytes: more than text ever packs to."""
GARBAGE = "warc_garbage"
MOST_WINDOW = 1 << 27
MOST_DICTIONARY = 16 << 20
GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
"""The skippable frame that opens a .warc.zst with a dictionary (IIPC, Use of Zstandard with WARC)."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged place: its offset in the stored file, a code and a message, and the record that it hit as far as that is known."""

    offset: int
    code: str
    message: str
    record_id: str = ""
    url: str | None = None


class ByteSource(Protocol):
    """Expanded bytes as one or more runs without a gap; a position counts the bytes handed out, over all runs."""

    damage: Damage | None
    """What ended the run; None at the end of the file."""
    size: int
    """The stored file's bytes."""
    can_jump: bool

    def pull(self) -> bytes:
        """The next bytes, none at the end of the run."""

    def read_at(self, position: int, size: int) -> bytes:
        """So many bytes from a position, where `can_jump`; fewer at the end of the file."""

    def jump(self, position: int) -> int:
        """Go on from a position, or from a place before it: returned is where. One that cannot jump takes only positions behind
        what `forget` was told."""

    def forget(self, position: int) -> None:
        """Nothing before this position will be asked for."""

    def offset(self, position: int) -> int:
        """The offset in the stored file of what holds a position."""

    def begins_member(self, position: int) -> bool:
        """Whether a packed member begins at a position."""

    def doubt(self, position: int) -> str:
        """Why what lies before a position may be wrong: ``""``, or ``cut``, ``error`` or ``checksum`` of its member."""

    def next_run(self) -> bool:
        """Go on behind the damage, at the next place where a record begins; False when there is none."""


class Plain:
    """A file that is not packed."""

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
        """Bytes from elsewhere."""
        if position >= self.size:
            return b""
        self._file.seek(position)
        self._moved = True
        found = self._file.read(size)
        while found and len(found) < size and (more := self._file.read(size - len(found))):
            found += more
        return found

    def jump(self, position: int) -> int:
        """Go on from there."""
        self._next, self._moved = position, True
        return position

    def forget(self, position: int) -> None:
        """Nothing is kept."""

    def offset(self, position: int) -> int:
        """The position itself."""
        return position

    def begins_member(self, position: int) -> bool:
        """There are none."""
        return False

    def doubt(self, position: int) -> str:
        """There is no checksum to fail."""
        return ""

    def next_run(self) -> bool:
        """There is one run."""
        return False


class Gzip:
    """A gzip member. ``feed`` gives expanded bytes, and how many of the stored ones were taken. It raises ``zlib.error``; ``salvaged`` is
    then what came before the byte that is wrong."""

    magic = GZIP_MAGIC
    name = "gzip"

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self.eof = False
        self.salvaged = b""

    def feed(self, data: bytes | memoryview) -> tuple[bytes, int]:
        """At most `PIECE` bytes of it."""
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
    """A Zstandard frame; what `Gzip` is for a member, with ``ZstdError``.

    It is fed 1 KiB at a time, which expands to 32 MiB at most (four bytes make a block of 128 KiB).
    """

    magic = ZSTD_MAGIC
    name = "zstd"

    def __init__(self, dictionary: zstandard.ZstdCompressionDict | None = None) -> None:
        context = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=MOST_WINDOW)
        self.salvaged = b""
        self._inflate = context.decompressobj()
        self.eof = False

    def feed(self, data: bytes | memoryview) -> tuple[bytes, int]:
        """What 1 KiB of it expands to."""
        part = bytes(data[:1 << 10])
        piece = self._inflate.decompress(part)
        self.eof = self._inflate.eof
        return piece, len(part) - len(self._inflate.unused_data)


def salvaged(inflate: Any, data: bytes | memoryview) -> bytes:
    """What data that does not inflate gives up to the byte that is wrong."""
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
    """The dictionary that opens a .warc.zst, None when there is none, and where the frames begin.

    Raises:
        zstandard.ZstdError: it is damaged, or too large.
    """
    file.seek(0)
    head = file.read(8)
    if head[:4] != DICTIONARY_MAGIC or len(head) < 8:
        return None, 0
    size = int.from_bytes(head[4:], "little")
    if size > MOST_DICTIONARY:
        raise zstandard.ZstdError(f"a dictionary of {size} bytes")
    stored = file.read(size)
    if len(stored) < size:
        raise zstandard.ZstdError("it is cut off")
    if stored[:4] == ZSTD_MAGIC:
        reader = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW).stream_reader(stored)
        stored = reader.read(MOST_DICTIONARY)
    return zstandard.ZstdCompressionDict(stored), 8 + size
