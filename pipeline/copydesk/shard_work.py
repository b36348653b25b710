"""Process a shard: read its ranges, leave out what is known, hand pages to the page processes, stage their rows in order."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from copydesk import borders, rows
from copydesk.errors import PageError, PluginError
from copydesk.ledger import Ledger
from copydesk.model import Fault, Ignored, Page, SourceRange
from copydesk.page_rows import Processed, fault_reject, plain, refusal, stopped
from copydesk.planning import Shard
from copydesk.plugins import Plugins
from copydesk.staging import Account, Stage
from copydesk.values import Reject, Status

if TYPE_CHECKING:
    import pyarrow as pa

LOOK_AHEAD = 4
LOOK_AHEAD_BYTES = 64_000_000
Tell = Callable[[Status], None]


class Pages(Protocol):
    """Where pages are worked on."""

    size: int

    def submit(self, page: Page, fingerprint: str) -> Future[Processed]:
        """The page's rows, later."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An input on its way to the stage: a page under way, or (without ``page``) something that is refused already.

    Both wait in one line, so that rows come in the order of the input for any number of workers.
    """

    key: str
    source: str
    result: Future[Processed]
    page: Page | None = None

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.page.content) if self.page else 0


@dataclass(frozen=True, slots=True)
class ShardWork:
    """What is needed to process shards; shared by all shards of a run, safe to use from several threads."""

    plugins: Plugins
    ledger: Ledger
    pages: Pages
    schemas: Mapping[str, pa.Schema]
    fingerprint: str
    base: int
    refresh: bool
    twins: Mapping[str, int]
    tell: Tell

    def run(self, shard: Shard, folder: Path) -> None:
        """Stage a shard in a folder."""
        with Stage(folder, self.schemas) as stage:
            self._ignore(stage.account, shard.ignored)
            under_way: deque[Pending] = deque()
            for pending in self._new(shard, stage):
                under_way.append(pending)
                while len(under_way) > 1 + LOOK_AHEAD * self.pages.size or sum(each.size for each in under_way) > LOOK_AHEAD_BYTES:
                    self._take(stage, under_way.popleft())
            while under_way:
                self._take(stage, under_way.popleft())
            stage.done()

    def _ignore(self, account: Account, count: int) -> None:
        account.inputs += count
        account.ignored += count
        for _ in range(count):
            self.tell(Status.IGNORED)

    def _new(self, shard: Shard, stage: Stage) -> Iterator[Pending]:
        """What is not known yet, in the order of the input; the rest is accounted for here."""
        for reject, twin in zip(shard.rejects, shard.twins, strict=True):
            yield from self._refuse(stage, reject, _place(reject.source_path, reject.source_record, reject.source_offset, twin))
        for source_range in shard.ranges:
            location = source_range.location
            for item, key in self._items(source_range):
                if isinstance(item, Ignored):
                    self._ignore(stage.account, 1)
                    continue
                source = self._source(location.path, item.source_path, item.source_record, item.source_offset)
                if not isinstance(item, Page):
                    yield from self._refuse(stage, item, source, location.size)
                    continue
                stage.account.inputs += 1
                if not self._known(stage, key, source):
                    yield Pending(key, source, self.pages.submit(item, self.fingerprint), item)

    def _items(self, source_range: SourceRange) -> Iterator[tuple[Page | Fault | Ignored | Reject, str]]:
        """What a range holds, pages with their keys. A plugin that fails costs the rest of its range, and that is a reject."""
        try:
            found = borders.items(self.plugins, source_range)
            if found is None:
                yield _range_reject(source_range, "no_source", "no plugin opens what plan_source planned"), ""
                return
            yield from found
        except PageError as error:
            yield _range_reject(source_range, error.code, error.message), ""
        except PluginError as error:
            yield _range_reject(source_range, "plugin_error", str(error), error.plugin), ""

    def _source(self, path: str, source_path: str, record: str, offset: int | None) -> str:
        return _place(source_path, record, offset, self.twins.get(path, 1))

    def _known(self, stage: Stage, key: str, source: str) -> bool:
        known = self.ledger.knows(key, source, self.base, self.fingerprint, self.refresh)
        if known:
            stage.account.unchanged += 1
            self.tell(Status.UNCHANGED)
        return known

    def _refuse(self, stage: Stage, item: Fault | Reject, source: str, size: int = 0) -> Iterator[Pending]:
        """Something that is no page: one reject, unless it was one before."""
        reject = fault_reject(item) if isinstance(item, Fault) else item
        stage.account.inputs += 1
        told = (reject.stage, reject.code, source, reject.source_record, str(reject.source_offset), reject.sha256 or "", reject.message,
                str(size))
        key = hashlib.sha256("\0".join(("fault", *told)).encode("utf-8", "backslashreplace")).hexdigest()
        if not self._known(stage, key, source):
            done: Future[Processed] = Future()
            done.set_result(Processed(reject.status, reject=plain(rows.reject_row(reject))))
            yield Pending(key, source, done)

    def _take(self, stage: Stage, pending: Pending) -> None:
        result, page = pending.result.result(), pending.page
        if page is None:
            stage.add(pending.key, pending.source, result, result.reject or {})
        else:
            where = plain(rows.reject_row(refusal(page, "", "", "")))
            try:
                stage.add(pending.key, pending.source, result, where)
            except (TypeError, ValueError, OverflowError, KeyError) as error:  # Arrow's errors are among these
                result = stopped(page, "tables", "unfit_rows", f"rows do not fit their table: {error}")
                stage.add(pending.key, pending.source, result, where)
        self.tell(result.status)


def _place(source_path: str, record: str, offset: int | None, twin: int) -> str:
    """What the ledger knows a place by: path, record and offset, and a number where inputs share a path."""
    place = record if offset is None else f"{record}@{offset}"
    return f"{source_path}\t{place}\t{twin if twin > 1 else ''}"


def _range_reject(source_range: SourceRange, code: str, message: str, plugin: str = "") -> Reject:
    location = source_range.location
    return Reject(stage="open_source", code=code, message=message, status=Status.QUARANTINED, plugin=plugin,
                  source_path=location.source_path, source_offset=source_range.start or None, url=source_range.url)
