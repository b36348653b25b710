"""The part of a shard that is being filled. Its inputs wait in one queue for their outcome and are staged in the order they arrived."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from copydesk.dataset.ledger.file_states import FileTally
from copydesk.engine.staging import StageWriter
from copydesk.model.outcome import page_reject
from copydesk.model.page import Location, Page
from copydesk.model.status import Status
from copydesk.rows import article_rows
from copydesk.rows.arrow_batches import UnfitRowsError
from copydesk.rows.page_result import PageResult, quarantined
from copydesk.rows.plain_values import plain

if TYPE_CHECKING:
    import pyarrow as pa

LOOK_AHEAD_BYTES = 64_000_000
"""The pages in the queue may hold this many bytes in all. It bounds the memory of a shard whose first page is slow."""
IGNORED = 20
"""A part ends at the latest after this many times its limit of inputs, ignored ones included, so that work is committed regularly. A web
archive, for example, has two or more records per page that hold no page."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """The limits at which a part ends. It also ends at `IGNORED` times ``inputs``, ignored inputs included.

    Attributes:
        inputs: the number of inputs that count: pages, and places that cannot be read.
        size: the bytes of the pages, in all.
    """

    inputs: int
    size: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An input that waits for its turn to be staged: a page that is being processed, or an input that is rejected already.

    Both kinds wait in one queue, so that rows come in the order of the input for any number of workers.

    Attributes:
        key: the hash of the record.
        source: its source as the ledger writes it.
        result: the outcome, now or later.
        page: the page; None for an input that is rejected already.
    """

    key: str
    source: str
    result: Future[PageResult]
    page: Page | None = None

    @property
    def size(self) -> int:
        """The bytes of the page."""
        return len(self.page.content) if self.page else 0


class OpenPart:
    """One part: a `StageWriter`, and the queue of inputs before it. Leaving its context closes its files.

    Args:
        number: the number of the part in its shard, from 0.
        folder: where its rows are staged.
        schemas: the schema of each table.
        ahead: how many inputs may wait behind the first one of the queue.
    """

    def __init__(self, number: int, folder: Path, schemas: Mapping[str, pa.Schema], ahead: int) -> None:
        self.number = number
        self.folder = folder
        stage = StageWriter(folder, schemas)
        self.account = stage.account
        self._stage = stage
        self._ahead = ahead
        self._queue: deque[Pending] = deque()
        self._files: dict[str, FileTally] = {}
        self._held = 0
        self._count = 0
        self._size = 0

    def __enter__(self) -> OpenPart:
        self._stage.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stage.__exit__(kind, error, trace)

    def is_full(self, cut: PartLimits) -> bool:
        """Tell whether the next input belongs to the next part. This depends on the inputs alone, not on their outcomes."""
        return self._count >= cut.inputs or self._size >= cut.size or self.account.inputs >= IGNORED * cut.inputs

    def count(self, page: Page | None = None) -> None:
        """Count an input that is not ignored."""
        self.account.inputs += 1
        self._count += 1
        self._size += len(page.content) if page else 0

    def tally(self, location: Location, ignored: bool, whole: bool) -> None:
        """Count an input for the file that it came from.

        Args:
            location: the file.
            ignored: whether the input is ignored.
            whole: false when something in the file could not be read.
        """
        found = self._files.get(location.path)
        if found is None:
            found = self._files[location.path] = FileTally(location.path, location.signature, location.source_path)
        found.inputs += 1
        found.ignored += ignored
        found.whole = found.whole and whole

    def add(self, pending: Pending) -> list[Status]:
        """Append an input to the queue; return the outcomes of the inputs that were staged to make room for it."""
        self._queue.append(pending)
        self._held += pending.size
        found = []
        while len(self._queue) > 1 + self._ahead or self._held > LOOK_AHEAD_BYTES:
            found.append(self._take())
        return found

    def finish(self) -> list[Status]:
        """Stage all inputs of the queue and complete the staged files; return the outcomes of these inputs."""
        found = [self._take() for _ in range(len(self._queue))]
        self.account.files = [astuple(tally) for tally in self._files.values()]
        self._stage.done()
        return found

    def _take(self) -> Status:
        """Wait for the outcome of the first input of the queue, and stage it."""
        pending = self._queue.popleft()
        self._held -= pending.size
        result, page = pending.result.result(), pending.page
        if page is None:
            self._stage.add(pending.key, pending.source, result, result.reject or {})
            return result.status
        where = plain(article_rows.reject_row(page_reject(page, "", "", "")))
        try:
            self._stage.add(pending.key, pending.source, result, where)
        except UnfitRowsError as error:
            result = quarantined(page, "tables", "unfit_rows", f"rows do not fit their table: {error}")
            self._stage.add(pending.key, pending.source, result, where)
        return result.status
