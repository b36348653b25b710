"""The results of maintenance: findings of a check, and reports of a compaction and an erasure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

MOST = 20
"""Findings of one kind in one place that are listed one by one; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a check found.

    Attributes:
        level: ``damage`` when rows or their records are wrong; ``warning`` when no data is lost.
        what: what is wrong.
        where: the file, batch or table that is concerned, relative to the dataset.
        todo: what the user can do about it.
    """

    level: Literal["damage", "warning"]
    what: str
    where: str
    todo: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check looked at, and what it found.

    Attributes:
        path: the folder or URL of the dataset.
        commit: the number of the commit that was checked.
        batches: how many live batches that commit has.
        rows: rows by table, as the commits state them.
        findings: the faults; empty when there are none.
    """

    path: str
    commit: int
    batches: int
    rows: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the check found no damage; there may be warnings."""
        return not any(finding.level == "damage" for finding in self.findings)


@dataclass(slots=True)
class Findings:
    """Collects findings. Of many findings of one kind in one place, it keeps the first `MOST` and counts the rest.

    Attributes:
        found: the findings that were kept.
    """

    found: list[Finding] = field(default_factory=list)
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def damage(self, where: str, what: str, todo: str, kind: str = "") -> None:
        """Note damage.

        Args:
            where, what, todo: see `Finding`.
            kind: the kind of damage, in the plural: its number is limited. Without a kind, every finding is kept.
        """
        self._alike[where, kind] += 1
        if not kind or self._alike[where, kind] <= MOST:
            self.found.append(Finding("damage", what, where, todo))

    def warn(self, where: str, what: str, todo: str) -> None:
        """Note a warning."""
        self.found.append(Finding("warning", what, where, todo))

    def all(self) -> tuple[Finding, ...]:
        """Return the findings that were kept, and one for each kind with a number of further ones."""
        return (*self.found, *self._rest())

    def _rest(self) -> Iterator[Finding]:
        for (where, kind), count in self._alike.items():
            if kind and count > MOST:
                yield Finding("damage", f"{count - MOST} more: {kind}", where, "as for those above")


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did.

    Attributes:
        commits: numbers of the commits that it made, one for each merged batch.
        before: how many live batches there were.
        after: how many live batches there are now.
    """

    commits: tuple[int, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Attributes:
        articles: ids of the erased articles, sorted.
        commit: the number of the commit that erased them.
        lost_commits: numbers of older commits that cannot be read any more.
    """

    articles: tuple[str, ...]
    commit: int
    lost_commits: tuple[int, ...]
