"""The part of a shard that is being filled: its inputs wait in one line for their outcome, and are staged in the order they came."""

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
IGNORED = 20
"""A part ends after so many times its inputs even where most are ignored (a web archive has two or more records a page that are none), so
that what was read is committed now and then."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """Where parts end: at this many inputs that count (pages, and places that cannot be read), or as soon as their pages have this many
    bytes; and at `IGNORED` times as many inputs of any kind."""

    inputs: int
    size: int


@dataclass(frozen=True, slots=True)
class Pending:
    """An input on its way to the stage: a page under way, or (without ``page``) something that is refused already.

    Both wait in one line, so that rows come in the order of the input for any number of workers.
    """

    key: str
    source: str
    result: Future[PageResult]
    page: Page | None = None

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.page.content) if self.page else 0


class OpenPart:
    """One part: a stage in ``folder``, and the line before it. ``ahead`` inputs may wait in the line. Use as a context, which closes its
    files."""

    def __init__(self, number: int, folder: Path, schemas: Mapping[str, pa.Schema], ahead: int) -> None:
        self.number = number
        self.folder = folder
        stage = StageWriter(folder, schemas)
        self.account = stage.account
        self._stage = stage
        self._ahead = ahead
        self._line: deque[Pending] = deque()
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
        """Whether the next input belongs to the next part: a function of the inputs alone, whatever became of them."""
        return self._count >= cut.inputs or self._size >= cut.size or self.account.inputs >= IGNORED * cut.inputs

    def count(self, page: Page | None = None) -> None:
        """Take note of an input that counts."""
        self.account.inputs += 1
        self._count += 1
        self._size += len(page.content) if page else 0

    def tally(self, location: Location, ignored: bool, whole: bool) -> None:
        """Take note of which file an input came from; ``whole`` is false where something could not be read."""
        found = self._files.get(location.path)
        if found is None:
            found = self._files[location.path] = FileTally(location.path, location.signature, location.source_path)
        found.inputs += 1
        found.ignored += ignored
        found.whole = found.whole and whole

    def add(self, pending: Pending) -> list[Status]:
        """Put an input in the line; returns the outcomes of those that had to leave it."""
        self._line.append(pending)
        self._held += pending.size
        found = []
        while len(self._line) > 1 + self._ahead or self._held > LOOK_AHEAD_BYTES:
            found.append(self._take())
        return found

    def finish(self) -> list[Status]:
        """Empty the line and make the stage whole; returns the outcomes of what was in the line."""
        found = [self._take() for _ in range(len(self._line))]
        self.account.files = [astuple(tally) for tally in self._files.values()]
        self._stage.done()
        return found

    def _take(self) -> Status:
        pending = self._line.popleft()
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
