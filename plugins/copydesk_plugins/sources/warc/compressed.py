"""Reads a packed WARC file as runs of expanded bytes.

A damaged member ends a run. The next run begins at the next member in which a record begins.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Callable
from typing import BinaryIO

import zstandard

from copydesk_plugins.sources.warc.header_lines import opening
from copydesk_plugins.sources.warc.stored_bytes import FEED, FREE_BYTES, GARBAGE, MOST_EXPANSION, OPENING, PIECE, Damage, Gzip, Zstd

FREE_AGAIN = 16 << 20
"""Bytes that may be read a second time in any file (see `AGAIN`)."""
AGAIN = 4
"""Damaged members are searched for members inside of them while that reads at most `FREE_AGAIN` bytes, and this many times the file,
again. After that reading resumes where the damage showed, so that the time stays linear in the file's size."""
FAILURES = (zlib.error, zstandard.ZstdError)
"""What the two decoders raise for damaged data."""


class Packed:
    """Expands gzip members or Zstandard frames ("members" below) one after the other.

    A member of at most ``hold`` expanded bytes is checked whole before any of it is handed out. The checksum of a larger one is known
    only at its end.
    """

    can_jump = False

    def __init__(self, file: BinaryIO, inflater: Callable[[], Gzip | Zstd], magic: bytes, hold: int, start: int = 0) -> None:
        self.damage: Damage | None = None
        self.size = file.seek(0, 2)
        self._file, self._inflater, self._magic, self._hold = file, inflater, magic, hold
        self._name = "gzip" if magic == Gzip.magic else "zstd"
        self._buffer, self._view, self._at, self._base = b"", memoryview(b""), 0, start
        file.seek(start)
        self._member: Gzip | Zstd | None = None
        self._begun = self._expanded = 0
        self._streaming = False
        self._position = 0
        self._starts: list[int] = []
        self._offsets: list[int] = []
        self._suspect, self._kind = -1, ""
        self._again = 0

    def pull(self) -> bytes:
        """The next bytes: a whole member, or pieces of a large one."""
        while self.damage is None:
            if self._member is None and not self._open():
                return b""
            found = self._expand()
            self._position += len(found)
            if found:
                return found
        return b""

    def read_at(self, position: int, size: int) -> bytes:
        """Not for packed files."""
        raise NotImplementedError

    def jump(self, position: int) -> int:
        """Begin again at the member that holds a position; returns the position of its first byte."""
        index = max(bisect_right(self._starts, position) - 1, 0)
        begin, offset = self._starts[index], self._offsets[index]
        del self._starts[index:], self._offsets[index:]
        self._resume(offset)
        self._position = begin
        return begin

    def forget(self, position: int) -> None:
        """Forget the members before the one that holds the position."""
        index = bisect_right(self._starts, position) - 1
        if index > 0:
            del self._starts[:index], self._offsets[:index]

    def offset(self, position: int) -> int:
        """The offset in the stored file of the member that holds a position."""
        index = bisect_right(self._starts, position) - 1
        return self._offsets[index] if self._starts else self._base + self._at

    def begins_member(self, position: int) -> bool:
        """Whether a member begins at the position."""
        index = bisect_right(self._starts, position) - 1
        return index >= 0 and self._starts[index] == position

    def doubt(self, position: int) -> str:
        """What is wrong with the run's last member, when a record that ends at ``position`` ends in it; else empty."""
        return self._kind if position > self._suspect >= 0 else ""

    def next_run(self) -> bool:
        """Go on at the next member in which a record begins; False when there is none."""
        if self.damage is None:
            return False
        begin = self._behind(self.damage.offset)
        self._resume(begin)
        while (offset := self._find_magic()) is not None:
            self._resume(offset)
            if self._promising():
                self._resume(offset)
                return True
            self._resume(self._behind(offset))
        return False

    def _behind(self, offset: int) -> int:
        """Where to search on after a damaged member: right behind its first byte, as long as `AGAIN` allows; else where reading stands."""
        reached, begin = self._base + self._at, offset + 1
        if self._again + reached - begin > FREE_AGAIN + AGAIN * begin:
            return max(begin, reached)
        self._again += max(reached - begin, 0)
        return begin

    def _resume(self, offset: int) -> None:
        """Forget the member and any damage; read on from an offset of the stored file."""
        self._member, self.damage, self._suspect, self._kind, self._streaming = None, None, -1, "", False
        if self._base <= offset <= self._base + len(self._buffer):
            self._at = offset - self._base
            return
        self._file.seek(offset)
        self._load(b"")
        self._base = offset

    def _load(self, kept: bytes) -> None:
        self._base += self._at
        self._buffer, self._at = kept, 0
        self._view = memoryview(kept)

    def _more(self, least: int) -> bool:
        """Have ``least`` stored bytes at hand; False when the file ends before."""
        while len(self._buffer) - self._at < least:
            piece = self._file.read(PIECE)
            if not piece:
                return False
            self._load(self._buffer[self._at:] + piece)
        return True

    def _open(self) -> bool:
        """Begin the next member. False at the end of the file, and where no member begins; that is then noted as damage."""
        while self._more(1) and not self._buffer[self._at]:
            end = len(self._buffer) - len(self._buffer[self._at:].lstrip(b"\0"))
            self._at = end
        if not self._more(1):
            return False
        self._begun, self._expanded, self._streaming = self._base + self._at, 0, False
        self._more(len(self._magic))
        if not self._buffer.startswith(self._magic, self._at):
            self.damage = Damage(self._begun, GARBAGE, f"bytes between the {self._name} members that are no {self._name}")
            return False
        self._member = self._inflater()
        self._starts.append(self._position)
        self._offsets.append(self._begun)
        return True

    def _expand(self) -> bytes:
        """A whole member, or the next piece of a large one."""
        pieces: list[bytes] = []
        size, wanted = 0, PIECE if self._streaming else self._hold
        member = self._member
        assert member is not None  # noqa: S101  # pull opened one
        while size < wanted and not member.eof and self.damage is None:
            piece = self._step(member)
            pieces.append(piece)
            size += len(piece)
        self._streaming = True
        if self.damage is not None and size:
            self._suspect = self._position
        if member.eof or self.damage is not None:
            self._member = None
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _step(self, member: Gzip | Zstd) -> bytes:
        if not self._more(1):
            self._fail("cut", f"truncated_{self._name}", f"the file ends inside the {self._name} data")
            return b""
        try:
            piece, taken = member.feed(self._view[self._at:self._at + FEED])
        except FAILURES as error:
            checksum = "check" in str(error)
            self._fail("checksum" if checksum else "error", f"corrupt_{self._name}", f"the {self._name} data is damaged: {error}")
            return member.salvaged
        self._at += taken
        self._expanded += len(piece)
        stored = self._base + self._at - self._begun
        if self._expanded > FREE_BYTES and self._expanded - FREE_BYTES > MOST_EXPANSION * stored:
            self._fail("error", "limit_expansion", f"{stored} bytes expand to more than {self._expanded - len(piece)}")
        return piece

    def _fail(self, kind: str, code: str, message: str) -> None:
        self.damage, self._kind = Damage(self._begun, code, message), kind

    def _find_magic(self) -> int | None:
        """The offset of the next bytes that look like a member's beginning; None when there are none."""
        while True:
            found = self._buffer.find(self._magic, self._at)
            if found >= 0:
                return self._base + found
            self._at = max(self._at, len(self._buffer) - len(self._magic) + 1)
            if not self._more(len(self._magic)):
                return None

    def _promising(self) -> bool:
        """Whether a record begins in the member that begins here."""
        member, text = self._inflater(), b""
        try:
            while len(text) < OPENING and not member.eof and self._more(1):
                piece, taken = member.feed(self._view[self._at:self._at + FEED])
                self._at += taken
                text += piece[:OPENING]
        except FAILURES:
            text += member.salvaged
        return opening(text) >= 0
