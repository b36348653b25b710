"""What a run processes again, and which of its inputs it looks at. By default it looks at all inputs and processes what is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from copydesk.dataset.format.commits import State
from copydesk.dataset.ledger.by_source import LookReason, wanted
from copydesk.dataset.ledger.index import Ledger

Wanted = Callable[[str], bool]
"""Tells whether a run looks at a source path."""


@dataclass(frozen=True, slots=True)
class InputSelection:
    """Which inputs a run looks at, by what the dataset knows of them. All others are neither planned nor counted.

    Attributes:
        older: only inputs that gave rows under another fingerprint; their records are processed again.
        rejects: only inputs with a record that was rejected or quarantined; such records are processed again.
        below: only inputs at or below one of these source paths; empty for all.
    """

    older: bool = False
    rejects: bool = False
    below: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The part of a run's identity that differs between selections."""
        return ("-older" if self.older else "") + ("-rejects" if self.rejects else "") + "".join(f"-{path}" for path in self.below)


@dataclass(frozen=True, slots=True)
class Reprocessing:
    """What a run processes again although the dataset knows it.

    Attributes:
        refresh: everything.
        retry: what was rejected or quarantined.
        selection: the inputs that the run looks at, which may imply more.
    """

    refresh: bool = False
    retry: bool = False
    selection: InputSelection = InputSelection()

    @property
    def tries_rejects(self) -> bool:
        """Whether the run processes rejected and quarantined records again."""
        return self.retry or self.selection.rejects

    @property
    def replaces(self) -> bool:
        """Whether a new row replaces an older one even when the text is the same."""
        return self.refresh or self.selection.older

    @property
    def opens_known(self) -> bool:
        """Whether the run opens files whose state is as it was when they were read before."""
        return self.refresh or self.retry or self.selection.older or self.selection.rejects

    @property
    def word(self) -> str:
        """The part of a run's identity that differs between kinds of reprocessing."""
        return f"{'-refresh' if self.refresh else ''}{'-retry' if self.retry else ''}{self.selection.word}"

    def wanted(self, ledger: Ledger, state: State, fingerprint: str) -> Wanted | None:
        """Return the function that tells which source paths a plan includes; None when it includes all.

        Inputs that an interrupted run has committed already still count, so that the run that continues it makes the same plan.

        Args:
            ledger: the index of the dataset.
            state: the newest state of the dataset.
            fingerprint: the fingerprint of the run.
        """
        selection = self.selection
        if selection == InputSelection():
            return None
        newest = state.commit
        cut_off = newest is not None and not newest.final and ledger.finished() < newest.number
        floor = newest.base if newest is not None and cut_off else state.number + 1

        def is_wanted(source_path: str) -> bool:
            if selection.below and not any(source_path == path or source_path.startswith(f"{path}/") for path in selection.below):
                return False
            if selection.older and not wanted(ledger, source_path, LookReason.OLDER, fingerprint, floor):
                return False
            return not selection.rejects or wanted(ledger, source_path, LookReason.REJECTS, fingerprint, floor)

        return is_wanted
