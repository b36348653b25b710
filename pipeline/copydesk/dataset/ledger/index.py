"""The ledger: an SQLite file with what a dataset knows about records and articles. Nothing of it is held in memory.

A ledger entry says which record had which outcome in which commit. Each batch carries the entries of its commit
(``_records.arrow``), so a lost ledger can be rebuilt from the batches.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from copydesk.dataset.ledger import statements
from copydesk.errors import DatasetError
from copydesk.model.status import Status

VERSION = 5
"""The version of the tables. A ledger of another version is rebuilt from the batches."""
ERASED = "erased"
"""The status of erased records. Runs always skip such a record, and never write an article of its identity again."""
_PASSING = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""Errors of SQLite after which another attempt may succeed."""
_PRIMARY_CODE = 0xFF
"""The bits of an extended SQLite error code that hold the primary code (https://sqlite.org/rescode.html)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEW = f"INSERT INTO meta VALUES ('version', {VERSION}), ('applied', 0);"  # noqa: S608  # the number is a constant


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The outcome of a record.

    Attributes:
        key: hex SHA-256 that identifies the record: of its bytes, URL and stated facts; for a fault, of its description.
        source: where the record came from: source path, record and offset, and number of the copy, separated by tabs.
        status: a `Status`, or `ERASED`.
        fingerprint: of the plugins and settings that processed the record.
        number: the commit that the outcome belongs to.
        article_id: the written article, for a duplicate the article that is kept instead, for an erased one its id; else None.
        identity: the id that URL or text give the article, before ``article_id`` was made unique; None unless written or erased.
        text: SHA-256 of headline and text of the article; None unless written or a duplicate.
        captured: when a written article's page was fetched; None when unknown, and for all other outcomes.
    """

    key: str
    source: str
    status: str
    fingerprint: str
    number: int
    article_id: str | None = None
    identity: str | None = None
    text: str | None = None
    captured: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An article that the dataset holds.

    Attributes:
        article_id: the id of the article.
        identity: the id that URL or text give the article, before ``article_id`` was made unique.
        text: SHA-256 of headline and text.
        captured: when the page was fetched; None when unknown.
        source: where the article came from, as in `LedgerEntry`.
        number: the commit that wrote the article.
        batch: the number of the batch that holds the article now.
    """

    article_id: str
    identity: str
    text: str
    captured: datetime | None
    source: str
    number: int
    batch: int


class Ledger:
    """The ledger of one dataset. Threads may share one instance."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._base: sqlite3.Connection | None = None

    def _db(self) -> sqlite3.Connection:
        if self._base is None:
            self._base = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA synchronous = FULL")
        return self._base

    def open(self) -> int:
        """Return the number of the last commit that the ledger knows; 0 if it is new, unreadable or of another version."""
        try:
            found = dict(self.ask("SELECT name, value FROM meta"))
            if found.get("version") == VERSION:
                return int(found.get("applied", 0))
        except sqlite3.DatabaseError:
            pass
        return 0

    def clear(self) -> None:
        """Replace the ledger by an empty one."""
        self.close()
        for suffix in ("", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        with self._lock:
            self._db().executescript(f"BEGIN; {statements.TABLES} {_NEW} COMMIT;")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False,
              older: bool = False) -> bool:
        """Tell whether a record needs no processing, because this run or an earlier one has dealt with it.

        - A record of this run is known. An erased record is always known.
        - A written or duplicate record is known if the dataset still holds its article with its text, whatever source the bytes come from.
        - Otherwise it is known only for its own source, while nothing newer came from there; a reject only under its own fingerprint.
        - The answer does not change while this run commits: it depends on the dataset before the run, and on the record's own outcome.

        Args:
            key, source: as in `LedgerEntry`; the source that the record comes from now.
            base: the first commit of this run.
            refresh: only records of this run, and erased ones, are known.
            retry: rejects of earlier runs are not known.
            older: rows of another fingerprint are not known.
        """
        place = {"key": bytes.fromhex(key), "base": base}
        for status, known_fingerprint, number, held, newest in self.ask(statements.OWN, source=source, **place):
            if number >= base or status == ERASED:
                return True
            if older and status == Status.WRITTEN and held and known_fingerprint != fingerprint:
                return bool(self.ask(statements.ERASED, **place))
            if status in (Status.WRITTEN, Status.DUPLICATE):
                known = not refresh and bool(held or newest)
            else:
                known = not (refresh or retry) and bool(newest) and known_fingerprint == fingerprint
            if known:
                return True
        return bool(self.ask(statements.ERASED, **place) or (not refresh and self.ask(statements.ELSEWHERE, **place)))

    def held(self, article_id: str) -> Held | None:
        """Return the article with this id, or None."""
        return self._one(f"{statements.HELD} WHERE article_id = ?", article_id)

    def owned(self, identity: str, source: str) -> Held | None:
        """Return the newest article of an identity that came from a source, or None."""
        return self._one(f"{statements.HELD} WHERE identity = ? AND source = ? ORDER BY number DESC LIMIT 1", identity, source)

    def alike(self, identity: str, text: str) -> tuple[Held, ...]:
        """Return the articles of an identity that have this text, oldest first."""
        return tuple(map(_held, self.ask(f"{statements.HELD} WHERE identity = ? AND text = ? ORDER BY number, article_id", identity, text)))

    def of_identity(self, identity: str) -> tuple[Held, ...]:
        """Return all articles of an identity, oldest first."""
        return tuple(map(_held, self.ask(f"{statements.HELD} WHERE identity = ? ORDER BY number, article_id", identity)))

    def is_erased(self, identity: str) -> bool:
        """Tell whether an article of this identity was erased."""
        return bool(self.ask("SELECT 1 FROM erased WHERE identity = ?", identity))

    def shrink(self) -> None:
        """Rewrite the file, so that no deleted data is left in it."""
        self.ask("VACUUM")

    def finished(self) -> int:
        """Return the newest commit at the end of the last finished run; 0 when that is unknown."""
        found = self.ask("SELECT value FROM meta WHERE name = 'finished'")
        return int(found[0][0]) if found else 0

    def finish(self, number: int) -> None:
        """Note that a run has finished, and that ``number`` is the newest commit."""
        with suppress(sqlite3.DatabaseError):  # without the note, the next run only makes some look-ups more
            if self.finished() != number:
                self.ask("INSERT INTO meta VALUES ('finished', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", number)

    def apply(self, number: int, batch: int, entries: Iterable[LedgerEntry], removed: Iterable[int] = (), base: int = 0) -> None:
        """Add a commit to the ledger, in one transaction. A second call with the same commit changes nothing.

        Args:
            number, batch: the numbers of the commit and its batch.
            entries: the entries that the batch carries.
            removed: numbers of the batches that it replaced; the articles left in them now lie in ``batch``.
            base: the first commit of the run that made the commit.

        Raises:
            DatasetError: the ledger cannot be written.
            OSError: the ledger cannot be written now, and another attempt may succeed.
        """
        with self._lock:
            db = self._db()
            try:
                db.execute("BEGIN IMMEDIATE")
                for old in removed:
                    db.execute("UPDATE articles SET batch = ? WHERE batch = ?", (batch, old))
                for entry in entries:
                    _insert(db, entry, batch, base)
                db.execute("UPDATE meta SET value = max(value, ?) WHERE name = 'applied'", (number,))
                db.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                with suppress(sqlite3.DatabaseError):
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                if getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in _PASSING:
                    raise OSError(errno.EIO, f"the ledger cannot be written: {error}", str(self._path)) from error
                raise DatasetError(f"cannot write the ledger {self._path}: {error}; the next run takes the commit in") from error

    def ask(self, query: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows. Parameters are positional or named, not both."""
        with self._lock:
            return self._db().execute(query, named or values).fetchall()

    def _one(self, query: str, *values: str) -> Held | None:
        found = self.ask(query, *values)
        return _held(found[0]) if found else None


def _held(row: tuple[Any, ...]) -> Held:
    article_id, identity, text, captured, source, number, batch = row
    moment = _EPOCH + timedelta(microseconds=int(captured)) if captured is not None else None
    return Held(article_id, identity, text, moment, source, int(number), int(batch))


def _insert(db: sqlite3.Connection, entry: LedgerEntry, batch: int, base: int) -> None:
    db.execute(statements.INSERT_RECORD,
               (bytes.fromhex(entry.key), entry.source, entry.status, entry.fingerprint, entry.number, entry.article_id, entry.text))
    if entry.status == ERASED:
        _erase(db, entry)
    elif entry.status == Status.WRITTEN and entry.article_id is not None:
        captured = (entry.captured - _EPOCH) // timedelta(microseconds=1) if entry.captured else None
        db.execute(statements.INSERT_ARTICLE,
                   (entry.article_id, entry.identity, entry.text, captured, entry.source, entry.number, batch, base))


def _erase(db: sqlite3.Connection, entry: LedgerEntry) -> None:
    db.execute("DELETE FROM articles WHERE article_id = ? OR identity = ?", (entry.article_id, entry.identity))
    if entry.identity is not None:
        db.execute("INSERT OR IGNORE INTO erased VALUES (?)", (entry.identity,))
