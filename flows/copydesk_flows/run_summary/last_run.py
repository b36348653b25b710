"""Read from a dataset's commits how long each plugin took in the last run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from copydesk import SettingsError, open_dataset
from copydesk.operations import Commit, open_read_only, read_commit

PROCESSED = ("written", "duplicate", "rejected", "quarantined")
"""Outcomes of inputs that plugins worked on. Unchanged and ignored inputs take no time of plugins."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run, as its commits describe it.

    Attributes:
        started: when it started (ISO 8601, UTC); empty when the commits do not say.
        pages: the number of pages that it processed.
        seconds: the seconds of all its processes, by plugin.
    """

    started: str
    pages: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    def milliseconds(self, plugin: str) -> float | None:
        """Return the mean time per page that a plugin took; None when it was not called, or there were no pages.

        >>> LastRun("2026-03-14T09:30:00+00:00", 4, {"clean_phrases": 0.002}).milliseconds("clean_phrases")
        0.5
        """
        return self.seconds[plugin] * 1_000 / self.pages if self.pages and plugin in self.seconds else None


def last_run(output: str) -> LastRun:
    """Return the newest run of a dataset whose commits still exist. Compactions and erasures are no runs.

    Raises:
        DatasetError: there is no dataset, or its commits cannot be read.
        SettingsError: no commit of a run exists any more.
    """
    numbers = open_dataset(output).commits
    found: list[Commit] = []
    with open_read_only(output) as store:
        for number in sorted(numbers, reverse=True):
            commit = read_commit(store.layout, number)
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
