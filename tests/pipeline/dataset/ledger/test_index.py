"""The ledger: what counts as known, row by row of the transition table, and that taking in twice changes nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from copydesk.dataset.ledger.index import Ledger, LedgerEntry

KEY = hashlib.sha256(b"page").hexdigest()
TIME = datetime(2024, 10, 18, 9, 30, 1, 5, tzinfo=UTC)


def ledger(folder: Path, *entries: LedgerEntry) -> Ledger:
    made = Ledger(folder / "ledger.sqlite")
    made.clear()
    for entry in entries:
        made.apply(entry.number, entry.number, [entry])
    return made


def written(number: int = 1, source: str = "a\t\t", key: str = KEY, text: str = "t") -> LedgerEntry:
    return LedgerEntry(key, source, "written", "f1", number, "id", "id", text, TIME)


@pytest.mark.parametrize(("status", "source", "fingerprint", "refresh", "known"), [
    ("written", "a", "f1", False, True), ("written", "b", "f1", False, True), ("written", "a", "f2", False, True),
    ("written", "a", "f1", True, False), ("duplicate", "b", "f1", False, True),
    ("rejected", "a", "f1", False, True), ("rejected", "a", "f2", False, False), ("rejected", "b", "f1", False, False),
    ("quarantined", "a", "f1", False, True), ("quarantined", "a", "f2", False, False), ("rejected", "a", "f1", True, False)])
def test_what_an_earlier_run_knows(tmp_path: Path, status: str, source: str, fingerprint: str, refresh: bool, known: bool) -> None:
    found = ledger(tmp_path, written(1, "c", "00" * 32), LedgerEntry(KEY, "a", status, "f1", 1, "id", text="t"))
    assert found.knows(KEY, source, 2, fingerprint, refresh) is known
    assert not found.knows(hashlib.sha256(b"other").hexdigest(), source, 2, fingerprint, refresh)


@pytest.mark.parametrize("refresh", [False, True])
def test_this_run_knows_its_own_sources_only(tmp_path: Path, refresh: bool) -> None:
    found = ledger(tmp_path, LedgerEntry(KEY, "a", "written", "f1", 4))
    assert found.knows(KEY, "a", 3, "f1", refresh)
    assert not found.knows(KEY, "b", 3, "f1", refresh)


def test_an_article_is_found_by_id_and_by_owner(tmp_path: Path) -> None:
    found = ledger(tmp_path, written(1))
    held = found.held("id")
    assert held is not None
    assert (held.text, held.captured, held.number, held.batch, held.source) == ("t", TIME, 1, 1, "a\t\t")
    assert found.owned("id", "a\t\t") == held
    assert found.owned("id", "b\t\t") is None
    assert found.held("other") is None


def test_the_newest_row_wins_in_whatever_order_entries_come(tmp_path: Path) -> None:
    other = hashlib.sha256(b"newer").hexdigest()
    found = ledger(tmp_path, written(5, "b\t\t", other, "newer"), written(2))
    held = found.held("id")
    assert held is not None
    assert (held.text, held.number) == ("newer", 5)


def test_taking_in_twice_changes_nothing(tmp_path: Path) -> None:
    found = ledger(tmp_path, written(1))
    for _ in range(2):
        found.apply(2, 2, [LedgerEntry(KEY, "b\t\t", "duplicate", "f1", 2)], removed=[1])
        held = found.held("id")
        assert held is not None
        assert (held.batch, held.number, found.open()) == (2, 1, 2)


def test_a_file_that_is_no_ledger_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 500)
    assert Ledger(tmp_path / "ledger.sqlite").open() == 0


def test_a_source_that_went_on_no_longer_knows_what_it_gave_before(tmp_path: Path) -> None:
    newer = hashlib.sha256(b"newer").hexdigest()
    found = ledger(tmp_path, written(1), written(2, key=newer, text="u"))
    assert found.knows(newer, "a\t\t", 3, "f1", False)
    assert found.knows(newer, "b\t\t", 3, "f1", False)
    assert not found.knows(KEY, "a\t\t", 3, "f1", False)
    assert not found.knows(KEY, "b\t\t", 3, "f1", False)


def test_articles_are_found_by_text(tmp_path: Path) -> None:
    found = ledger(tmp_path, written(1))
    assert [held.article_id for held in found.alike("id", "t")] == ["id"]
    assert found.alike("id", "u") == ()


def test_a_disk_that_fails_for_a_moment_is_told_from_one_that_is_broken(tmp_path: Path) -> None:
    found = ledger(tmp_path)
    with sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None) as other:
        found._db().execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="cannot be written"):
            found.apply(1, 1, [written(1)])
        other.execute("ROLLBACK")
    other.close()
    found.apply(1, 1, [written(1)])
    assert found.held("id") is not None


def test_records_of_the_same_bytes_are_looked_at_up_to_a_bound(tmp_path: Path) -> None:
    crowd = [LedgerEntry(KEY, f"crowd {number:04}", "rejected", "f1", 1) for number in range(500)]
    found = ledger(tmp_path, *crowd, LedgerEntry(KEY, "zz", "quarantined", "f1", 1), written(1, "a"))
    assert found.knows(KEY, "crowd 0499", 2, "f1", False)
    assert found.knows(KEY, "new", 2, "f1", False)  # by the article that "a" gave
    steps = [0]
    found._db().set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 10)  # type: ignore[func-returns-value]  # counts
    assert not found.knows(KEY, "new", 2, "f1", True)
    assert steps[0] < 100, "a look-up costs no more with more records of its bytes"
