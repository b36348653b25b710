"""Process a shard: read its ranges, leave out what is known, hand pages to the page processes, stage their rows in order, part by part."""

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
Tell = Callable[[Status], None]
ReadItem = Page | Fault | Ignored | Reject


class Asked(Protocol):
    """What knows records: the ledger, or somebody who has asked it."""

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False, older: bool = False) -> bool:
        """Whether a record needs no work."""


class Pages(Protocol):
    """Where pages are worked on."""

    size: int

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """The page's rows, later."""

    def close(self) -> None:
        """End what is under way."""


@dataclass(frozen=True, slots=True)
class ShardPart:
    """A part of a shard that is staged whole: the ``number``th, in a folder; the ``last`` one ends its shard."""

    number: int
    folder: Path
    last: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came out of a shard: its record hash (a page's), the place that the ledger knows it by, and its file, when that was
    opened."""

    item: ReadItem
    key: str
    source: str
    location: Location | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing stopped the reading here."""
        return not (isinstance(self.item, Fault | Reject) and self.item.status is Status.QUARANTINED)


@dataclass(frozen=True, slots=True)
class ShardWork:
    """What is needed to process shards; shared by all shards of a run, safe to use from several threads."""

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
        """Stage a shard below a folder, part by part. Where parts end depends on the input alone."""
        number = 0
        with ExitStack() as open_part:
            filling = open_part.enter_context(self._filling(folder, number))
            self._ignore(filling, shard.ignored)
            for arrival in self._arrivals(shard):
                if self.stopped.is_set():
                    raise CopydeskError(f"the run was ended while shard {shard.number} was under way")
                if filling.is_full(self.cut):
                    part = self._finished(filling, last=False)
                    open_part.close()
                    yield part
                    number += 1
                    filling = open_part.enter_context(self._filling(folder, number))
                self._admit(arrival, filling)
            part = self._finished(filling, last=True)
        yield part

    def is_known(self, key: str, source: str) -> bool:
        """Whether a record needs no work."""
        reprocessing = self.reprocessing
        return self.ledger.knows(key, source, self.base, self.fingerprint, reprocessing.refresh, reprocessing.tries_rejects,
                                 reprocessing.selection.older)

    def keys(self, shard: Shard) -> Iterator[tuple[str, str]]:
        """The records of a shard, in order: what `is_known` is asked of them."""
        for arrival in self._arrivals(shard):
            if not isinstance(arrival.item, Ignored):
                _, reject = _parted(arrival.item)
                yield arrival.key if reject is None else _fault_key(reject, arrival), arrival.source

    def stop(self) -> None:
        """End what is under way."""
        self.stopped.set()
        self.reader.close()
        self.pages.close()

    def _filling(self, folder: Path, number: int) -> OpenPart:
        return OpenPart(number, folder / f"{number:06}", self.schemas, LOOK_AHEAD * self.pages.size)

    def _finished(self, filling: OpenPart, last: bool) -> ShardPart:
        self._tell(filling.finish())
        return ShardPart(filling.number, filling.folder, last)

    def _tell(self, outcomes: list[Status]) -> None:
        for status in outcomes:
            self.tell(status)

    def _ignore(self, filling: OpenPart, count: int) -> None:
        filling.account.inputs += count
        filling.account.ignored += count
        self._tell([Status.IGNORED] * count)

    def _arrivals(self, shard: Shard) -> Iterator[Arrival]:
        """Everything in a shard, in the order of the input."""
        for reject, copy_number in zip(shard.rejects, shard.copy_numbers, strict=True):
            yield Arrival(reject, "", _place(reject.source_path, reject.source_record, reject.source_offset, copy_number))
        for source_range in shard.ranges:
            location = source_range.location
            copy_number = self.copy_numbers.get(location.path, 1)
            for item, key in self.reader.read(source_range):
                yield Arrival(item, key, _place(item.source_path, item.source_record, item.source_offset, copy_number), location)

    def _admit(self, arrival: Arrival, filling: OpenPart) -> None:
        """Account for what is ignored or known; the rest goes into the line."""
        item, key = arrival.item, arrival.key
        if arrival.location is not None:
            filling.tally(arrival.location, isinstance(item, Ignored), arrival.is_whole)
        if isinstance(item, Ignored):
            self._ignore(filling, 1)
            return
        page, reject = _parted(item)
        filling.count(page)
        if reject is not None:
            key = _fault_key(reject, arrival)
        if self.is_known(key, arrival.source):
            filling.account.unchanged += 1
            self.tell(Status.UNCHANGED)
            return
        result = self.pages.submit(page, self.fingerprint) if page is not None else _refused(reject)
        self._tell(filling.add(Pending(key, arrival.source, result, page)))


def _parted(item: Page | Fault | Reject) -> tuple[Page | None, Reject | None]:
    """A page, or the reject that something else is."""
    if isinstance(item, Page):
        return item, None
    return None, fault_reject(item) if isinstance(item, Fault) else item


def _refused(reject: Reject | None) -> Future[PageResult]:
    """The outcome of something that is no page: one reject."""
    assert reject is not None  # noqa: S101  # what is no page has one
    done: Future[PageResult] = Future()
    done.set_result(PageResult(reject.status, reject=plain(article_rows.reject_row(reject))))
    return done


def _fault_key(reject: Reject, arrival: Arrival) -> str:
    """What the ledger knows something by that is no page: what is wrong where, and how large the file was if that is all of it."""
    size = arrival.location.size if arrival.location and reject.source_offset is None else 0
    told = (reject.stage, reject.code, arrival.source, reject.source_record, str(reject.source_offset), reject.sha256 or "",
            reject.message, str(size))
    return hashlib.sha256("\0".join(("fault", *told)).encode("utf-8", "backslashreplace")).hexdigest()


def _place(source_path: str, record: str, offset: int | None, copy_number: int) -> str:
    """What the ledger knows a place by: path, record and offset, and a number where inputs share a path."""
    place = record if offset is None else f"{record}@{offset}"
    return f"{source_path}\t{place}\t{copy_number if copy_number > 1 else ''}"
