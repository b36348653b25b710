"""Check a dataset against its own records: files, rows, accounts, keys, ledger.

A check only reads, and it looks at one commit. So it works while a run writes: a batch that is replaced meanwhile is found where it is
kept. Memory holds 8 bytes for each article, and the ids of one batch.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.dataset.format import commits
from copydesk.dataset.format.layout import Layout, batch_number
from copydesk.dataset.ledger import index
from copydesk.dataset.maintenance import check_batch
from copydesk.dataset.maintenance.check_batch import Batch, Files
from copydesk.dataset.maintenance.check_commits import COPY, Chain, check_commits
from copydesk.dataset.maintenance.results import CheckReport, Findings
from copydesk.dataset.reading.opening import open_dataset
from copydesk.dataset.store.read_only import ReadOnlyStore, open_read_only
from copydesk.errors import DatasetError

NEXT = "nothing: the next run does it"
"""Advice for what the next run completes."""
FORGET = "delete the file _ledger/ledger.sqlite: the next run makes it anew from the batches"
"""Advice for a wrong ledger."""
BACKUP_PAGES = 2_000
"""Pages that one step of the ledger's backup copies: a writer waits no longer than for one step."""
BACKUP_PAUSE = 0.01
"""Seconds between two steps of the backup."""


def check(path: str | Path, commit: int | None, keep_commits: int) -> CheckReport:
    """Check a dataset: see `copydesk.check_dataset`."""
    findings = Findings()
    with open_read_only(path) as look:
        number = _number(look, path, commit)
        known = _ledger(look, number, findings) if commit is None else None
        chain = check_commits(look.layout, number, findings)
        if commit is None and not look.is_remote:
            _leftovers(look.layout, chain, number, keep_commits, findings)
        seen, lacks, unknown = array("Q"), dict[str, set[str]](), dict[str, set[str]]()
        own = dict[str, list[pa.Schema]]()
        with closing(known) if known else ExitStack():
            _strangers(chain, known, findings)
            for name in chain.live:
                _batch(look, Batch(name, chain.live[name], {}, findings, lacks=lacks, unknown=unknown, schemas=own), chain, seen, known)
        _twice(look, chain, seen, findings)
    for table, fields in sorted(lacks.items()):
        findings.warn(table, f"part files of an older schema version lack {', '.join(sorted(fields))}",
                      "read with copydesk.open_dataset, which fills them in; replacing and compacting bring rows to the current schema")
    for table, fields in sorted(unknown.items()):
        findings.warn(table, f"part files of a newer schema version have {', '.join(sorted(fields))}",
                      "nothing: they are kept; a newer copydesk describes them")
    return CheckReport(look.url, number, len(chain.live), dict(sorted(chain.rows.items())), findings.all())


def _number(look: ReadOnlyStore, path: str | Path, commit: int | None) -> int:
    """Return the number of the commit to check. A commit that exists but cannot be opened is checked too: it is damaged.

    Raises:
        DatasetError: there is no dataset or no such commit.
    """
    try:
        return open_dataset(path, commit).commit
    except DatasetError:
        known = commits.numbers(look.layout)
        if not known or (commit is not None and commit not in known):
            raise
        return commit if commit is not None else known[-1]


def _batch(look: ReadOnlyStore, batch: Batch, chain: Chain, seen: array[int], known: sqlite3.Connection | None) -> None:
    try:
        with _opened(look, batch.name) as files:
            if files is None:
                batch.findings.damage(batch.name, "the batch is gone", f"{COPY} (older commits are kept for the retention only)")
                return
            batch.files = files
            check_batch.check_files(batch)
            check_batch.check_articles(batch, seen)
            check_batch.check_keys(batch)
            check_batch.check_quotes(batch)
            check_batch.check_rejects(batch, chain.rejects[batch.name])
            check_batch.check_entries(batch)
            if known is not None:
                _agree(batch, known)
    except DatasetError as error:
        batch.findings.damage(batch.name, str(error), COPY)


@contextmanager
def _opened(look: ReadOnlyStore, name: str) -> Iterator[Files | None]:
    """Open all files of a batch, for the time of a ``with`` block; None when the batch was deleted."""
    with ExitStack() as open_files:
        files: Files | None = None
        for _ in range(2):  # a run may move the batch while its files are opened, and it moves only once
            folder = open_files.enter_context(look.batch(name))
            try:
                files = None if folder is None else {
                    path.name: open_files.enter_context(path.open("rb")) for path in sorted(folder.iterdir()) if path.is_file()}
                break
            except FileNotFoundError:
                continue
        yield files


def _twice(look: ReadOnlyStore, chain: Chain, seen: array[int], findings: Findings) -> None:
    """Report articles that exist several times. Equal hashes of ids tell that there are some; a second pass finds their ids."""
    ordered = pa.array(seen, pa.uint64()).sort() if seen else pa.array([], pa.uint64())
    twice = set(ordered[1:].filter(pc.equal(ordered[1:], ordered[:-1])).to_pylist())
    places: dict[str, list[str]] = {}
    for name in chain.live if twice else ():
        with _opened(look, name) as files:
            batch = Batch(name, chain.live[name], files or {}, Findings())
            for _, portion in batch.table("articles", ["article_id"]):
                for article_id in portion["article_id"].to_pylist():
                    if check_batch.hash_of(article_id or "") in twice:
                        places.setdefault(article_id or "", []).append(name)
    for article_id, where in places.items():
        if len(where) > 1:
            findings.damage("articles", f"article {article_id} is there {len(where)} times: in {', '.join(sorted(set(where)))}", COPY,
                            "articles that are there several times")


def _ledger(look: ReadOnlyStore, number: int, findings: Findings) -> sqlite3.Connection | None:
    """Copy the ledger, so that no writer waits for the check. Return None when the ledger is missing, or is not at this commit."""
    path = look.kept.ledger / "ledger.sqlite"
    if not path.is_file():
        findings.warn("_ledger", "there is no ledger", "nothing: the next run makes it anew from the batches")
        return None
    copy = sqlite3.connect(look.folder / "ledger.sqlite")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.backup(copy, pages=BACKUP_PAGES, sleep=BACKUP_PAUSE)
        told = dict(copy.execute("SELECT name, value FROM meta").fetchall())
    except sqlite3.DatabaseError as error:
        findings.warn("_ledger", f"the ledger cannot be read: {error}", "nothing: the next run makes it anew from the batches")
        told = {}
    if told and (told.get("version"), told.get("applied")) == (index.VERSION, number):
        return copy
    if told and told.get("applied", 0) < number:
        findings.warn("_ledger", f"the ledger knows commit {told.get('applied')} and not {number} yet", NEXT)
    copy.close()
    return None


def _strangers(chain: Chain, known: sqlite3.Connection | None, findings: Findings) -> None:
    """Report batches that hold articles according to the ledger, but are not live."""
    live = {batch_number(name) for name in chain.live}
    for number, count in known.execute("SELECT batch, count(*) FROM articles GROUP BY batch ORDER BY batch") if known else ():
        if number not in live:
            findings.damage("_ledger", f"the ledger has {count} articles in batch {number}, which is not live", FORGET, "batches too many")


def _agree(batch: Batch, known: sqlite3.Connection) -> None:
    """Report articles that only the batch or only the ledger has in this batch."""
    held = {row[0] for row in known.execute("SELECT article_id FROM articles WHERE batch = ?", (batch_number(batch.name),))}
    for article_id in sorted(batch.ids.keys() - held):
        batch.findings.damage("_ledger", f"article {article_id} of {batch.name} is not in the ledger there", FORGET, "unknown")
    for article_id in sorted(held - batch.ids.keys()):
        batch.findings.damage("_ledger", f"the ledger has article {article_id} in {batch.name}, where it is not", FORGET, "too many")


def _leftovers(layout: Layout, chain: Chain, number: int, keep: int, findings: Findings) -> None:
    for path in sorted(layout.staging.iterdir()) if layout.staging.is_dir() else ():
        findings.warn(f"_staging/{path.name}", "work under way, or left by a run that was killed", "nothing: the next run sweeps it")
    for path in sorted(layout.data.glob("*")):
        if path.name in chain.live:
            continue
        if path.name in chain.known or path.name.startswith(f"batch={number + 1:06}-"):
            findings.warn(f"data/{path.name}", "a commit is under way, or was cut off here", NEXT)
        else:
            findings.warn(f"data/{path.name}", "no commit knows this batch; plain readers do", "move it away")
    for path in sorted(layout.retired.iterdir()) if layout.retired.is_dir() else ():
        if path.name.isdigit() and int(path.name) <= number - keep + 1:
            findings.warn(f"_retired/{path.name}", "replaced batches are kept beyond the retention", "nothing: the next commit does it")
