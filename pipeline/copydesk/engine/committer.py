"""Commit a staged part of a shard to the dataset: one batch folder, one rename, one commit file.

Each step is on disk before the next one starts:

1. Write the part files to ``_staging``.
2. Write the batch's own record.
3. Rename the batch folder into ``data``. From here on the commit will happen: recovery completes it after a crash.
4. Create the commit file, exclusively.
5. Move replaced batches to ``_retired``.
6. Update the ledger, then the dataset card.
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
    """The identity of the run that commits.

    Attributes:
        plan: a digest of what the run was given. A run that continues an interrupted one has the same.
        base: the number of the run's first commit.
        shards: the number of shards in the run.
        fingerprint: the fingerprint of the plugins and settings.
        refresh: whether an article replaces its older row even when the text is the same.
        clock: facts that differ between equal runs, such as its id and start time. Only commit files hold them.
    """

    plan: str
    base: int
    shards: int
    fingerprint: str
    refresh: bool
    clock: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartPlace:
    """The position of a part in the run.

    Attributes:
        shard: the number of the shard, from 0.
        part: the number of the part in its shard, from 0.
        final: whether this is the last part of the run.
    """

    shard: int
    part: int
    final: bool


@dataclass(slots=True)
class Committer:
    """Writes the batches of one run, in order. Only one thread may use it.

    Attributes:
        store: the dataset's files.
        ledger: the index of the dataset's records.
        state: the dataset after its newest commit; each commit moves it on.
        schemas: the schema of each table.
        run: the identity of the run.
        keep_commits: how many of the newest commits stay readable.
    """

    store: Store
    ledger: Ledger
    state: State
    schemas: Mapping[str, pa.Schema]
    run: RunIdentity
    keep_commits: int = 10
    _made: Commit | None = None

    def commit(self, staged: StagedRows, place: PartPlace) -> Commit | None:
        """Commit a part of a shard; return None when it holds nothing new.

        Each step is repeated by itself after a storage error that may pass. After another error, the same call may be made again: it
        continues where it stopped, and does not publish a commit twice.

        Raises:
            AccountingError: the outcomes do not add up to the inputs; nothing was committed.
            DatasetError: another writer has made this commit, or a step after it failed.
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
        """Record that the run has finished."""
        self.ledger.finish(self.state.number)

    def _staged(self, staged: StagedRows, place: PartPlace) -> tuple[Path, Commit]:
        """Write the part as a complete batch in ``_staging``; return its folder and its commit."""
        number = self.state.number + 1
        decisions = Deduplicator(self.ledger, self.run.base, number, self.run.fingerprint, self.run.refresh).resolve(staged.pages)
        folder = new_folder(self.store, number)
        commit = self._prepare(folder, staged, decisions, number, place)
        RunReport(inputs=commit.inputs, counts=commit.counts).check()
        return folder, commit

    def _prepare(self, folder: Path, staged: StagedRows, decisions: Decisions, number: int, place: PartPlace) -> Commit:
        """Write the batch with its record and its ledger entries."""
        removed = [self.state.batch(old) for old in sorted(decisions.replaced)]
        files, gone = {}, Counter[str]()
        for table, schema in self.schemas.items():
            name = part_files.part_name(table, 0)
            files[name] = part_files.write_part(folder / name, schema, new_rows(staged, decisions, table, schema))
        added = {part_files.table_of(name): part.rows for name, part in files.items()}
        for part, old in enumerate(removed, start=1):
            files |= carry_over(self.store.batch(old), folder, part, without(decisions.replaced[batch_number(old)]), gone)
        batch_entries.write(folder, [*batch_entries.of_batches(map(self.store.batch, removed)), *decisions.entries])
        before = self.state.commit.totals if self.state.commit else {}
        commit = Commit(
            number=number, batch="", removed=tuple(removed), rows=added, shard=place.shard, part=place.part, final=place.final,
            files={name: asdict(part) for name, part in sorted(files.items())},
            totals=commits.totals(before, added, gone), fingerprint=self.run.fingerprint, plan=self.run.plan, base=self.run.base,
            shards=self.run.shards, **account(staged, decisions),
            run={**self.run.clock, "seconds": staged.account.seconds, "skipped": staged.account.skipped})
        return seal(folder, self.state, commit)

    def _follow(self, commit: Commit) -> None:
        """Do the steps after a commit. They can be repeated."""
        if self.state.number < commit.number:
            self.state = self.state.after(commit)
        after_commit(self.store, self.ledger, commit, self.keep_commits)


def account(staged: StagedRows, resolved: Decisions) -> dict[str, Any]:
    """Return the counts of a part: inputs, outcomes, codes of rejects, reasons of removals."""
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
    """Yield the rows that the part adds to a table, in order."""
    if table == "rejects":
        yield pa.Table.from_pylist([resolved.rejects[number] for number in sorted(resolved.rejects)], schema)
        return
    for portion in kept_rows(staged, resolved, table):
        yield portion.drop_columns([PAGE])


def kept_rows(staged: StagedRows, resolved: Decisions, table: str) -> Iterator[pa.Table]:
    """Yield the staged rows of the pages that are written, with the article ids that were decided for them."""
    kept = pa.array([page.number in resolved.kept for page in staged.pages], pa.bool_())
    renamed = {page.number: (page.article.article_id, resolved.kept[page.number]) for page in staged.pages
               if page.article and resolved.kept.get(page.number, page.article.article_id) != page.article.article_id}
    for portion in staged.batches(table):
        chosen = portion.filter(kept.take(portion[PAGE].combine_chunks()))
        yield _renamed(chosen, renamed) if renamed else chosen


def _renamed(portion: pa.Table, renamed: Mapping[int, tuple[str, str]]) -> pa.Table:
    """Replace the article ids of rows, also where an article id is the beginning of another id in the row.

    Args:
        portion: rows of one table.
        renamed: by page number, the id that an article has and the id that it gets.
    """
    pages = portion[PAGE].to_pylist()
    for column in ("article_id", "quote_id", "utterance_id"):
        if column in portion.column_names:
            values = [value if page not in renamed or value is None else value.replace(*renamed[page], 1)
                      for page, value in zip(pages, portion[column].to_pylist(), strict=True)]
            portion = portion.set_column(portion.column_names.index(column), portion.schema.field(column), pa.array(values, pa.string()))
    return portion
