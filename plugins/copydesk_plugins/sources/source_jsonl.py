"""Reads files with a JSON object on each line: .jsonl, .ndjson, .jsonlines and .jl; and .json with one object.

Each may be packed (.gz and .zst).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from pydantic import Field as Setting

from copydesk import Fault, LimitSettings, Location, Page, PluginSettings, SourceRange, Status, hookimpl, open_regular
from copydesk_plugins.sources.jsonl.lines import NOT_LINES, NotRecord, lines, record
from copydesk_plugins.sources.jsonl.streams import ARRAY, MARK, Broken, Form, form_of, pieces, seek_line
from copydesk_plugins.sources.jsonl.whole_file import whole
from copydesk_plugins.sources.records.fields import Fields, FieldSettings

ENDINGS = (".jsonl", ".ndjson", ".jsonlines", ".jl")
"""Endings of files with an object on each line."""
WHOLE = ".json"
"""The ending of files that are one object."""
PACKED = (".gz", ".zst")
"""Endings of packed files; a packed file is one range."""
RANGE_BYTES = 64 << 20
"""Bytes of a range when the settings say nothing."""
BESIDE_BYTES = 1 << 20
"""Bytes that a line may have beside twice those of a page: for other fields, and since an escaped character takes more bytes."""
MOST_IN_A_ROW = 1_000
"""After so many lines without an object one behind the other the file counts as no JSON lines."""


class Plugin:
    """Reads files of JSON lines."""

    class Settings(PluginSettings):
        """``[plugins.source_jsonl]``: ``range_bytes`` is what of a file that is not packed is read in one go; ``fields`` names fields."""

        range_bytes: int = Setting(RANGE_BYTES, gt=0)
        fields: FieldSettings = FieldSettings()

    def __init__(self, settings: Settings) -> None:
        self.range_bytes = settings.range_bytes
        self.fields = Fields.of(settings.fields)

    @hookimpl
    def plan_source(self, location: Location) -> list[SourceRange] | None:
        """JSON lines: .jsonl, .ndjson, .jsonlines and .jl, and .json, each also with .gz and .zst; plain lines in ranges of bytes."""
        if not is_ours(location.path):
            return None
        if location.path.lower().endswith((*PACKED, WHOLE)) or location.size <= self.range_bytes:
            return [SourceRange(location)]
        starts = range(0, location.size, self.range_bytes)
        return [SourceRange(location, start, start + self.range_bytes if start + self.range_bytes < location.size else None)
                for start in starts]

    @hookimpl
    def open_source(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault] | None:
        """The pages of the lines that begin in the range, or of the object that the file is; a fault for each that gives none."""
        return self._opened(source_range, limits) if is_ours(source_range.location.path) else None

    def _opened(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault]:
        place = source_range.location.source_path
        try:
            with open_regular(source_range.location.path) as file:
                yield from self._read(file, source_range, limits)
        except Broken as error:
            code, message, offset = error.args
            yield Fault(code, message, place, source_offset=offset)
        except OSError as error:
            yield Fault("unreadable", error.strerror or str(error), place, source_offset=source_range.start or None)

    def _read(self, file: BinaryIO, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault]:
        form = form_of(file)
        place = source_range.location.source_path
        if form is not Form.PLAIN and source_range.start:
            return  # the range that begins the file reads all of it
        if form is Form.ARRAY:
            raise Broken(*ARRAY, None)
        if form is not Form.PLAIN:
            source_range = SourceRange(source_range.location, date_captured=source_range.date_captured, site=source_range.site)
        if unpacked(source_range.location.path).endswith(WHOLE):
            text = whole(file, form, 2 * limits.page_bytes + BESIDE_BYTES, limits.depth)
            if text is not None:
                yield self._item(text, 0, source_range, limits, "file")
                return
        nothing = True
        for item in self._items(file, form, source_range, limits):
            nothing = False
            yield item
        if nothing and source_range.start == 0 and source_range.end is None:
            yield Fault("empty", "the file has no line with text", place, status=Status.REJECTED)

    def _items(self, file: BinaryIO, form: Form, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault]:
        in_a_row = 0
        for offset, line in self._lines(file, form, source_range, limits):
            item = self._item(line, offset, source_range, limits)
            yield item
            in_a_row = in_a_row + 1 if isinstance(item, Fault) and item.code in NOT_LINES else 0
            if in_a_row == MOST_IN_A_ROW:
                raise Broken("not_jsonl", f"{MOST_IN_A_ROW} lines one after the other are no JSON objects: reading stops here", offset)

    def _lines(self, file: BinaryIO, form: Form, source_range: SourceRange, limits: LimitSettings) -> Iterator[tuple[int, bytes | int]]:
        """The lines that begin in the range and are not blank, each with its offset. For a line that is too long only its length comes."""
        end = source_range.end
        at, begun = seek_line(file, source_range.start, end)
        found = lines(_after(begun, pieces(file, form)), at, 2 * limits.page_bytes + BESIDE_BYTES)
        try:
            while end is None or at < end:
                offset, line, size = next(found, (at, b"", -1))
                if size < 0 or (end is not None and offset >= end):
                    return
                at = offset + size + 1
                text = line if line is None else (line.removeprefix(MARK) if offset == 0 else line).strip()
                if text is None or text:
                    yield offset, size if text is None else text
        except Broken as error:
            raise Broken(*error.args[:2], at) from error

    def _item(self, line: bytes | int, offset: int, source_range: SourceRange, limits: LimitSettings, where: str = "line") -> Page | Fault:
        place = source_range.location.source_path
        if isinstance(line, int):
            bound = 2 * limits.page_bytes + BESIDE_BYTES
            return Fault("limit_page_bytes", f"a line of {line} bytes; at most {bound} are read", place, source_offset=offset)
        try:
            found = record(line, limits.depth, where)
        except NotRecord as error:
            code, message = error.args
            return Fault(code, message, place, source_offset=offset, sha256=hashlib.sha256(line).hexdigest())
        return self.fields.page(found, source_range, "", offset, limits)


def is_ours(path: str) -> bool:
    """Whether a file's name says that it has this format.

    >>> is_ours("a/News.JSONL.gz"), is_ours("a.geojson")
    (True, False)
    """
    return unpacked(path).endswith((*ENDINGS, WHOLE))


def unpacked(path: str) -> str:
    """A file's name in lower case, without ``.gz`` or ``.zst``.

    >>> unpacked("a/News.JSONL.gz")
    'a/news.jsonl'
    """
    name = path.lower()
    return name.removesuffix(next((ending for ending in PACKED if name.endswith(ending)), ""))


def _after(begun: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if begun:
        yield begun
    yield from rest
