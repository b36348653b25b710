"""The staged rows of a part of a shard: an Arrow IPC file for each table, and one line of JSON for each page.

Whether an article is new is decided only at its commit, in the order of shards. So each row carries the number of its page in the part
(column ``_page``), and ``pages.jsonl`` says what became of each page.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from copydesk.model.status import Status
from copydesk.report import merge
from copydesk.rows.arrow_batches import unpacked
from copydesk.rows.article_rows import Row
from copydesk.rows.page_result import ArticleKey, PageResult

PAGE = "_page"
"""The column of a staged row that holds the number of its page."""
PAGES = "pages.jsonl"
"""The file that says what became of each page."""
ACCOUNT = "account.json"
"""The file of counts. It is written last, so that a folder without it is incomplete."""
FLUSH_ROWS = 20_000
"""Rows are written to their files when more than this many wait. It bounds memory."""
FLUSH_PAGES = 100
"""Rows are also written after each time this many pages."""


@dataclass(frozen=True, slots=True)
class StagedPage:
    """What became of a page.

    Attributes:
        number: the number of the page in its part, from 0.
        key: the hash of its record.
        source: its source as the ledger writes it.
        status: the outcome so far. An article may still prove to be a duplicate.
        reject: its row of ``rejects``; for an article, the row that it gets if it proves to be a duplicate.
        article: the facts that decide whether the article is new; None when there is no article.
    """

    number: int
    key: str
    source: str
    status: Status
    reject: Row
    article: ArticleKey | None = None


@dataclass(slots=True)
class Account:
    """What was counted while a part of a shard was processed.

    Attributes:
        inputs: the inputs, counted when they are read and independently of their outcomes.
        unchanged: the inputs that are known and were not processed again.
        ignored: the items that are no inputs by their nature.
        seconds: the time spent in each plugin.
        skipped: how often each plugin failed and was passed over.
        files: for each file, the fields of its `copydesk.dataset.ledger.file_states.FileTally`.
    """

    inputs: int = 0
    unchanged: int = 0
    ignored: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    files: list[tuple[str, str, str, int, int, bool]] = field(default_factory=list)


class StageWriter:
    """Writes the folder of a staged part. Leaving its context closes the files; only `done` completes the folder."""

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
        self.account = Account()
        self._folder = folder
        self._schemas = {name: kind for name, kind in schemas.items() if name != "rejects"}
        self._batches: dict[str, list[tuple[int, pa.RecordBatch]]] = {name: [] for name in self._schemas}
        self._writers: dict[str, pa.ipc.RecordBatchFileWriter] = {}
        self._count = 0
        self._rows = 0
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._pages = (folder / PAGES).open("w", encoding="utf-8")
        self._files = {name: (folder / f"{name}.arrow").open("wb") for name in self._schemas}

    def __enter__(self) -> StageWriter:
        for name, schema in self._schemas.items():
            self._writers[name] = pa.ipc.new_file(self._files[name], schema.append(pa.field(PAGE, pa.int32())))
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._pages, *self._files.values()):
            file.close()

    def add(self, key: str, source: str, result: PageResult, where: Row) -> None:
        """Add the outcome of a page.

        Args:
            key: the hash of its record.
            source: its source as the ledger writes it.
            result: the outcome.
            where: the row of ``rejects`` that an article gets if it proves to be a duplicate.

        Raises:
            UnfitRowsError: the rows do not fit their tables; nothing was added.
        """
        for name, batch in unpacked(result.batches, self._schemas).items():
            self._batches[name].append((self._count, batch))
            self._rows += batch.num_rows
        page = {"number": self._count, "key": key, "source": source, "status": str(result.status), "reject": result.reject or where,
                "article": asdict(result.key) if result.key else None}
        self._pages.write(json.dumps(page, ensure_ascii=True, default=_iso) + "\n")
        self._count += 1
        for name, seconds in result.seconds.items():
            self.account.seconds[name] = self.account.seconds.get(name, 0.0) + seconds
        if result.skipped:
            self.account.skipped = merge(self.account.skipped, result.skipped)
        if self._rows > FLUSH_ROWS or self._count % FLUSH_PAGES == 0:
            self._flush()

    def done(self) -> None:
        """Write the remaining rows, and the account last: a folder without it is incomplete."""
        self._flush()
        for writer in self._writers.values():
            writer.close()
        self._pages.flush()
        (self._folder / ACCOUNT).write_text(json.dumps(asdict(self.account)), encoding="utf-8")

    def _flush(self) -> None:
        for name, batches in self._batches.items():
            if batches:
                self._writers[name].write_table(_numbered(batches).combine_chunks())
                batches.clear()
        self._rows = 0


def _numbered(batches: list[tuple[int, pa.RecordBatch]]) -> pa.Table:
    """Join batches to one table that has the number of its page in each row."""
    numbers = pa.array([number for number, batch in batches for _ in range(batch.num_rows)], pa.int32())
    return pa.Table.from_batches([batch for _, batch in batches]).append_column(PAGE, numbers)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a row of rejects")


@dataclass(frozen=True, slots=True)
class StagedRows:
    """A complete staged part of a shard, for reading.

    Attributes:
        folder: the folder that holds it.
        account: what was counted.
        pages: what became of each page, in order.
    """

    folder: Path
    account: Account
    pages: tuple[StagedPage, ...]

    def batches(self, table: str) -> Iterator[pa.Table]:
        """Yield the rows of a table in order, a portion at a time."""
        path = self.folder / f"{table}.arrow"
        if not path.is_file():
            return
        with pa.memory_map(os.fspath(path)) as source, pa.ipc.open_file(source) as reader:
            for index in range(reader.num_record_batches):
                yield pa.Table.from_batches([reader.get_batch(index)])

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def read(folder: Path) -> StagedRows:
    """Open a staged part of a shard.

    Args:
        folder: the folder that holds it (`copydesk.dataset.store.staged_part.StagedPart.folder`).

    Raises:
        OSError: a file cannot be read, or the folder is incomplete.
    """
    account = Account(**json.loads((folder / ACCOUNT).read_text(encoding="utf-8")))
    with (folder / PAGES).open(encoding="utf-8") as file:
        return StagedRows(folder, account, tuple(_page(json.loads(line)) for line in file))


def _page(found: dict[str, object]) -> StagedPage:
    article, reject = found["article"], found["reject"]
    key = None
    if isinstance(article, dict):
        captured = article["captured"]
        key = ArticleKey(article["article_id"], article["text_sha256"], datetime.fromisoformat(captured) if captured else None)
    return StagedPage(int(str(found["number"])), str(found["key"]), str(found["source"]), Status(str(found["status"])),
                      reject if isinstance(reject, dict) else {}, key)
