"""A ledger of many articles: how large the process grows, and how long look-ups and a commit take.

    python benchmarks/ledger.py [--articles 10000000] [--lookups 10000] [--entries 1000] [--path FILE]

Builds a synthetic ledger (one record an article) in sorted bulk with SQLite's indexes made afterwards, unless ``--path`` names one that
was built before; then opens it in a process of its own, which looks up random articles and takes in one commit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil

from copydesk.dataset.ledger.index import Ledger, LedgerEntry

PORTION = 100_000
BATCH = 1_000
PRINT = "0123456789abcdef"


def entry(number: int) -> LedgerEntry:
    """The entry of a synthetic article."""
    key = hashlib.sha256(str(number).encode()).hexdigest()
    name = key[:32]
    source = f"in/{number // BATCH:06}/story-{number:09}.html\t\t"
    return LedgerEntry(key, source, "written", PRINT, 1 + number // BATCH, name, name, key[::-1])


def build(path: Path, count: int) -> tuple[float, str]:
    """Make the ledger: seconds, and in which way."""
    started = time.monotonic()
    ledger = Ledger(path)
    ledger.clear()
    ledger.apply(1, 1, map(entry, range(10)))
    ledger.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        indexes = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        columns = [row[1] for row in base.execute("PRAGMA table_info(articles)")]
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA cache_size = -200000")
        for name, _ in indexes:
            base.execute(f'DROP INDEX "{name}"')
        base.execute("CREATE TEMP TABLE rows (key BLOB, source TEXT, number INTEGER, name TEXT, text TEXT)")
        for start in range(10, count, PORTION):
            base.execute("BEGIN")
            base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", portion(start, min(start + PORTION, count)))
            base.execute("COMMIT")
        fill(base, columns)
        for _, sql in indexes:
            base.execute(sql)
        base.execute("UPDATE meta SET value = ? WHERE name = 'applied'", (1 + count // BATCH,))
    return time.monotonic() - started, "sorted bulk, indexes afterwards"


def portion(start: int, end: int) -> Iterator[tuple[bytes, str, int, str | None, str | None]]:
    """Rows of both tables."""
    for each in map(entry, range(start, end)):
        yield bytes.fromhex(each.key), each.source, each.number, each.article_id, each.text


def fill(base: sqlite3.Connection, columns: list[str]) -> None:
    """From the rows to the ledger's two large tables, in the order of their keys."""
    values = {"article_id": "name", "identity": "name", "text": "text", "captured": "NULL", "source": "source", "number": "number",
              "batch": "number"}
    base.execute("BEGIN")
    base.execute("INSERT INTO records (key, source, status, fingerprint, number, article_id, text) "
                 "SELECT key, source, 'written', ?, number, name, text FROM rows ORDER BY key, source", (PRINT,))
    base.execute(f"INSERT INTO articles ({', '.join(columns)}) SELECT {', '.join(values.get(name, 'NULL') for name in columns)} "
                 "FROM rows ORDER BY name")
    base.execute("COMMIT")
    base.execute("DROP TABLE rows")


def megabytes() -> float:
    """Resident memory of this process now."""
    return float(psutil.Process().memory_info().rss) / 1e6


def timed(work: Callable[[int], object], numbers: list[int]) -> dict[str, float]:
    """Microseconds a call: median, 99th percentile, worst."""
    spent = []
    for number in numbers:
        started = time.perf_counter()
        work(number)
        spent.append((time.perf_counter() - started) * 1e6)
    spent.sort()
    return {"median": spent[len(spent) // 2], "p99": spent[len(spent) * 99 // 100], "max": spent[-1]}


def ask(path: Path, count: int, lookups: int, entries: int) -> None:
    """Look up and apply; prints JSON."""
    before = megabytes()
    ledger = Ledger(path)
    last = ledger.open()
    numbers = [random.Random(number).randrange(count) for number in range(lookups)]
    known = [each for each in map(entry, numbers[:200]) if not ledger.knows(each.key, each.source, last + 1, PRINT, False)]
    assert not known, f"the ledger does not know {len(known)} of 200 records that it holds"
    found = {
        "held": timed(lambda number: ledger.held(str(entry(number).article_id)), numbers),
        "owned": timed(lambda number: ledger.owned(str(entry(number).identity), entry(number).source), numbers),
        "alike": timed(lambda number: ledger.alike(str(entry(number).identity), str(entry(number).text)), numbers),
        "knows": timed(lambda number: ledger.knows(entry(number).key, entry(number).source, last + 1, PRINT, False), numbers),
        "knows (new)": timed(lambda number: ledger.knows(entry(-1 - number).key, "new", last + 1, PRINT, False), numbers),
        "(making the entry)": timed(entry, numbers),
    }
    looked = megabytes()
    started = time.perf_counter()
    ledger.apply(last + 1, last + 1, [entry(count + number) for number in range(entries)])
    applied = time.perf_counter() - started
    ledger.close()
    print(json.dumps({"us": found, "apply_ms": applied * 1000, "before": before, "looked": looked, "after": megabytes()}))


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000_000)
    parser.add_argument("--lookups", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=1_000)
    parser.add_argument("--path", type=Path, help="keep the ledger here, or use the one that is here")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        ask(options.ask, options.articles, options.lookups, options.entries)
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = options.path or Path(scratch) / "ledger.sqlite"
        if not path.exists():
            seconds, way = build(path, options.articles)
            print(f"built {options.articles:,} articles in {seconds:.0f} s ({way})")
        print(f"ledger file        {path.stat().st_size / 1e6:10.0f} MB")
        given = ["--articles", str(options.articles), "--lookups", str(options.lookups), "--entries", str(options.entries)]
        done = subprocess.run([sys.executable, __file__, "--ask", str(path), *given], capture_output=True, text=True, check=True)
    show(json.loads(done.stdout), options)


def show(told: dict[str, object], options: argparse.Namespace) -> None:
    """Print what the asking process found."""
    print(f"resident memory    {told['before']:10.1f} MB before, {told['looked']:.1f} after look-ups, {told['after']:.1f} after the commit")
    print(f"commit of {options.entries:,} entries: {told['apply_ms']:.0f} ms")
    print(f"{options.lookups:,} random look-ups, microseconds each (with the making of the entry):")
    for name, each in dict(told["us"]).items():  # type: ignore[call-overload]  # JSON of our own process
        print(f"  {name:20} median {each['median']:8.0f}   99 % {each['p99']:8.0f}   max {each['max']:8.0f}")


if __name__ == "__main__":
    main()
