"""What the last run on a dataset took, plugin by plugin, from its commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from copydesk import SettingsError, open_dataset
from copydesk.operations import Commit, open_read_only, read_commit

PROCESSED = ("written", "duplicate", "rejected", "quarantined")
"""Outcomes of inputs that a run looked at; what is unchanged or ignored costs plugins nothing."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run as its commits tell of it: when it started (ISO 8601, UTC), its number of pages, and seconds of all its processes by plugin."""

    started: str
    pages: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    def milliseconds(self, plugin: str) -> float | None:
        """The mean time per page that was spent in a plugin; None when it was not asked, or there were no pages.

        >>> LastRun("2026-03-14T09:30:00+00:00", 4, {"clean_phrases": 0.002}).milliseconds("clean_phrases")
        0.5
        """
        return self.seconds[plugin] * 1_000 / self.pages if self.pages and plugin in self.seconds else None


def last_run(output: str) -> LastRun:
    """The newest run of a dataset whose commits are kept. Compactions and erasures are no runs.

    Raises:
        DatasetError: there is no dataset, or its commits cannot be read.
        SettingsError: none of the commits that are kept is a run's.
    """
    numbers = open_dataset(output).commits
    found: list[Commit] = []
    with open_read_only(output) as look:
        for number in sorted(numbers, reverse=True):
            commit = read_commit(look.layout, number)
            if not found and "id" not in commit.run:
                continue
            if found and commit.run.get("id") != found[0].run["id"]:
                break
            found.append(commit)
    if not found:
        raise SettingsError(f"{output} keeps no commit of a run, so nobody knows what plugins took")
    return _summed(found)


def _summed(found: list[Commit]) -> LastRun:
    seconds: dict[str, float] = {}
    for commit in found:
        for name, took in commit.run.get("seconds", {}).items():
            seconds[name] = seconds.get(name, 0.0) + took
    pages = sum(commit.counts.get(outcome, 0) for commit in found for outcome in PROCESSED)
    return LastRun(str(found[0].run.get("started") or ""), pages, seconds)
