"""What is known about records and articles: an SQLite index, looked up and never held in memory.

It is derived: each batch carries the entries of its commit (``_records.arrow``), and the index can be made anew from them. An entry says
which record (the hash of its bytes and URL, and where it came from) had which outcome in which commit.
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

from copydesk.errors import DatasetError
from copydesk.model.status import Status

VERSION = 5
ERASED = "erased"
"""The status of what was erased for good: it is known whatever is asked, and its identity is never written again."""
_PASSING = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = """
CREATE TABLE records (key BLOB, source TEXT, status TEXT, fingerprint TEXT, number INTEGER, article_id TEXT, text TEXT,
                      PRIMARY KEY (key, source)) WITHOUT ROWID;
CREATE INDEX records_by_source ON records (source, number);
CREATE INDEX records_erased ON records (key) WHERE status = 'erased';
CREATE TABLE articles (article_id TEXT PRIMARY KEY, identity TEXT, text TEXT, captured INTEGER, source TEXT, number INTEGER,
                       batch INTEGER, before TEXT) WITHOUT ROWID;
CREATE INDEX articles_by_batch ON articles (batch);
CREATE INDEX articles_by_owner ON articles (identity, source);
CREATE INDEX articles_by_text ON articles (identity, text);
CREATE TABLE erased (identity TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER);
"""
_NEW = f"INSERT INTO meta VALUES ('version', {VERSION}), ('applied', 0);"  # noqa: S608  # our own number
_LOOKED_AT = 64
"""Records of the same bytes that are looked at: more of them are no reason to take longer."""
_IS_HELD = "r.text = CASE WHEN a.number < :base THEN a.text ELSE a.before END"
_OWN = f"""
SELECT r.status, r.fingerprint, r.number, {_IS_HELD},
       r.number = (SELECT max(number) FROM records WHERE source = r.source AND number < :base)
FROM records AS r LEFT JOIN articles AS a ON a.article_id = r.article_id WHERE r.key = :key AND r.source = :source
"""  # noqa: S608  # our own words
_ELSEWHERE = f"""
SELECT 1 FROM (SELECT status, number, article_id, text FROM records WHERE key = :key LIMIT {_LOOKED_AT}) AS r
JOIN articles AS a ON a.article_id = r.article_id
WHERE r.number < :base AND r.status IN ('{Status.WRITTEN}', '{Status.DUPLICATE}') AND {_IS_HELD} LIMIT 1
"""  # noqa: S608  # the same
_ERASED = f"SELECT 1 FROM records INDEXED BY records_erased WHERE key = :key AND status = '{ERASED}' LIMIT 1"  # noqa: S608  # the same
_HELD = "SELECT article_id, identity, text, captured, source, number, batch FROM articles"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of a record. ``article_id`` and ``text`` are set for written articles and for duplicates (then the id is that of the
    article that is held), ``identity`` (the article_id before any change to it) and ``captured`` for written ones. ``status`` is a
    `Status`, or `ERASED`: such an entry keeps its article_id and identity, so that neither comes back."""

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
    """An article of the dataset: its text, who gave it, in which commit, and in which batch it lies."""

    article_id: str
    identity: str
    text: str
    captured: datetime | None
    source: str
    number: int
    batch: int


class Ledger:
    """The index of one dataset. Safe to ask from several threads."""

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
        """The number of the last commit it knows; 0 for a new one or one that cannot be read (it is made anew)."""
        try:
            found = dict(self.ask("SELECT name, value FROM meta"))
            if found.get("version") == VERSION:
                return int(found.get("applied", 0))
        except sqlite3.DatabaseError:
            pass
        return 0

    def clear(self) -> None:
        """Empty it."""
        self.close()
        for suffix in ("", "-journal"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        with self._lock:
            self._db().executescript(f"BEGIN; {_SCHEMA} {_NEW} COMMIT;")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None

    def knows(self, key: str, source: str, base: int, fingerprint: str, refresh: bool, retry: bool = False,
              older: bool = False) -> bool:
        """Whether a record needs no processing: this run (commits from ``base``) or an earlier one has dealt with it.

        The record of an earlier run is known where its article, with its text, is still the one that is held, wherever the bytes
        come from now. Else it is known for its own source alone, while nothing newer came from there; a reject only under its own
        fingerprint, and not when rejects are tried again (``retry``). With ``older`` a row of another fingerprint is not known. What
        was erased is known for good. What this run has committed meanwhile changes none of that, so that it does not matter when one asks.
        """
        place = {"key": bytes.fromhex(key), "base": base}
        for status, known_fingerprint, number, held, newest in self.ask(_OWN, source=source, **place):
            if number >= base or status == ERASED:
                return True
            if older and status == Status.WRITTEN and held and known_fingerprint != fingerprint:
                return bool(self.ask(_ERASED, **place))
            if status in (Status.WRITTEN, Status.DUPLICATE):
                known = not refresh and bool(held or newest)
            else:
                known = not (refresh or retry) and bool(newest) and known_fingerprint == fingerprint
            if known:
                return True
        return bool(self.ask(_ERASED, **place) or (not refresh and self.ask(_ELSEWHERE, **place)))

    def held(self, article_id: str) -> Held | None:
        """The article of an id."""
        return self._one(f"{_HELD} WHERE article_id = ?", article_id)

    def owned(self, identity: str, source: str) -> Held | None:
        """The article that a source gave before under an identity."""
        return self._one(f"{_HELD} WHERE identity = ? AND source = ? ORDER BY number DESC LIMIT 1", identity, source)

    def alike(self, identity: str, text: str) -> tuple[Held, ...]:
        """The articles of an identity that have this text, the oldest first."""
        return tuple(map(_held, self.ask(f"{_HELD} WHERE identity = ? AND text = ? ORDER BY number, article_id", identity, text)))

    def of_identity(self, identity: str) -> tuple[Held, ...]:
        """All articles of an identity."""
        return tuple(map(_held, self.ask(f"{_HELD} WHERE identity = ? ORDER BY number, article_id", identity)))

    def is_erased(self, identity: str) -> bool:
        """Whether an identity was erased for good."""
        return bool(self.ask("SELECT 1 FROM erased WHERE identity = ?", identity))

    def shrink(self) -> None:
        """Write the file anew, so that nothing of what was deleted is left in it."""
        self.ask("VACUUM")

    def finished(self) -> int:
        """The newest commit at the end of the last run that came to its end; 0 when that is not known."""
        found = self.ask("SELECT value FROM meta WHERE name = 'finished'")
        return int(found[0][0]) if found else 0

    def finish(self, number: int) -> None:
        """Note that a run came to its end at a commit."""
        with suppress(sqlite3.DatabaseError):  # not known, it costs some look-ups
            if self.finished() != number:
                self.ask("INSERT INTO meta VALUES ('finished', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", number)

    def apply(self, number: int, batch: int, entries: Iterable[LedgerEntry], removed: Iterable[int] = (), base: int = 0) -> None:
        """Take in a commit: its entries, and batches whose rest now lies in its batch. Doing it again changes nothing. ``base`` is the
        first commit of the run that made it.

        Raises:
            DatasetError: the index cannot be written.
            OSError: the same, in a way that may pass.
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
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
                    raise OSError(errno.EIO, f"the ledger cannot be written: {error}", str(self._path)) from error
                raise DatasetError(f"cannot write the ledger {self._path}: {error}; the next run takes the commit in") from error

    def ask(self, query: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """The rows that answer a query."""
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
    db.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, source) DO UPDATE SET status = excluded.status, "
               "fingerprint = excluded.fingerprint, number = excluded.number, article_id = excluded.article_id, text = excluded.text "
               "WHERE excluded.number >= records.number",
               (bytes.fromhex(entry.key), entry.source, entry.status, entry.fingerprint, entry.number, entry.article_id, entry.text))
    if entry.status == ERASED:
        _erase(db, entry)
    elif entry.status == Status.WRITTEN and entry.article_id is not None:
        captured = (entry.captured - _EPOCH) // timedelta(microseconds=1) if entry.captured else None
        db.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (article_id) DO UPDATE SET "
                   "before = CASE WHEN articles.number < ? THEN articles.text ELSE articles.before END, "
                   "identity = excluded.identity, text = excluded.text, captured = excluded.captured, source = excluded.source, "
                   "number = excluded.number, batch = excluded.batch WHERE excluded.number >= articles.number",
                   (entry.article_id, entry.identity, entry.text, captured, entry.source, entry.number, batch, base))


def _erase(db: sqlite3.Connection, entry: LedgerEntry) -> None:
    db.execute("DELETE FROM articles WHERE article_id = ? OR identity = ?", (entry.article_id, entry.identity))
    if entry.identity is not None:
        db.execute("INSERT OR IGNORE INTO erased VALUES (?)", (entry.identity,))
