"""The progress of a run, and its listener."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from copydesk.model.status import Status


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: the inputs with an outcome.
        planned: the inputs that are expected, at least ``done``.
        counts: the inputs by outcome. A duplicate counts as written until its commit.
    """

    done: int
    planned: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class RunListener:
    """What the caller of a run adds to it.

    Attributes:
        listener: called with the progress after each outcome; None for no calls.
        note: written into the commit files, such as which flow run started the run.
    """

    listener: Callable[[Progress], None] | None
    note: Mapping[str, str]


class ProgressCounter:
    """Counts outcomes and calls a listener. Several threads may call it."""

    def __init__(self, planned: int, listener: Callable[[Progress], None] | None) -> None:
        self._planned = planned
        self._listener = listener
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, status: Status) -> None:
        """Count one outcome."""
        if self._listener is None:
            return
        with self._lock:
            self._counts[str(status)] += 1
            done = self._counts.total()
            self._listener(Progress(done, max(done, self._planned), dict(self._counts)))
