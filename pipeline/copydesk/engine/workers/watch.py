"""The watch over child processes: one thread checks each of them every 50 ms, and kills a child that exceeds one of its limits.

The thread runs in the parent process. So nothing a page does can stop it, neither a loop in C code nor a hang that holds the
interpreter's lock.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copydesk.engine.workers.child import Child
from copydesk.rows.limit_codes import CPU, MEMORY, OVERDUE

if TYPE_CHECKING:
    import psutil

WATCH_SECONDS = 0.05
"""The time between two checks of the children."""


@dataclass(slots=True)
class Watch:
    """Watches the living children of a pool. Several threads may use it."""

    _live: set[Child] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed.is_set()

    def add(self, child: Child) -> None:
        """Watch a child from now on."""
        with self._lock:
            self._live.add(child)
            if self._closed.is_set():
                child.process.kill()
            elif self._thread is None:
                self._thread = threading.Thread(target=self._check_all, daemon=True, name="copydesk-watch")
                self._thread.start()

    def end(self, child: Child) -> None:
        """End a child, and watch it no longer."""
        with self._lock:
            self._live.discard(child)
        child.end()

    def begin(self, child: Child, seconds: float, cpu_seconds: float | None, memory: int) -> None:
        """Set the limits of a child for its next piece of work. They hold until `release`.

        Args:
            child: the child.
            seconds: how long the work may take by the clock.
            cpu_seconds: how much CPU time the work may use; None for no limit.
            memory: the resident bytes that the child may hold.
        """
        child.cpu_until = None if cpu_seconds is None else cpu_time(child) + cpu_seconds
        child.memory = memory
        self.wait(child, seconds)

    def wait(self, child: Child, seconds: float) -> None:
        """Give the child this many seconds, from now on, for its next message."""
        child.deadline = time.monotonic() + seconds

    def release(self, child: Child) -> bool:
        """Lift the limits of a child whose work is done. Return whether it is alive: the watch may have killed it in this moment."""
        with self._lock:
            child.deadline = child.cpu_until = child.memory = None
        return not child.killed

    def close(self) -> None:
        """Kill all children, and each child that is added later. Threads that wait for a message get one of `LOST`."""
        with self._lock:
            self._closed.set()
            for child in self._live:
                child.process.kill()
        if self._thread is not None:
            self._thread.join()

    def _check_all(self) -> None:
        while not self._closed.wait(WATCH_SECONDS):
            with self._lock:
                for child in self._live:
                    child.killed = child.killed or _beyond(child)
                    if child.killed:
                        child.process.kill()


def _beyond(child: Child) -> str:
    """Return the code of a limit that a child exceeds, or an empty string."""
    memory, cpu_until, deadline = child.memory, child.cpu_until, child.deadline  # other threads may change them
    if memory is not None and resident(child) > memory:
        return MEMORY
    if cpu_until is not None and cpu_time(child) > cpu_until:
        return CPU
    return OVERDUE if deadline is not None and deadline < time.monotonic() else ""


def cpu_time(child: Child) -> float:
    """Return the seconds of CPU time that a child has used since its start; 0 when it is gone."""
    import psutil

    try:
        times = _monitor(child).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def resident(child: Child) -> int:
    """Return the bytes of memory that a child holds now; 0 when it is gone."""
    import psutil

    try:
        return int(_monitor(child).memory_info().rss)
    except psutil.Error:
        return 0


def _monitor(child: Child) -> psutil.Process:
    import psutil

    if child.monitor is None:
        child.monitor = psutil.Process(child.process.pid)
    return child.monitor
