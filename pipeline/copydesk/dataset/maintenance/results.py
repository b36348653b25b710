"""What maintenance hands back: findings of a check, and what a compaction or an erasure did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

MOST = 20
"""Findings of one kind in one place that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: ``damage`` (rows or the record of them are wrong) or a ``warning`` (nothing is lost)."""

    level: Literal["damage", "warning"]
    what: str
    where: str
    todo: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check looked at (the commit, batches, rows by table) and what it found."""

    path: str
    commit: int
    batches: int
    rows: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is damaged; there may be warnings."""
        return not any(finding.level == "damage" for finding in self.findings)


@dataclass(slots=True)
class Findings:
    """Collects findings; of many alike in one place the first are kept, and a count of the rest."""

    found: list[Finding] = field(default_factory=list)
    _alike: Counter[tuple[str, str]] = field(default_factory=Counter)

    def damage(self, where: str, what: str, todo: str, kind: str = "") -> None:
        """Note damage; findings of one ``kind`` are alike."""
        self._alike[where, kind] += 1
        if not kind or self._alike[where, kind] <= MOST:
            self.found.append(Finding("damage", what, where, todo))

    def warn(self, where: str, what: str, todo: str) -> None:
        """Note a warning."""
        self.found.append(Finding("warning", what, where, todo))

    def all(self) -> tuple[Finding, ...]:
        """All of them, with what was counted only."""
        return (*self.found, *self._rest())

    def _rest(self) -> Iterator[Finding]:
        for (where, kind), count in self._alike.items():
            if kind and count > MOST:
                yield Finding("damage", f"{count - MOST} more: {kind}", where, "as for those above")


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: the ``commits`` it made, the batches there were ``before`` and are ``after``."""

    commits: tuple[int, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: ids of articles, the commit that did it, and the older commits that cannot be read any more."""

    articles: tuple[str, ...]
    commit: int
    lost_commits: tuple[int, ...]
