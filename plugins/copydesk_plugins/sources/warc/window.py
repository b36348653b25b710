"""A window on a source's bytes: what of them is in memory, and how to move forward."""

from __future__ import annotations

from copydesk_plugins.sources.warc.header_lines import FOUND, FOUND_BYTES, START, VERSION
from copydesk_plugins.sources.warc.stored_bytes import ByteSource


class Window:
    """Bytes of a source from its position on. It holds what was asked for with `have`, and at most one piece more.

    Attributes:
        source: where the bytes come from.
        buffer: the bytes in memory.
        at: index in the buffer of the first byte not yet passed.
        base: position of the buffer's first byte in the source.
        ended: whether the run has ended.
        keep: a position before the window to which reading may go back; None when there is none.
    """

    def __init__(self, source: ByteSource, start: int = 0) -> None:
        self.source = source
        self.buffer, self.at, self.base = b"", 0, start
        self.ended = False
        self.keep: int | None = None

    @property
    def position(self) -> int:
        """How many bytes of the source lie before the first byte not yet passed."""
        return self.base + self.at

    def have(self, size: int) -> bool:
        """Have ``size`` bytes at hand; False when the run ends before."""
        held = len(self.buffer) - self.at
        if held >= size or self.ended:
            return held >= size
        pieces = [self.buffer[self.at:]] if held else []
        while held < size and not self.ended:
            piece = self.source.pull()
            self.ended = not piece
            pieces.append(piece)
            held += len(piece)
        self.base, self.at = self.base + self.at, 0
        self.buffer = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.source.forget(self.base if self.keep is None else min(self.base, self.keep))
        return held >= size

    def peek(self, position: int, size: int) -> bytes:
        """Bytes at a position in or behind the window, fewer at the end. A source that can jump gives bytes behind the window too."""
        begin = position - self.base
        inside = self.buffer[begin:begin + size]
        if len(inside) == size or self.ended or not self.source.can_jump:
            return inside
        return self.source.read_at(position, size)

    def move(self, position: int) -> None:
        """Go on from a position. Where the source cannot jump, the position must not lie before what the source still keeps."""
        if self.base <= position <= self.base + len(self.buffer):
            self.at = position - self.base
            return
        self.base, self.buffer, self.at, self.ended = self.source.jump(position), b"", 0, False
        while self.base < position and self.have(1):
            self.at = min(len(self.buffer), position - self.base)
            self.base, self.buffer, self.at = self.base + self.at, self.buffer[self.at:], 0

    def begins_record(self) -> bool:
        """Whether a record's first line begins here."""
        self.have(FOUND_BYTES)
        return START.match(self.buffer, self.at) is not None

    def find_record(self) -> bool:
        """Go to the next place where a record begins; False when there is none up to the end of the run."""
        while True:
            found = self.buffer.find(VERSION, self.at)
            if found < 0:
                self.at = max(self.at, len(self.buffer) - len(VERSION) + 1)
                if not self.have(len(VERSION)):
                    self.at = len(self.buffer)
                    return False
                continue
            self.at = found
            self.have(FOUND_BYTES)
            if FOUND.match(self.buffer, self.at):
                return True
            self.at += 1

    def skip_line_ends(self) -> bool:
        """Pass over line ends; False at the end of the run."""
        while self.have(1):
            if self.buffer[self.at] not in b"\r\n":
                return True
            run = self.buffer[self.at:self.at + FOUND_BYTES]
            self.at += len(run) - len(run.lstrip(b"\r\n"))
        return False

    def next_run(self) -> bool:
        """Go on in the source's next run, at its first record; False when there is none."""
        if not self.source.next_run():
            return False
        self.base, self.buffer, self.at, self.ended = self.base + len(self.buffer), b"", 0, False
        self.find_record()
        return True
