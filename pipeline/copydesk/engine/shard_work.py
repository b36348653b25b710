"""Process a shard: read its ranges, skip known records, submit pages to the page processes, and stage their rows in order, part by part."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from copydesk.engine.open_part import OpenPart, PartLimits, Pending
from copydesk.engine.reprocessing import Reprocessing
from copydesk.engine.shards import Shard
from copydesk.engine.workers.reader_pool import Reader
from copydesk.engine.workers.reading import ReadItem
from copydesk.errors import CopydeskError
from copydesk.model.outcome import Reject, fault_reject
from copydesk.model.page import Fault, Ignored, Location, Page
from copydesk.model.status import Status
from copydesk.rows import article_rows
from copydesk.rows.page_result import PageResult
from copydesk.rows.plain_values import plain

if TYPE_CHECKING:
    import pyarrow as pa


LOOK_AHEAD = 4
"""Inputs per page process that may wait behind a slow page, so that the other processes stay busy."""
Tell = Callable[[Status], None]
"""Called with each outcome."""


class Asked(Protocol):
    """What knows records: the ledger, or its answers on another machine."""

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False, older: bool = False) -> bool:
        """Tell whether a record needs no work."""


class Pages(Protocol):
    """What processes pages."""

    size: int

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """Start to process a page; return its result as a future."""

    def close(self) -> None:
        """Stop all work."""


@dataclass(frozen=True, slots=True)
class ShardPart:
    """A part of a shard that is staged completely.

    Attributes:
        number: the number of the part in its shard, from 0.
        folder: the folder that holds its rows.
        last: whether it is the last part of its shard.
    """

    number: int
    folder: Path
    last: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that was read from a shard.

    Attributes:
        item: what was read, or why it could not be read.
        key: the hash of the record; empty when the item is no page.
        source: its source as the ledger writes it.
        location: its file; None when the file was not opened.
    """

    item: ReadItem
    key: str
    source: str
    location: Location | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the item says nothing of a failure to read."""
        return not (isinstance(self.item, Fault | Reject) and self.item.status is Status.QUARANTINED)


@dataclass(frozen=True, slots=True)
class ShardWork:
    """Processes the shards of one run. Several threads may use it.

    Attributes:
        reader: reads the ranges of sources.
        ledger: tells which records need no work.
        pages: processes pages.
        schemas: the schema of each table.
        fingerprint: the fingerprint of the run's plugins and settings.
        base: the number of the run's first commit.
        reprocessing: which known records the run processes again.
        copy_numbers: by path, a file's number among files with the same source path, where it is not 1.
        cut: the limits at which a part ends.
        tell: called with each outcome.
        stopped: set when the run is to stop.
    """

    reader: Reader
    ledger: Asked
    pages: Pages
    schemas: Mapping[str, pa.Schema]
    fingerprint: str
    base: int
    reprocessing: Reprocessing
    copy_numbers: Mapping[str, int]
    cut: PartLimits
    tell: Tell
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, shard: Shard, folder: Path) -> Iterator[ShardPart]:
        """Process a shard and stage its parts in folders below ``folder``. Where parts end depends on the input alone."""
        number = 0
        with ExitStack() as files:
            open_part = files.enter_context(self._new_part(folder, number))
            self._ignore(open_part, shard.ignored)
            for arrival in self._arrivals(shard):
                if self.stopped.is_set():
                    raise CopydeskError(f"the run was ended while shard {shard.number} was under way")
                if open_part.is_full(self.cut):
                    part = self._finished(open_part, last=False)
                    files.close()
                    yield part
                    number += 1
                    open_part = files.enter_context(self._new_part(folder, number))
                self._admit(arrival, open_part)
            part = self._finished(open_part, last=True)
        yield part

    def is_known(self, key: str, source: str) -> bool:
        """Tell whether a record needs no work."""
        reprocessing = self.reprocessing
        return self.ledger.knows(key, source, self.base, self.fingerprint, reprocessing.refresh, reprocessing.tries_rejects,
                                 reprocessing.selection.older)

    def keys(self, shard: Shard) -> Iterator[tuple[str, str]]:
        """Yield the key and the source of each record of a shard, in order, as `is_known` takes them."""
        for arrival in self._arrivals(shard):
            if not isinstance(arrival.item, Ignored):
                _, reject = _parted(arrival.item)
                yield arrival.key if reject is None else _fault_key(reject, arrival), arrival.source

    def stop(self) -> None:
        """Stop all work on shards."""
        self.stopped.set()
        self.reader.close()
        self.pages.close()

    def _new_part(self, folder: Path, number: int) -> OpenPart:
        return OpenPart(number, folder / f"{number:06}", self.schemas, LOOK_AHEAD * self.pages.size)

    def _finished(self, open_part: OpenPart, last: bool) -> ShardPart:
        self._tell(open_part.finish())
        return ShardPart(open_part.number, open_part.folder, last)

    def _tell(self, outcomes: list[Status]) -> None:
        for status in outcomes:
            self.tell(status)

    def _ignore(self, open_part: OpenPart, count: int) -> None:
        open_part.account.inputs += count
        open_part.account.ignored += count
        self._tell([Status.IGNORED] * count)

    def _arrivals(self, shard: Shard) -> Iterator[Arrival]:
        """Yield everything in a shard, in the order of the input."""
        for reject, copy_number in zip(shard.rejects, shard.copy_numbers, strict=True):
            yield Arrival(reject, "", _place(reject.source_path, reject.source_record, reject.source_offset, copy_number))
        for source_range in shard.ranges:
            location = source_range.location
            copy_number = self.copy_numbers.get(location.path, 1)
            for item, key in self.reader.read(source_range):
                yield Arrival(item, key, _place(item.source_path, item.source_record, item.source_offset, copy_number), location)

    def _admit(self, arrival: Arrival, open_part: OpenPart) -> None:
        """Count an item. Unless it is ignored or known, also add it to the queue of the part."""
        item, key = arrival.item, arrival.key
        if arrival.location is not None:
            open_part.tally(arrival.location, isinstance(item, Ignored), arrival.is_whole)
        if isinstance(item, Ignored):
            self._ignore(open_part, 1)
            return
        page, reject = _parted(item)
        open_part.count(page)
        if reject is not None:
            key = _fault_key(reject, arrival)
        if self.is_known(key, arrival.source):
            open_part.account.unchanged += 1
            self.tell(Status.UNCHANGED)
            return
        result = self.pages.submit(page, self.fingerprint) if page is not None else _refused(reject)
        self._tell(open_part.add(Pending(key, arrival.source, result, page)))


def _parted(item: Page | Fault | Reject) -> tuple[Page | None, Reject | None]:
    """Return a page as the first value, or anything else as a reject in the second."""
    if isinstance(item, Page):
        return item, None
    return None, fault_reject(item) if isinstance(item, Fault) else item


def _refused(reject: Reject | None) -> Future[PageResult]:
    """Return a future that already holds the outcome of a reject."""
    assert reject is not None  # noqa: S101  # every item that is no page has one
    done: Future[PageResult] = Future()
    done.set_result(PageResult(reject.status, reject=plain(article_rows.reject_row(reject))))
    return done


def _fault_key(reject: Reject, arrival: Arrival) -> str:
    """Return the key under which the ledger knows a reject: what is wrong and where. A reject of a whole file includes the file's size."""
    size = arrival.location.size if arrival.location and reject.source_offset is None else 0
    told = (reject.stage, reject.code, arrival.source, reject.source_record, str(reject.source_offset), reject.sha256 or "",
            reject.message, str(size))
    return hashlib.sha256("\0".join(("fault", *told)).encode("utf-8", "backslashreplace")).hexdigest()


def _place(source_path: str, record: str, offset: int | None, copy_number: int) -> str:
    """Return a source as the ledger writes it: path, record and offset, and a number from 2 on where several inputs share a path."""
    place = record if offset is None else f"{record}@{offset}"
    return f"{source_path}\t{place}\t{copy_number if copy_number > 1 else ''}"
