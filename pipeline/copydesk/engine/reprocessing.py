"""What a run processes again, and which of its inputs it looks at: everything and all of them, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from copydesk.dataset.format.commits import State
from copydesk.dataset.ledger.by_source import LookReason, wanted
from copydesk.dataset.ledger.index import Ledger

Wanted = Callable[[str], bool]
"""Source path -> whether a run looks at it."""


@dataclass(frozen=True, slots=True)
class InputSelection:
    """Which inputs a run looks at, by what the dataset knows of them; what is left out is not listed, planned or counted.

    ``older``: those that gave rows under another fingerprint, whose records are then processed again. ``rejects``: those with a record
    that was rejected or quarantined, which is tried again. ``below``: those at or below one of these source paths.
    """

    older: bool = False
    rejects: bool = False
    below: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What tells a run of this selection from others, for its identity."""
        return ("-older" if self.older else "") + ("-rejects" if self.rejects else "") + "".join(f"-{path}" for path in self.below)


@dataclass(frozen=True, slots=True)
class Reprocessing:
    """What a run processes again: everything (``refresh``), what was rejected or quarantined (``retry``), or what a selection says."""

    refresh: bool = False
    retry: bool = False
    selection: InputSelection = InputSelection()

    @property
    def tries_rejects(self) -> bool:
        """Whether rejects are tried again."""
        return self.retry or self.selection.rejects

    @property
    def replaces(self) -> bool:
        """Whether a row is written anew even when its text is the same."""
        return self.refresh or self.selection.older

    @property
    def opens_known(self) -> bool:
        """Whether files are opened that are in the state in which they were read before."""
        return self.refresh or self.retry or self.selection.older or self.selection.rejects

    @property
    def word(self) -> str:
        """What tells such a run from others, for its identity."""
        return f"{'-refresh' if self.refresh else ''}{'-retry' if self.retry else ''}{self.selection.word}"

    def wanted(self, ledger: Ledger, state: State, fingerprint: str) -> Wanted | None:
        """The question that a plan asks of each source path; None when all are wanted.

        What a run that was cut off committed already still counts, so that the next one makes the same plan and goes on behind it.
        """
        selection = self.selection
        if selection == InputSelection():
            return None
        newest = state.commit
        cut_off = newest is not None and not newest.final and ledger.finished() < newest.number
        floor = newest.base if newest is not None and cut_off else state.number + 1

        def look(source_path: str) -> bool:
            if selection.below and not any(source_path == path or source_path.startswith(f"{path}/") for path in selection.below):
                return False
            if selection.older and not wanted(ledger, source_path, LookReason.OLDER, fingerprint, floor):
                return False
            return not selection.rejects or wanted(ledger, source_path, LookReason.REJECTS, fingerprint, floor)

        return look
