"""A shard's rows on their way: Arrow IPC files by table, and one line a page; nothing here is decided yet.

Whether an article is new is decided at its commit, in the order of shards. So each row carries the number of its page in the shard
(column ``_page``), and `pages.jsonl` says what each page was.
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
PAGES = "pages.jsonl"
ACCOUNT = "account.json"
FLUSH_ROWS = 20_000
FLUSH_PAGES = 100


@dataclass(frozen=True, slots=True)
class StagedPage:
    """What a page was. ``reject`` is its row of ``rejects``; for an article the row it would have as a duplicate."""

    number: int
    key: str
    source: str
    status: Status
    reject: Row
    article: ArticleKey | None = None


@dataclass(slots=True)
class Account:
    """What a shard counted while it was processed. ``inputs`` is counted as things come in, apart from what becomes of them."""

    inputs: int = 0
    unchanged: int = 0
    ignored: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    files: list[tuple[str, str, str, int, int, bool]] = field(default_factory=list)
    """Of each file what `file_states.FileTally` holds."""


class StageWriter:
    """Writes a shard's folder. Use as a context; `done` makes it whole."""

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
        """A page's outcome. ``where`` is the row of ``rejects`` that a duplicate of it would have.

        Raises:
            UnfitRowsError: the rows are not those of the tables; nothing was added.
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
        """Write what is left, and the account last: a folder without it is not whole."""
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
    """Batches as one table, each row with the number of its page."""
    numbers = pa.array([number for number, batch in batches for _ in range(batch.num_rows)], pa.int32())
    return pa.Table.from_batches([batch for _, batch in batches]).append_column(PAGE, numbers)


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a row of rejects")


@dataclass(frozen=True, slots=True)
class StagedRows:
    """A whole staged shard, to be read."""

    folder: Path
    account: Account
    pages: tuple[StagedPage, ...]

    def batches(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table in order, a portion at a time."""
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
    """A staged shard."""
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
