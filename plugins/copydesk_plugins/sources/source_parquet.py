"""Reads Parquet files with a page in each row (.parquet and .pq), row group by row group in small batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field as Setting

from copydesk import Fault, LimitSettings, Location, Page, PluginSettings, SourceRange, Status, hookimpl, is_remote, open_regular
from copydesk_plugins.sources.parquet.columns import BAD, FAILURES, Column, columns, rows
from copydesk_plugins.sources.parquet.files import RowGroup, UnreadableParquet, groups, open_parquet, words
from copydesk_plugins.sources.parquet.page_headers import FREE_BYTES, MOST_EXPANSION, check_pages
from copydesk_plugins.sources.records.content import CONTENT
from copydesk_plugins.sources.records.fields import Fields, FieldSettings, beyond, shown

ENDINGS = (".parquet", ".pq")
"""Endings of Parquet files."""
RANGE_BYTES = 64 << 20
"""Stored bytes of a range when the settings say nothing."""
MOST_PLANNED_FOOTER = 4 << 20
"""Bytes of a footer that is read to plan ranges; a file with a larger one is one range."""
BATCH_ROWS = 16
"""Rows that are read at a time."""
HEAVY_BYTES = 8 << 20
"""Bytes of a batch that is read again row by row."""
BESIDE_BYTES = 1 << 20
"""Bytes that a row may have beside twice those of a page, for its other columns."""
MOST_COLUMNS_SHOWN, MOST_COLUMN_SHOWN = 5, 80
"""Columns that a message names, and characters of each."""


@dataclass(slots=True)
class ParquetReading:
    """The state of reading one file.

    Attributes:
        source_range: the range of the file that is read.
        reader: Arrow's reader of the file.
        paths: the columns that are read, as paths with dots.
        limits: the limits of the run.
        left: bytes of pages that the file may still give before it counts as a decompression bomb.
    """

    source_range: SourceRange
    reader: pq.ParquetFile
    paths: list[str]
    limits: LimitSettings
    left: int

    def fault(self, code: str, message: str, row: int | None = None, status: Status = Status.QUARANTINED) -> Fault:
        """A fault of the file, or of a row."""
        return Fault(code, message, self.source_range.location.source_path, "" if row is None else f"row {row}", row, status=status)


class Plugin:
    """Reads Parquet files."""

    class Settings(PluginSettings):
        """``[plugins.source_parquet]``: row groups are read together up to ``range_bytes`` as stored; ``fields`` names columns."""

        range_bytes: int = Setting(RANGE_BYTES, gt=0)
        fields: FieldSettings = FieldSettings()

    def __init__(self, settings: Settings) -> None:
        self.range_bytes = settings.range_bytes
        self.fields = Fields.of(settings.fields)

    @hookimpl
    def plan_source(self, location: Location) -> list[SourceRange] | None:
        """Parquet: .parquet and .pq, in ranges of whole row groups; a file that cannot be looked into is one range."""
        if not location.path.lower().endswith(ENDINGS):
            return None
        if location.size <= self.range_bytes:
            return [SourceRange(location)]
        try:
            with open_regular(location.path) as file:
                starts = [group.start for group in groups(file, MOST_PLANNED_FOOTER)]
        except (OSError, UnreadableParquet):
            return [SourceRange(location)]
        cuts = [0]
        for start in sorted(starts):
            if start - cuts[-1] >= self.range_bytes and start < location.size:
                cuts.append(start)
        return [SourceRange(location, start, end) for start, end in zip(cuts, [*cuts[1:], None], strict=True)]

    @hookimpl
    def open_source(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault] | None:
        """The pages of the row groups whose first byte lies in the range; offsets are numbers of rows in the file, from 0."""
        return self._opened(source_range, limits) if source_range.location.path.lower().endswith(ENDINGS) else None

    def _opened(self, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault]:
        place = source_range.location.source_path
        try:
            with open_regular(source_range.location.path) as file:
                yield from self._read(file, source_range, limits)
        except UnreadableParquet as error:
            code, message, status = error.args
            yield Fault(code, message, place, status=status)
        except OSError as error:
            yield Fault("unreadable", error.strerror or str(error), place)

    def _read(self, file: BinaryIO, source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault]:
        every = groups(file)
        reader = open_parquet(file)
        found = self._columns(reader)
        size = file.seek(0, 2)
        reading = ParquetReading(source_range, reader, list(dict.fromkeys(column.path for column in found)), limits,
                          FREE_BYTES + MOST_EXPANSION * size)
        first, end = source_range.start, source_range.end
        if not sum(group.rows for group in every) and first == 0:
            yield reading.fault("empty", "the file has no rows", status=Status.REJECTED)
        for group in every:
            if group.rows and group.start >= first and (end is None or group.start < end):
                try:
                    check_pages(file, reader, group, reading.paths, is_remote(source_range.location.path))
                except UnreadableParquet as error:
                    yield reading.fault(error.args[0], f"row group {group.number}: {error.args[1]}", group.before)
                    continue
                yield from self._group(reading, group)

    def _columns(self, reader: pq.ParquetFile) -> list[Column]:
        """The columns to read.

        Raises:
            UnreadableParquet: no column can hold a page, or it is not clear which one does.
        """
        try:
            schema = reader.schema_arrow
            found = columns(schema, self.fields)
        except FAILURES as error:
            raise UnreadableParquet("parquet", f"the schema cannot be read: {words(error)}", Status.QUARANTINED) from error
        pages = [column for column in found if column.part in CONTENT]
        if not pages:
            raise UnreadableParquet("no_content_column", f"no column with HTML or text among {shown(schema.names)}; name it in the "
                                    'settings: [plugins.source_parquet.fields] html = "…" or text = "…"', Status.REJECTED)
        if not any(column.is_text for column in pages):
            kinds = ", ".join(f"{column.path} is {column.kind}"[:MOST_COLUMN_SHOWN] for column in pages[:MOST_COLUMNS_SHOWN])
            raise UnreadableParquet("content_type", f"no column with text: {kinds}", Status.QUARANTINED)
        twice = [column.path for column in pages if schema.names.count(column.path) > 1]
        if twice:
            raise UnreadableParquet("duplicate_columns", f"several columns have the name {shown(twice[:1])}", Status.QUARANTINED)
        return found

    def _group(self, reading: ParquetReading, group: RowGroup) -> Iterator[Page | Fault]:
        """The rows of a group. From a batch on that is heavy or fails, the group is read row by row."""
        done = 0
        for size in (BATCH_ROWS, 1):
            try:
                for batch, begin in _batches(reading, group, size, done):
                    if size > 1 and batch.nbytes > HEAVY_BYTES:
                        break
                    for item in self._items(reading, batch, group.before + begin):
                        done += 1
                        yield item
                else:
                    if done < group.rows:
                        yield reading.fault("parquet", f"row group {group.number} says that it has {group.rows} rows, and {done} came",
                                            group.before + done)
                    return
            except FAILURES as error:
                if size == 1:
                    yield reading.fault("parquet", f"row group {group.number} cannot be read on at its row {done}: {words(error)}",
                                        group.before + done)

    def _items(self, reading: ParquetReading, batch: pa.RecordBatch, first: int) -> Iterator[Page | Fault]:
        if batch.num_rows == 1 and batch.nbytes > 2 * reading.limits.page_bytes + BESIDE_BYTES:
            yield beyond(reading.limits, reading.source_range.location.source_path, f"row {first}", first)
            return
        for number, row in enumerate(rows(batch), start=first):
            item = self._item(reading, row, number)
            if isinstance(item, Page):
                reading.left -= len(item.content)
                if reading.left < 0:
                    raise UnreadableParquet("limit_expansion", f"the pages before row {number} are more than a file of this size can hold "
                                            "in earnest: reading stops here", Status.QUARANTINED)
            yield item

    def _item(self, reading: ParquetReading, row: dict[str, Any], number: int) -> Page | Fault:
        bad = [name for name, value in row.items() if value is BAD]
        if any(hit.part in CONTENT for name in bad for hit in self.fields.hits(name)):
            return reading.fault("encoding", f"the value of {shown(bad[:1])} cannot be read: it is not UTF-8", number)
        known = {name: value for name, value in row.items() if value is not BAD} if bad else row
        return self.fields.page(known, reading.source_range, f"row {number}", number, reading.limits)


def _batches(reading: ParquetReading, group: RowGroup, size: int, skip: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Batches of a row group from its row ``skip`` on, each with the number of its first row in the group."""
    begin = 0
    for batch in reading.reader.iter_batches(size, row_groups=[group.number], columns=reading.paths, use_threads=False):
        if begin + batch.num_rows > skip:
            cut = max(0, skip - begin)
            yield batch.slice(cut), begin + cut
        begin += batch.num_rows
