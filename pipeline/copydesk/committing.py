"""Make a staged shard part of the dataset: one batch folder, one rename, one commit file.

Order of steps, each on disk before the next: part files in ``_staging``; the batch's own record; rename into ``data`` (from here on the
commit will happen: recovery rolls it forward); commit file, created exclusively; replaced batches to ``_retired``; ledger; card.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from copydesk import commits, entries, parts
from copydesk.commits import CARRIED, CHECKPOINT, Commit, State
from copydesk.errors import DatasetError
from copydesk.layout import batch_number, retry, write_file
from copydesk.ledger import Ledger
from copydesk.report import RunReport
from copydesk.resolving import Resolved, Resolver
from copydesk.staging import PAGE, Staged
from copydesk.store import Store
from copydesk.values import Status


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
class Place:
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

    def commit(self, staged: Staged, place: Place) -> Commit | None:
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

    def _staged(self, staged: Staged, place: Place) -> tuple[Path, Commit]:
        """The part as a whole batch in ``_staging``, and its commit."""
        number = self.state.number + 1
        resolved = Resolver(self.ledger, self.run.base, number, self.run.fingerprint, self.run.refresh).resolve(staged.pages)
        folder = self.store.layout.staging / f"commit-{number:06}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        commit = self._prepare(folder, staged, resolved, number, place)
        RunReport(inputs=commit.inputs, counts=commit.counts).check()
        return folder, commit

    def _prepare(self, folder: Path, staged: Staged, resolved: Resolved, number: int, place: Place) -> Commit:
        """Write the batch with its record and its ledger entries."""
        removed = [self.state.batch(old) for old in sorted(resolved.replaced)]
        files, gone = {}, Counter[str]()
        for table, schema in self.schemas.items():
            name = parts.part_name(table, 0)
            files[name] = parts.write_part(folder / name, schema, new_rows(staged, resolved, table, schema))
        added = {parts.table_of(name): part.rows for name, part in files.items()}
        for part, old in enumerate(removed, start=1):
            dropped = pa.array(sorted(resolved.replaced[batch_number(old)]), pa.string())
            files |= carry_over(self.store.batch(old), folder, part, dropped, gone)
        entries.write(folder, [*entries.of_batches(map(self.store.batch, removed)), *resolved.entries])
        before = self.state.commit.totals if self.state.commit else {}
        token = sha256("".join(f"{name} {part.sha256}\n" for name, part in sorted(files.items())).encode()).hexdigest()[:6]
        commit = Commit(
            number=number, batch=f"batch={number:06}-{token}", removed=tuple(removed), rows=added,
            shard=place.shard, part=place.part, final=place.final,
            files={name: {"rows": part.rows, "sha256": part.sha256} for name, part in sorted(files.items())},
            totals=commits.totals(before, added, gone), fingerprint=self.run.fingerprint, plan=self.run.plan, base=self.run.base,
            shards=self.run.shards, run={**self.run.clock, "seconds": staged.account.seconds}, **account(staged, resolved))
        if number % CHECKPOINT == 0:
            commit = replace(commit, live=self.state.after(commit).live)
        write_file(folder / CARRIED, commit.encode(carried=True))
        return commit

    def _follow(self, commit: Commit) -> None:
        """What comes after a commit and can be done again."""
        if self.state.number < commit.number:
            self.state = self.state.after(commit)
        try:
            retry(lambda: self.store.settle(self.ledger, commit, self.keep_commits))
        except OSError as error:
            raise DatasetError(f"cannot write {error.filename or self.store.url}: {error.strerror or error}; "
                               f"commit {commit.number} stands, and the next run does what is left of it") from error


def account(staged: Staged, resolved: Resolved) -> dict[str, Any]:
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


def new_rows(staged: Staged, resolved: Resolved, table: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of a table that the shard adds, in order."""
    if table == "rejects":
        yield pa.Table.from_pylist([resolved.rejects[number] for number in sorted(resolved.rejects)], schema)
        return
    for portion in kept_rows(staged, resolved, table):
        yield portion.drop_columns([PAGE])


def kept_rows(staged: Staged, resolved: Resolved, table: str) -> Iterator[pa.Table]:
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


def carry_over(old: Path, folder: Path, part: int, dropped: pa.Array, gone: Counter[str]) -> dict[str, parts.PartFile]:
    """The rest of an older batch as further parts of the new one; ``gone`` counts what it lost."""
    made = {}
    for table in sorted({parts.table_of(path.name) for path in old.glob("*.parquet")}):
        paths = sorted(old.glob(f"{table}-*.parquet"))
        name = parts.part_name(table, part)
        made[name] = parts.write_part(folder / name, parts.part_schema(paths[0]), _without(paths, dropped))
        gone[table] += sum(parts.row_count(path) for path in paths) - made[name].rows
    return made


def _without(paths: list[Path], dropped: pa.Array) -> Iterator[pa.Table]:
    for path in paths:
        for portion in parts.read_part(path):
            if "article_id" in portion.column_names:
                yield portion.filter(pc.invert(pc.is_in(portion["article_id"], value_set=dropped)))
            else:
                yield portion
