"""Reads the records of a WARC file one after the other.

Behind a damaged place, reading goes on where the next record begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from copydesk_plugins.sources.warc.header_lines import DIGITS, HEADER_BYTES, START, VERSION, contradicts, header_end, is_harmed, opening
from copydesk_plugins.sources.warc.oversize import Passing
from copydesk_plugins.sources.warc.stored_bytes import FREE_BYTES, GARBAGE, MOST_EXPANSION, Damage
from copydesk_plugins.sources.warc.window import Window

TAIL = 80
"""Bytes needed behind a block to see what follows it."""
SEPARATORS = (b"\r\n\r\n", b"\n\n")
"""What stands behind a block; some tools write bare line feeds."""
MOST_SHOWN = 40
"""Characters of a wrong Content-Length in a message."""
_PARSER = StatusAndHeadersParser([], verify=False)
"""Reads header lines."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the file stores it.

    Attributes:
        offset: where it begins in the stored file, in bytes.
        position: where it begins among the expanded bytes.
        headers: its header fields.
        block: its block; only the beginning of it where ``whole`` is False.
        length: the block's bytes by its Content-Length.
        whole: False where the record is larger than the limit.
        doubt: what is wrong with the packed member that it came from (`ByteSource.doubt`); empty when nothing is.
        harmed: whether its header has bytes that no header has.
    """

    offset: int
    position: int
    headers: StatusAndHeaders
    block: memoryview
    length: int
    whole: bool = True
    doubt: str = ""
    harmed: bool = False

    def field(self, name: str) -> str:
        """The first header field of a name, ``""`` when there is none."""
        return (self.headers.get_header(name) or "").strip()


class Frames:
    """Reads records with blocks of at most ``limit`` bytes, and the first ``head`` bytes of larger blocks.

    Attributes:
        window: the window on the file's expanded bytes.
        limit: bytes of the largest block that is read whole.
        head: bytes that are read of a larger block.
        seen: whether a record's beginning was seen.
    """

    def __init__(self, window: Window, limit: int, head: int = HEADER_BYTES) -> None:
        self.window, self.limit, self.head = window, limit, head
        self.seen = False
        self._searched = 0
        self._passing = Passing(window)
        self._cut: Damage | None = None

    def read(self, end: int | None = None) -> Iterator[Record | Damage]:
        """The records that begin before a position, and a `Damage` for each damaged place, in order."""
        window = self.window
        while True:
            while window.skip_line_ends() and (end is None or window.position < end):
                yield from self._next()
            if end is not None and window.position >= end and self._cut is None:
                return
            yield from self._end_of_run()
            if not window.next_run():
                return
            self._searched = 0

    def _end_of_run(self) -> Iterator[Damage]:
        cut, broken = self._cut, self.window.source.damage
        self._cut = None
        if broken is not None:
            yield broken if cut is None else replace(broken, record_id=cut.record_id, url=cut.url)
        elif cut is not None:
            yield cut

    def _next(self) -> Iterator[Record | Damage]:
        window = self.window
        offset, begin = window.source.offset(window.position), window.position
        if not window.begins_record():
            found = window.find_record()
            yield from self._hit(found, Damage(offset, GARBAGE, f"{window.position - begin} bytes that begin no record are skipped"))
            return
        self.seen = True
        window.have(HEADER_BYTES)
        end = header_end(window.buffer, window.at, window.at + HEADER_BYTES, self._searched - window.base)
        if end < 0:
            self._searched = window.base + min(window.at + HEADER_BYTES, len(window.buffer)) - 2
            cut = len(window.buffer) - window.at < HEADER_BYTES
            yield from self._lost(offset, begin + len(VERSION), "truncated_record" if cut else "warc_header", (
                "the file ends in the record's header" if cut else f"the record's header has more than {HEADER_BYTES} bytes"))
            return
        lines = window.buffer[window.at:end]
        inner = opening(lines, 1)
        if inner > 0:
            yield from self._lost(offset, begin + inner, "warc_header", "the record's header does not end before the next record begins")
            return
        headers = _PARSER.parse(BytesIO(lines))
        yield from self._block(Record(offset, begin, headers, memoryview(b""), 0, harmed=is_harmed(lines)), window.base + end)

    def _block(self, record: Record, body: int) -> Iterator[Record | Damage]:
        """The record with its block, or what is wrong with it."""
        said = record.field("Content-Length")
        if not DIGITS.fullmatch(said):
            what = f"is {said[:MOST_SHOWN]!r}" if said else "is missing"
            yield from self._lost(record.offset, body, "warc_content_length", f"the record's Content-Length {what}", record)
            return
        record = replace(record, length=int(said))
        found = self._large(record, body) if record.length > self.limit else self._small(record, body)
        if isinstance(found, Record):
            yield found
            return
        if body + record.length > self._known_end():
            yield from self._lost(record.offset, found, "truncated_record", f"the file ends inside the record of {said} bytes", record)
        else:
            yield from self._lost(record.offset, found, "warc_content_length", (
                f"Content-Length is {said}, but neither a record nor the end follows there"), record)

    def _small(self, record: Record, body: int) -> Record | int:
        """A record within the limit, or the position to search on from when its length is wrong."""
        window, length = self.window, record.length
        window.have(body - window.position + length + TAIL)
        if not self._fits(body, length):
            return body
        begin = body - window.base
        window.at = begin + length
        block = memoryview(window.buffer)[begin:begin + length]
        return replace(record, block=block, doubt=self._doubt(body + length))

    def _large(self, record: Record, body: int) -> Record | int:
        """A record beyond the limit, without most of its block; or the position to search on from when its length is wrong."""
        window, end = self.window, body + record.length
        size = min(record.length, self.head)
        if window.source.can_jump:
            if not self._fits(body, record.length):
                return body
            head = window.peek(body, size)
            window.move(end)
        else:
            if end - window.base > FREE_BYTES + MOST_EXPANSION * window.source.size:
                return body
            window.have(body - window.position + size)
            window.at = body - window.base
            head = window.buffer[window.at:window.at + size]
            back = self._passing.over(end)
            if back is not None:
                return back
            if not self._fits(end, 0) and (not window.peek(end, TAIL).startswith(SEPARATORS) or contradicts(head, record.length)):
                return self._passing.first or end
            window.at = end - window.base
        return replace(record, block=memoryview(head), whole=False)

    def _doubt(self, end: int) -> str:
        """What is wrong with the member in which a record ends; empty when the member goes on behind the record without an error."""
        kind = self.window.source.doubt(end)
        followed = kind == "error" and START.match(self.window.peek(end, TAIL).lstrip(b"\r\n")) is not None
        return "" if kind == "cut" or followed else kind

    def _fits(self, body: int, length: int) -> bool:
        """Whether a block's length is right: another record, or the end of the file, follows behind it."""
        end = body + length
        if end > self._known_end():
            return False
        tail = self.window.peek(end, TAIL)
        rest = tail.lstrip(b"\r\n")
        if START.match(rest) or (not rest and len(tail) < TAIL):
            return True
        return length > 0 and tail.startswith(SEPARATORS) and not contradicts(self.window.peek(body, min(length, HEADER_BYTES)), length)

    def _known_end(self) -> int:
        """The end of the run, as far as it is known."""
        return self.window.source.size if self.window.source.can_jump else self.window.base + len(self.window.buffer)

    def _lost(self, offset: int, behind: int, code: str, message: str, record: Record | None = None) -> Iterator[Damage]:
        """Report a damaged record, and go on where the next record begins."""
        name, url = (record.field("WARC-Record-ID"), record.field("WARC-Target-URI")) if record else ("", "")
        self.window.move(behind)
        found = self.window.find_record()
        if found and code == "truncated_record":
            code = "warc_content_length" if record else "warc_header"
            message = f"Content-Length is {record.length}, but a record begins before" if record else "the record's header does not end"
        yield from self._hit(found, Damage(offset, code, message, name, url or None))

    def _hit(self, found: bool, damage: Damage) -> Iterator[Damage]:
        """Report a damaged place. At the end of a run, hold it back: it is reported together with what ended the run."""
        if found:
            yield damage
        else:
            self._cut = damage
