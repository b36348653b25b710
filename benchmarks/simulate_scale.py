"""What commits and listings cost in datasets of ten million and a billion pages, by the real code on datasets of that many batches.

    python benchmarks/simulate_scale.py [--batches 10000 50000] [--files 20000 100000] [--objects 2500]

A dataset of n batches is made of real commit files (checkpoints, too) and empty batch folders. On it: list the commits, read the newest
state, make the dataset whole as each run does at its start, find all part files as readers do, then a real run of three pages that
commits three batches; all in seconds, beside the same on a dataset of one batch. The bytes of all checkpoints are counted from their own
encoding. Then the plan of an inbox of so many files, and the listing of so many objects in a store (moto's, on loopback).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))

from memory import highest

import copydesk
from copydesk.dataset.format import commits
from copydesk.dataset.format.commits import CHECKPOINT, Commit
from copydesk.dataset.format.layout import Layout
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.recovery import recover
from copydesk.engine import run
from support.fault_runs import speaking
from support.tiny_desk import fill, put, story

T = TypeVar("T")
PLANS = ((10_000_000, 1_000), (10_000_000, 10_000), (1_000_000_000, 1_000), (1_000_000_000, 20_000))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds, and what came of it."""
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def named(template: Commit, number: int) -> Commit:
    """A commit like another, with another number."""
    batch = f"batch={number:06}-{number % 0xFFFFFF:06x}"
    totals = {name: rows * number for name, rows in template.rows.items()}
    return replace(template, number=number, batch=batch, base=1, live=None, totals=totals)


def grow(output: Path, count: int) -> None:
    """Make a dataset of one batch one of so many."""
    layout = Layout(output)
    first = commits.read_commit(layout, 1)
    names = [first.batch, *(named(first, number).batch for number in range(2, count + 1))]
    for number in range(2, count + 1):
        commit = named(first, number)
        if number == count - count % CHECKPOINT:
            commit = replace(commit, live=tuple(names[:number]))
        commits.commit_path(layout, number).write_bytes(commit.encode())
        (layout.data / commit.batch).mkdir()
    ledger = Ledger(layout.ledger / "ledger.sqlite")
    ledger.open()
    ledger.apply(count, count, [])
    ledger.finish(count)
    ledger.close()


def checkpoint_bytes(template: Commit, batches: int) -> int:
    """The bytes of all checkpoints on the way to so many batches."""
    plain = len(named(template, batches).encode())
    entry = (len(replace(named(template, 1), live=("batch=000000-000000",) * 1_000).encode()) - plain) / 1_000
    return int(entry * sum(range(CHECKPOINT, batches + 1, CHECKPOINT)))


def simulate(scratch: Path, seed: Path, count: int) -> None:
    """The costs in a dataset of so many batches."""
    output = scratch / f"out-{count}"
    shutil.copytree(seed, output)
    if count > 1:
        grow(output, count)
    layout = Layout(output)
    listing, known = timed(lambda: commits.numbers(layout))
    reading, state = timed(lambda: commits.state_at(layout, known[-1]))
    ledger = Ledger(layout.ledger / "ledger.sqlite")
    whole, _ = timed(lambda: recover(layout, ledger))
    ledger.close()
    finding, files = timed(lambda: copydesk.open_dataset(output).files("articles"))
    assert (len(state.live), len(files)) == (count, count), "the dataset is not what it was made to be"
    for number in range(3):
        put(scratch / f"in-{count}", f"story-{number}.txt", story(1_000 + number))
    settings = speaking(scratch, dataset={"batch_files": 1})
    running, report = timed(lambda: copydesk.run([scratch / f"in-{count}"], output, settings))
    assert report.commits == (count + 1, count + 2, count + 3), report
    print(f"{count:9,} batches: list {listing:7.3f} s, newest state {reading:7.3f} s, made whole {whole:7.3f} s, "
          f"part files named {finding:7.3f} s, a run of 3 commits {running:7.3f} s", flush=True)


def plans(template: Commit) -> None:
    """What follows by count alone."""
    for pages, batch in PLANS:
        batches = pages // batch
        total, one = checkpoint_bytes(template, batches) / 1e9, checkpoint_bytes(template, CHECKPOINT) / CHECKPOINT / 1e6
        print(f"{pages:13,} pages, {batch:6,} a batch: {batches:9,} batches and commits, checkpoints {total:8.2f} GB in all, the last one "
              f"{one * batches:7.2f} MB; a store lists the commits in {-(-batches // 1000):,} requests")


def inbox(scratch: Path, count: int) -> None:
    """The plan of an inbox."""
    for folder in range(count // 500):
        fill(scratch / f"files-{count}" / f"{folder:04}", 500)
    settings = speaking(scratch)

    def plan() -> int:
        with run.open_job([scratch / f"files-{count}"], scratch / f"planned-{count}", settings) as job:
            return len(job.shards)

    spent, shards = timed(plan)
    print(f"{count:9,} files: listed and planned in {spent:6.2f} s ({spent / count * 1e6:.0f} us a file), {shards} shards; "
          f"this process has had {highest(os.getpid()):.0f} MB", flush=True)


def store(count: int) -> None:
    """The listing of a store."""
    from copydesk.sources.listing import walk
    from support.object_server import serving

    with serving() as s3:
        bucket = s3.bucket()
        for number in range(count):
            s3.put(bucket, f"in/{number:06}.html", b"x")
        spent, found = timed(lambda: sum(1 for _ in walk([f"s3://{bucket}/in"])))
    print(f"{found:9,} objects of a store: listed in {spent:6.2f} s, {-(-found // 1000)} requests")


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--files", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--objects", type=int, default=2_500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        fill(scratch / "first", 1)
        copydesk.run([scratch / "first"], scratch / "seed", speaking(scratch))
        for count in [1, *options.batches]:
            simulate(scratch, scratch / "seed", count)
        plans(commits.read_commit(Layout(scratch / "seed"), 1))
        for count in options.files:
            inbox(scratch, count)
    if options.objects:
        store(options.objects)


if __name__ == "__main__":
    main()
