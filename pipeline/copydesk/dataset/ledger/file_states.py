"""Which files need not be opened again: their state when they were last read to the end, and what was in them.

A cache of its own beside the ledger, made anew when it is lost. A file is left out only while it is in exactly the state it was read in
(`Location.signature`), the fingerprint is the same, all that could be read in it was, and nothing else came under its source path since.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = "2"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS states (path BLOB PRIMARY KEY, state TEXT, source_path TEXT, inputs INTEGER, ignored INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS states_by_source ON states (source_path);
CREATE TABLE IF NOT EXISTS coming (path BLOB PRIMARY KEY, state TEXT, source_path TEXT, inputs INTEGER, ignored INTEGER, whole INTEGER)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followed (source_path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT);
"""
_ADD = """
INSERT INTO coming VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET inputs = inputs + excluded.inputs,
ignored = ignored + excluded.ignored, whole = min(whole, excluded.whole)
"""
_KEEP = """
INSERT INTO states SELECT path, state, source_path, inputs, ignored FROM coming WHERE whole
ON CONFLICT (path) DO UPDATE SET state = excluded.state, source_path = excluded.source_path, inputs = excluded.inputs,
ignored = excluded.ignored
"""


@dataclass(slots=True)
class FileTally:
    """What was read of a file: inputs, those of them that are ignored, and whether all that should be there could be read."""

    path: str
    state: str
    source_path: str
    inputs: int = 0
    ignored: int = 0
    whole: bool = True


class FileStates:
    """The states of one dataset's inputs. Whatever is wrong with its file costs reading again, never an answer that is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._base: sqlite3.Connection | None = None

    def begin(self, fingerprint: str, is_held: Callable[[int, str], bool] = lambda _number, _batch: True) -> None:
        """Start a run: states of another fingerprint are forgotten, and all when the dataset does not hold the commit (number and batch)
        that they were noted at."""
        with self._lock:
            try:
                self._begin(fingerprint, is_held)
            except sqlite3.DatabaseError:
                self._drop()
                with suppress(sqlite3.DatabaseError):
                    self._begin(fingerprint, is_held)

    def known(self, path: str, state: str) -> tuple[int, int] | None:
        """Inputs in a file that is in this state still, and how many of them are ignored; None when it must be read."""
        found = self._run("SELECT inputs, ignored FROM states WHERE path = ? AND state = ?", [(os.fsencode(path), state)])
        return (found[0][0], found[0][1]) if found else None

    def forget(self, source_paths: Iterable[str]) -> None:
        """Files of these source paths are to be forgotten, since something new is committed under them: once a run is at its end, so that
        one which is cut off meets the same states when it goes on."""
        paths = [(path,) for path in source_paths]
        if self._run("SELECT 1 FROM states LIMIT 1"):
            self._run("INSERT OR IGNORE INTO followed VALUES (?)", paths)

    def note(self, tallies: Iterable[FileTally]) -> None:
        """Note what was read; it counts once the run is at its end."""
        self._run(_ADD, [(os.fsencode(each.path), each.state, each.source_path, each.inputs, each.ignored, each.whole)
                         for each in tallies if each.state])

    def keep(self, number: int = 0, batch: str = "") -> None:
        """The run is at its end, and the dataset at a commit: what was noted counts."""
        self._run("DELETE FROM states WHERE source_path IN (SELECT source_path FROM followed)")
        self._run("DELETE FROM followed")
        self._run(_KEEP)
        if self._run("SELECT value FROM meta WHERE name = 'commit'") != [(told := f"{number} {batch}",)]:
            self._run("INSERT OR REPLACE INTO meta VALUES ('commit', ?)", [(told,)])

    def close(self) -> None:
        """Close the file."""
        with self._lock, suppress(sqlite3.DatabaseError):
            if self._base is not None:
                self._base.close()
                self._base = None

    def _begin(self, fingerprint: str, is_held: Callable[[int, str], bool]) -> None:
        self._base = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._base.executescript(_SCHEMA)
        wanted = f"{VERSION} {fingerprint}"
        found = dict(self._base.execute("SELECT name, value FROM meta").fetchall())
        number, _, batch = found.get("commit", "0 ").partition(" ")
        self._base.execute("BEGIN")
        self._base.execute("DELETE FROM coming")
        if found.get("fingerprint") != wanted or not is_held(int(number), batch):
            self._base.execute("DELETE FROM states")
            self._base.execute("INSERT OR REPLACE INTO meta VALUES ('fingerprint', ?)", (wanted,))
        self._base.execute("COMMIT")

    def _run(self, statement: str, values: Sequence[tuple[object, ...]] | None = None) -> list[tuple[Any, ...]]:
        """A statement once for each of the values, in one transaction. A file that fails is dropped: then nothing is known."""
        with self._lock:
            if self._base is None or (values is not None and not values):
                return []
            try:
                if values is None or len(values) == 1:
                    return self._base.execute(statement, values[0] if values else ()).fetchall()
                self._base.execute("BEGIN")
                self._base.executemany(statement, values)
                self._base.execute("COMMIT")
                return []
            except sqlite3.DatabaseError:
                self._drop()
                return []

    def _drop(self) -> None:
        """Do without: close and delete the file."""
        if self._base is not None:
            self._base.close()
            self._base = None
        for suffix in ("", "-journal"):
            with suppress(OSError):
                Path(f"{self._path}{suffix}").unlink()
