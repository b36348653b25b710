"""Starting child processes, again where one did not come to work, and giving up after several in a row."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from copydesk import children
from copydesk.children import Child, WorkerStartError
from copydesk.settings import Settings
from copydesk.watch import Watch, resident

MOST_FAILURES = 3
"""Starts in a row that may fail while work waits."""


@dataclass(slots=True)
class Starter:
    """Starts processes that run one of our modules under a watch. ``memory`` is what one may hold."""

    module: str
    settings: Settings
    watch: Watch
    memory: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: int = 0

    def child(self) -> Child:
        """A new process, ready.

        Raises:
            WorkerStartError: the last of several in a row that did not come to work.
        """
        while True:
            try:
                child = children.started(self.module, self.settings, self.watch)
                child.at_start = resident(child)
                if child.at_start <= self.memory:
                    return child
                self.watch.drop(child)
                raise children.cannot_start(f"it holds {child.at_start} bytes of memory before its first page, and may have {self.memory} "
                                            f"(limits.memory_bytes is {self.settings.limits.memory_bytes})")
            except WorkerStartError as error:
                self._fail(error)

    def gone(self, child: Child) -> None:
        """A process was lost before it began on what it was given: that is nobody's fault but its own.

        Raises:
            WorkerStartError: the last of several in a row that did not come to work.
        """
        how = child.killed or child.ending()
        self.watch.drop(child)
        self._fail(children.cannot_start(f"it was gone before it began on a page ({how})"))

    def works(self) -> None:
        """A process came to work."""
        self._failures = 0

    def is_fit(self, child: Child) -> bool:
        """Whether a process may go on: not when so much of its memory is taken already that a page would be stopped for what those
        before it left behind."""
        return resident(child) <= child.at_start + (self.memory - child.at_start) // 2

    def _fail(self, error: WorkerStartError) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= MOST_FAILURES or self.watch.is_closed:
                raise error
