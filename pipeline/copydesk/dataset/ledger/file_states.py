"""Remember the states of input files, so that a run need not open files that have not changed.

The states lie in an SQLite file next to the ledger. It is a cache: when it is lost, the next run reads all files again. A run skips a file
only if its state (`Location.signature`) and the fingerprint are the same, the earlier run could read all of it, and no later commit holds
anything new under its source path.
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
"""The version of the tables. States of another version are forgotten."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS states (path BLOB PRIMARY KEY, state TEXT, source_path TEXT, inputs INTEGER, ignored INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS states_by_source ON states (source_path);
CREATE TABLE IF NOT EXISTS coming (path BLOB PRIMARY KEY, state TEXT, source_path TEXT, inputs INTEGER, ignored INTEGER, whole INTEGER)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followed (source_path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT);
"""
"""``states`` is what earlier runs noted, ``coming`` what this run notes; ``followed`` holds the source paths to forget at its end."""
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
    """What a run read from a file.

    Attributes:
        path: the local path or URL of the file.
        state: the file's `Location.signature`, with all else that decides about its rows; "" when it has none: then nothing is noted.
        source_path: the path as dataset rows hold it.
        inputs: how many inputs the file gave.
        ignored: how many of them were ignored.
        whole: whether everything in the file could be read.
    """

    path: str
    state: str
    source_path: str
    inputs: int = 0
    ignored: int = 0
    whole: bool = True


class FileStates:
    """The states of the inputs of one dataset. A damaged file of states makes runs read inputs again; it never makes an answer wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._base: sqlite3.Connection | None = None

    def begin(self, fingerprint: str, is_held: Callable[[int, str], bool] = lambda _number, _batch: True) -> None:
        """Start a run. Forget all states if they belong to another fingerprint, or to a commit that the dataset does not hold.

        Args:
            fingerprint: of this run's plugins and settings.
            is_held: tells whether the dataset holds a commit, given its number and the name of its batch.
        """
        with self._lock:
            try:
                self._begin(fingerprint, is_held)
            except sqlite3.DatabaseError:
                self._drop()
                with suppress(sqlite3.DatabaseError):
                    self._begin(fingerprint, is_held)

    def known(self, path: str, state: str) -> tuple[int, int] | None:
        """Return how many inputs a file in this state has and how many of them are ignored; None when the run must read the file."""
        found = self._run("SELECT inputs, ignored FROM states WHERE path = ? AND state = ?", [(os.fsencode(path), state)])
        return (found[0][0], found[0][1]) if found else None

    def forget(self, source_paths: Iterable[str]) -> None:
        """Mark the files of these source paths as to be forgotten, because something new was committed under them.

        `keep` forgets them, at the end of the run. So a run that is cut off finds the same states when it continues.
        """
        paths = [(path,) for path in source_paths]
        if self._run("SELECT 1 FROM states LIMIT 1"):
            self._run("INSERT OR IGNORE INTO followed VALUES (?)", paths)

    def note(self, tallies: Iterable[FileTally]) -> None:
        """Note what the run read. The notes count after `keep`."""
        self._run(_ADD, [(os.fsencode(each.path), each.state, each.source_path, each.inputs, each.ignored, each.whole)
                         for each in tallies if each.state])

    def keep(self, number: int = 0, batch: str = "") -> None:
        """End the run: forget the marked files and store the notes. ``number`` and ``batch`` name the newest commit of the dataset."""
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
        """Run a statement once for each of the values, in one transaction. When SQLite fails, drop the file: then nothing is known."""
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
        """Close and delete the file. For the rest of the run, all answers are empty."""
        if self._base is not None:
            self._base.close()
            self._base = None
        for suffix in ("", "-journal"):
            with suppress(OSError):
                Path(f"{self._path}{suffix}").unlink()
