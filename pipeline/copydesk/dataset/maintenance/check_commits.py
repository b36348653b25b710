"""Check the commits of a dataset: their numbers, their accounts, and whether their statements about batches agree."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from copydesk.dataset.format import commits, part_files
from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import BATCH_DIGEST_DIGITS, Layout
from copydesk.dataset.maintenance.results import Findings
from copydesk.errors import AccountingError, DatasetError
from copydesk.model.status import Status
from copydesk.report import RunReport

REJECTED = (Status.REJECTED, Status.QUARANTINED, Status.DUPLICATE)
"""The outcomes that give a row of rejects."""
COPY = "bring the file back from a copy of the dataset"
"""Advice for missing and changed files."""
REPORT = "please report it: copydesk wrote it so"
"""Advice for what only a bug can cause."""
MOST_NUMBERS = 10
"""Missing commits that a finding names; "…" stands for the rest."""


@dataclass(slots=True)
class Chain:
    """The state that commits lead to, computed from the commits alone.

    Attributes:
        live: the live batches in order, each with the commit that made it.
        rejects: for each live batch, how many rejects of each outcome it must hold. A batch takes over the rejects of those it replaces.
        rows: rows of the dataset by table.
        known: the names of all batches that a commit made, live or not.
    """

    live: dict[str, Commit] = field(default_factory=dict)
    rejects: dict[str, Counter[str]] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    def add(self, commit: Commit) -> None:
        """Apply one more commit."""
        mine = Counter({str(status): commit.counts.get(status, 0) for status in REJECTED})
        for name in commit.removed:
            mine += self.rejects.pop(name, Counter())
        self.rows = self.rows_after(commit)
        for name in commit.removed:
            self.live.pop(name, None)
        self.live[commit.batch], self.rejects[commit.batch] = commit, mine
        self.known.add(commit.batch)

    def rows_after(self, commit: Commit) -> Counter[str]:
        """Return the rows of the dataset by table after one more commit."""
        return self.rows + rows_of(commit) - sum((rows_of(self.live[name]) for name in commit.removed if name in self.live), Counter())


def check_commits(layout: Layout, number: int, findings: Findings) -> Chain:
    """Check all commits up to ``number``; commits that are missing or unreadable are reported and left out of the result."""
    chain, told = Chain(), commits.numbers(layout)
    missing = sorted(set(range(1, number + 1)) - set(told))
    if missing:
        some = ", ".join(map(str, missing[:MOST_NUMBERS]))
        findings.damage("_commits", f"commits are missing: {some}{' …' if missing[MOST_NUMBERS:] else ''}", COPY)
    for each in range(1, number + 1):
        if each in missing:
            continue
        try:
            commit = commits.read_commit(layout, each)
        except DatasetError as error:
            findings.damage(f"_commits/{each:06}.json", str(error), COPY)
            continue
        for what in _problems(commit, each, chain):
            findings.damage(f"_commits/{each:06}.json", what, REPORT if not missing else COPY)
        chain.add(commit)
    return chain


def _problems(commit: Commit, number: int, chain: Chain) -> Iterator[str]:
    if commit.number != number or not commit.batch.startswith(f"batch={number:06}-"):
        yield f"it says it is commit {commit.number} with batch {commit.batch}"
    try:
        RunReport(inputs=commit.inputs, counts=commit.counts).check()
    except AccountingError as error:
        yield str(error)
    if lost := [name for name in commit.removed if name not in chain.live]:
        yield f"it replaces batches that were not there: {', '.join(lost)}"
    told = "".join(f"{name} {part['sha256']}\n" for name, part in sorted(commit.files.items()))
    if not commit.batch.endswith(hashlib.sha256(told.encode()).hexdigest()[:BATCH_DIGEST_DIGITS]):
        yield f"the name of its batch {commit.batch} does not fit its files"
    if commit.live is not None and list(commit.live) != [*(name for name in chain.live if name not in commit.removed), commit.batch]:
        yield "its list of live batches is not what the commits before it lead to"
    yield from _count_problems(commit, chain)


def _count_problems(commit: Commit, chain: Chain) -> Iterator[str]:
    rows = chain.rows_after(commit)
    if +Counter(commit.totals) != rows:
        yield f"its totals {commit.totals} are not the rows of its batches {dict(sorted(rows.items()))}"
    if commit.counts.get(Status.WRITTEN, 0) != commit.rows.get("articles", 0):
        yield f"{commit.counts.get(Status.WRITTEN)} inputs written, but {commit.rows.get('articles')} new rows of articles"
    rejected = sum(commit.counts.get(status, 0) for status in REJECTED)
    if not rejected == commit.rows.get("rejects", 0) == sum(commit.codes.values()):
        yield f"{rejected} inputs not written, but {commit.rows.get('rejects')} new rows of rejects, codes {commit.codes}"
    if commit.rows.get("removals", 0) != sum(commit.removals.values()):
        yield f"{commit.rows.get('removals')} new rows of removals, but reasons {commit.removals}"
    if commit.inputs and (new := rows_of(commit, only_new=True)) != +Counter(commit.rows):
        yield f"its new rows {commit.rows} are not those of its files {dict(new)}"


def rows_of(commit: Commit, only_new: bool = False) -> Counter[str]:
    """Return the rows of a commit's batch by table. With ``only_new``, count the first parts only: they hold the new rows."""
    found: Counter[str] = Counter()
    for name, told in commit.files.items():
        if not only_new or name.endswith("-00000.parquet"):
            found[part_files.table_of(name)] += int(told["rows"])
    return +found
