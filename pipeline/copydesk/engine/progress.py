"""How far a run is, as it tells a listener."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from copydesk.model.status import Status


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: inputs done, inputs planned, and outcomes so far (duplicates count as written until their commit)."""

    done: int
    planned: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class RunListener:
    """Who hears of a run: a listener to its progress, and what its commit files say of who started it."""

    listener: Callable[[Progress], None] | None
    note: Mapping[str, str]


class ProgressCounter:
    """Counts outcomes as they come and tells a listener."""

    def __init__(self, planned: int, listener: Callable[[Progress], None] | None) -> None:
        self._planned = planned
        self._listener = listener
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, status: Status) -> None:
        """Hear of one outcome."""
        if self._listener is None:
            return
        with self._lock:
            self._counts[str(status)] += 1
            done = self._counts.total()
            self._listener(Progress(done, max(done, self._planned), dict(self._counts)))
