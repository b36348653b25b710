"""Reads web archives: .warc, .warc.gz and .warc.zst of WARC 1.0 and 1.1. A file's first bytes say which one it is, then its name.

``response`` and ``resource`` records become pages; all other records are no pages by their nature. A damaged place is one fault, and
reading goes on at the next record. A record that its crawler cut off (``WARC-Truncated``) is a fault too, since half an article would
pass for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import zstandard
from pydantic import Field as Setting

from copydesk import Fault, Ignored, LimitSettings, Location, Page, PluginSettings, SourceRange, Status, hookimpl, is_remote, open_regular
from copydesk_plugins.sources.records.media_types import MediaTypes
from copydesk_plugins.sources.warc.compressed import Packed
from copydesk_plugins.sources.warc.header_lines import HEADER_BYTES, begins_plainly, opening
from copydesk_plugins.sources.warc.pages import RecordReader
from copydesk_plugins.sources.warc.records import Frames, Record
from copydesk_plugins.sources.warc.stored_bytes import (
    DICTIONARY_MAGIC,
    FEED,
    GARBAGE,
    OPENING,
    PIECE,
    Damage,
    Gzip,
    Plain,
    Zstd,
    dictionary_of,
)
from copydesk_plugins.sources.warc.window import Window

ENDINGS = (".warc", ".warc.gz", ".warc.zst")
"""Endings of web archives."""
RANGE_BYTES = 64 << 20
"""Bytes of a range when the settings say nothing."""
HOP_BYTES = 1 << 14
"""Bytes read at each record while ranges are planned."""
GZIP, ZSTD = ".gz", ".zst"
"""Names of the two packings."""
MAGIC = {GZIP: Gzip.magic, ZSTD: Zstd.magic}
"""How a packed file begins."""


class Plugin:
    """Reads WARC files."""

    class Settings(PluginSettings):
        """``[plugins.source_warc]``: ``range_bytes`` is about what of a file that is not packed is read in one go; ``check_digests``
        holds a block against its ``WARC-Block-Digest``."""

        range_bytes: int = Setting(RANGE_BYTES, gt=0)
        check_digests: bool = True

    def __init__(self, settings: Settings) -> None:
        self.range_bytes = settings.range_bytes
        self.check_digests = settings.check_digests
        self.types = MediaTypes.of()

    @hookimpl
    def plan_source(self, location: Location) -> list[SourceRange] | None:
        """WARC: .warc, .warc.gz and .warc.zst.

        A large file that is not packed is cut where records begin. The reading code itself finds them, hopping from header to header; so
        the ranges together give what the whole gives.

        A packed file is one range: where its members begin is known only by inflating it. So is an object of a store, where each hop
        would be a request.
        """
        if not location.path.lower().endswith(ENDINGS):
            return None
        if location.size <= self.range_bytes or is_remote(location.path):
            return [SourceRange(location)]
        try:
            with open_regular(location.path) as file:
                starts = cuts(file, location.path, self.range_bytes)
        except OSError:
            starts = []
        return [SourceRange(location, start, end) for start, end in zip([0, *starts], [*starts, None], strict=True)]

    @hookimpl
    def open_source(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault | Ignored] | None:
        """The records that begin in the range, and a fault for each damaged place."""
        return self._opened(source_range, limits) if source_range.location.path.lower().endswith(ENDINGS) else None

    def _opened(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault | Ignored]:
        place = source_range.location.source_path
        try:
            with open_regular(source_range.location.path) as file:
                yield from self._read(file, source_range, limits)
        except OSError as error:
            yield Fault("unreadable", error.strerror or str(error), place, source_offset=source_range.start or None)

    def _read(self, file: BinaryIO, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault | Ignored]:
        place, start = source_range.location.source_path, source_range.start
        source = source_of(file, source_range.location.path, start, limits.page_bytes + HEADER_BYTES)
        if not source.size:
            yield Fault("empty", "the file is empty", place, status=Status.REJECTED)
            return
        frames = Frames(Window(source, start if source.can_jump else 0), limits.page_bytes)
        reader = RecordReader(source_range, limits, self.types, self.check_digests)
        nothing = start == 0 and source_range.end is None
        for item in _items(frames, reader, source_range.end):
            nothing = False
            yield item
        if nothing:
            yield Fault("not_warc", "no WARC record begins anywhere in the file", place, status=Status.REJECTED)


def _items(frames: Frames, reader: RecordReader, end: int | None) -> Iterator[Page | Fault | Ignored]:
    """What becomes of all records and damaged places. Nothing comes when no record begins, and no damage shows that one was there."""
    before: list[Damage] = []
    doubted = -1
    for found in frames.read(end):
        if isinstance(found, Damage) and not frames.seen:
            before.append(found)  # few: a run begins where a record does
            continue
        yield from map(reader.damaged, before)
        before.clear()
        if isinstance(found, Record):
            item = reader.item(found)
            doubted = found.offset if found.doubt and isinstance(item, Fault) else doubted
            yield item
        elif found.offset != doubted:
            yield reader.damaged(found)
    if frames.seen or end is not None or any(each.code != GARBAGE for each in before):
        yield from map(reader.damaged, before)


def source_of(file: BinaryIO, path: str, start: int, hold: int) -> Plain | Packed:
    """The file's bytes, unpacked where `form_of` says that they are packed.

    Raises:
        OSError: the file cannot be read.
    """
    form = form_of(file, path)
    if form == GZIP:
        return Packed(file, Gzip, Gzip.magic, hold)
    if form == ZSTD:
        try:
            dictionary, begin = dictionary_of(file)
        except zstandard.ZstdError as error:
            source = Packed(file, Zstd, Zstd.magic, hold)
            source.damage = Damage(0, "corrupt_zstd", f"the dictionary that opens the file cannot be read: {error}")
            return source
        return Packed(file, partial(Zstd, dictionary), Zstd.magic, hold, begin)
    return Plain(file, start=start)


def form_of(file: BinaryIO, path: str) -> str:
    """``.gz``, ``.zst``, or empty for a file that is not packed.

    The first bytes of the file decide, then its name, since damage may have hit those bytes.
    """
    file.seek(0)
    head = file.read(PIECE)
    first = GZIP if head.startswith(Gzip.magic) else ZSTD if head.startswith((Zstd.magic, DICTIONARY_MAGIC)) else ""
    named = next((ending for ending in MAGIC if path.lower().endswith(ending)), "")
    if begins_plainly(head):
        return ""
    if first and (first == named or holds_record(head, first)):
        return first
    if named and (MAGIC[named] in head or opening(head) < 0):
        return named
    return "" if opening(head) >= 0 else first


def holds_record(head: bytes, form: str) -> bool:
    """Whether a record begins in the first member. For a file that opens with a dictionary always True: its frames need the dictionary."""
    if head.startswith(DICTIONARY_MAGIC):
        return True
    member, text, at = Gzip() if form == GZIP else Zstd(), b"", 0
    try:
        while at < len(head) and not member.eof and len(text) < OPENING:
            piece, taken = member.feed(head[at:at + FEED])
            text += piece[:OPENING]
            at += taken
    except (zlib.error, zstandard.ZstdError):
        text += member.salvaged
    return opening(text) >= 0


def cuts(file: BinaryIO, path: str, range_bytes: int) -> list[int]:
    """Positions of records that cut the file into ranges of about ``range_bytes``; none for a packed file."""
    if form_of(file, path):
        return []
    frames = Frames(Window(Plain(file, HOP_BYTES)), limit=-1, head=0)
    found, due = [], range_bytes
    for each in frames.read():
        if isinstance(each, Record) and each.position >= due:
            found.append(each.position)
            due = each.position + range_bytes
    return found
