"""Make a staged shard part of the dataset: one batch folder, one rename, one commit file.

Order of steps, each on disk before the next: part files in ``_staging``; the batch's own record; rename into ``data`` (from here on the
commit will happen: recovery rolls it forward); commit file, created exclusively; replaced batches to ``_retired``; ledger; card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from copydesk.dataset.format import commits, part_files
from copydesk.dataset.format.commits import Commit, State
from copydesk.dataset.format.layout import batch_number
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import Ledger
from copydesk.dataset.store.batches import after_commit, carry_over, new_folder, seal, without
from copydesk.dataset.store.local import Store
from copydesk.engine.deduplication import Decisions, Deduplicator
from copydesk.engine.staging import PAGE, StagedRows
from copydesk.model.status import Status
from copydesk.report import RunReport
from copydesk.storage.retry import retry


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Which run commits: what it was given, its first commit, its fingerprint, and what only its commit files say."""

    plan: str
    base: int
    shards: int
    fingerprint: str
    refresh: bool
    clock: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartPlace:
    """Which part of which shard is committed, and whether it is the run's final one."""

    shard: int
    part: int
    final: bool


@dataclass(slots=True)
class Committer:
    """Writes the batches of one run, in order. Not for several threads."""

    store: Store
    ledger: Ledger
    state: State
    schemas: Mapping[str, pa.Schema]
    run: RunIdentity
    keep_commits: int = 10
    _made: Commit | None = None

    def commit(self, staged: StagedRows, place: PartPlace) -> Commit | None:
        """The commit of a part of a shard; None when there was nothing new in it.

        Storage errors that may pass are tried again, each step by itself: once a commit is published, only what follows it.
        The same call again, after an error, goes on where it stopped.

        Raises:
            AccountingError: its outcomes do not add up to its inputs; there is no commit.
            DatasetError: another writer has made this commit, or what follows it cannot be done.
        """
        if not staged.pages:
            return None
        if self._made is None or (self._made.shard, self._made.part) != (place.shard, place.part):
            folder, commit = retry(lambda: self._staged(staged, place))
            retry(lambda: self.store.publish(folder, commit))
            self._made = commit
        self._follow(self._made)
        return self._made

    def finish(self) -> None:
        """Note that the run came to its end."""
        self.ledger.finish(self.state.number)

    def _staged(self, staged: StagedRows, place: PartPlace) -> tuple[Path, Commit]:
        """The part as a whole batch in ``_staging``, and its commit."""
        number = self.state.number + 1
        resolved = Deduplicator(self.ledger, self.run.base, number, self.run.fingerprint, self.run.refresh).resolve(staged.pages)
        folder = new_folder(self.store, number)
        commit = self._prepare(folder, staged, resolved, number, place)
        RunReport(inputs=commit.inputs, counts=commit.counts).check()
        return folder, commit

    def _prepare(self, folder: Path, staged: StagedRows, resolved: Decisions, number: int, place: PartPlace) -> Commit:
        """Write the batch with its record and its ledger entries."""
        removed = [self.state.batch(old) for old in sorted(resolved.replaced)]
        files, gone = {}, Counter[str]()
        for table, schema in self.schemas.items():
            name = part_files.part_name(table, 0)
            files[name] = part_files.write_part(folder / name, schema, new_rows(staged, resolved, table, schema))
        added = {part_files.table_of(name): part.rows for name, part in files.items()}
        for part, old in enumerate(removed, start=1):
            files |= carry_over(self.store.batch(old), folder, part, without(resolved.replaced[batch_number(old)]), gone)
        batch_entries.write(folder, [*batch_entries.of_batches(map(self.store.batch, removed)), *resolved.entries])
        before = self.state.commit.totals if self.state.commit else {}
        commit = Commit(
            number=number, batch="", removed=tuple(removed), rows=added, shard=place.shard, part=place.part, final=place.final,
            files={name: asdict(part) for name, part in sorted(files.items())},
            totals=commits.totals(before, added, gone), fingerprint=self.run.fingerprint, plan=self.run.plan, base=self.run.base,
            shards=self.run.shards, **account(staged, resolved),
            run={**self.run.clock, "seconds": staged.account.seconds, "skipped": staged.account.skipped})
        return seal(folder, self.state, commit)

    def _follow(self, commit: Commit) -> None:
        """What comes after a commit and can be done again."""
        if self.state.number < commit.number:
            self.state = self.state.after(commit)
        after_commit(self.store, self.ledger, commit, self.keep_commits)


def account(staged: StagedRows, resolved: Decisions) -> dict[str, Any]:
    """The shard's account: inputs, outcomes, codes of rejects, reasons of removals."""
    counts = Counter({str(status): 0 for status in Status})
    counts.update(str(row["outcome"]) for row in resolved.rejects.values())
    counts[Status.WRITTEN] = len(resolved.kept)
    counts[Status.UNCHANGED] = staged.account.unchanged
    counts[Status.IGNORED] = staged.account.ignored
    reasons: Counter[str] = Counter()
    for portion in kept_rows(staged, resolved, "removals"):
        reasons.update(portion["reason"].to_pylist())
    return {"inputs": staged.account.inputs, "counts": {str(name): count for name, count in counts.items()},
            "codes": dict(sorted(Counter(str(row["code"]) for row in resolved.rejects.values()).items())),
            "removals": dict(sorted(reasons.items()))}


def new_rows(staged: StagedRows, resolved: Decisions, table: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of a table that the shard adds, in order."""
    if table == "rejects":
        yield pa.Table.from_pylist([resolved.rejects[number] for number in sorted(resolved.rejects)], schema)
        return
    for portion in kept_rows(staged, resolved, table):
        yield portion.drop_columns([PAGE])


def kept_rows(staged: StagedRows, resolved: Decisions, table: str) -> Iterator[pa.Table]:
    """The staged rows of pages that are written, under the ids that were decided."""
    kept = pa.array([page.number in resolved.kept for page in staged.pages], pa.bool_())
    renamed = {page.number: (page.article.article_id, resolved.kept[page.number]) for page in staged.pages
               if page.article and resolved.kept.get(page.number, page.article.article_id) != page.article.article_id}
    for portion in staged.batches(table):
        chosen = portion.filter(kept.take(portion[PAGE].combine_chunks()))
        yield _renamed(chosen, renamed) if renamed else chosen


def _renamed(portion: pa.Table, renamed: Mapping[int, tuple[str, str]]) -> pa.Table:
    """Rows with another article_id, also where it opens another id of the row."""
    pages = portion[PAGE].to_pylist()
    for column in ("article_id", "quote_id", "utterance_id"):
        if column in portion.column_names:
            values = [value if page not in renamed or value is None else value.replace(*renamed[page], 1)
                      for page, value in zip(pages, portion[column].to_pylist(), strict=True)]
            portion = portion.set_column(portion.column_names.index(column), portion.schema.field(column), pa.array(values, pa.string()))
    return portion
