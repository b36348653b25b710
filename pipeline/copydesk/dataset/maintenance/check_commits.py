"""Check the commits of a dataset: their numbers, their accounts, and that what they say of batches fits together."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from copydesk.dataset.format import commits, part_files
from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import Layout
from copydesk.dataset.maintenance.results import Findings
from copydesk.errors import AccountingError, DatasetError
from copydesk.model.status import Status
from copydesk.report import RunReport

REJECTED = (Status.REJECTED, Status.QUARANTINED, Status.DUPLICATE)
COPY = "bring the file back from a copy of the dataset"
REPORT = "please report it: copydesk wrote it so"


@dataclass(slots=True)
class Chain:
    """What the commits up to one say: live batches in order, the commit of each, and how many rejects of each outcome it must hold (its
    own, and those of the batches whose rest it took over: rejects move with their batch and are never dropped)."""

    live: dict[str, Commit] = field(default_factory=dict)
    rejects: dict[str, Counter[str]] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    def add(self, commit: Commit) -> None:
        """Go on by a commit."""
        mine = Counter({str(status): commit.counts.get(status, 0) for status in REJECTED})
        for name in commit.removed:
            mine += self.rejects.pop(name, Counter())
        self.rows = self.rows_after(commit)
        for name in commit.removed:
            self.live.pop(name, None)
        self.live[commit.batch], self.rejects[commit.batch] = commit, mine
        self.known.add(commit.batch)

    def rows_after(self, commit: Commit) -> Counter[str]:
        """The dataset's rows by table after a commit."""
        return self.rows + rows_of(commit) - sum((rows_of(self.live[name]) for name in commit.removed if name in self.live), Counter())


def check_commits(layout: Layout, number: int, findings: Findings) -> Chain:
    """Check all commits up to one."""
    chain, told = Chain(), commits.numbers(layout)
    missing = sorted(set(range(1, number + 1)) - set(told))
    if missing:
        findings.damage("_commits", f"commits are missing: {', '.join(map(str, missing[:10]))}{' …' if missing[10:] else ''}", COPY)
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
    if not commit.batch.endswith(hashlib.sha256(told.encode()).hexdigest()[:6]):
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
    """Rows by table of a commit's batch; of its first parts only, which hold what is new."""
    found: Counter[str] = Counter()
    for name, told in commit.files.items():
        if not only_new or name.endswith("-00000.parquet"):
            found[part_files.table_of(name)] += int(told["rows"])
    return +found
