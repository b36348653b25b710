"""The watch over child processes: one thread looks at each of them every 50 ms, and kills what is beyond its limits.

It works from outside, so that nothing a page does can stop it: not a loop in C code, not a hang that holds the interpreter's lock.
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


@dataclass(slots=True)
class Watch:
    """The living children of a pool."""

    _live: set[Child] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def is_closed(self) -> bool:
        """Whether all is being ended."""
        return self._closed.is_set()

    def add(self, child: Child) -> None:
        """Look at this one too."""
        with self._lock:
            self._live.add(child)
            if self._closed.is_set():
                child.process.kill()
            elif self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True, name="copydesk-watch")
                self._thread.start()

    def end(self, child: Child) -> None:
        """End this one."""
        with self._lock:
            self._live.discard(child)
        child.end()

    def begin(self, child: Child, seconds: float, cpu_seconds: float | None, memory: int) -> None:
        """From now until `release` the child may use so much: seconds by the clock and of CPU time, resident bytes."""
        child.cpu_until = None if cpu_seconds is None else cpu_time(child) + cpu_seconds
        child.memory = memory
        self.wait(child, seconds)

    def wait(self, child: Child, seconds: float) -> None:
        """From now on somebody waits for the child, so many seconds."""
        child.deadline = time.monotonic() + seconds

    def release(self, child: Child) -> bool:
        """Nobody waits for the child any more. Returns whether it lives on: it may have been killed at this very moment."""
        with self._lock:
            child.deadline = child.cpu_until = child.memory = None
        return not child.killed

    def close(self) -> None:
        """Kill all, for good; who talks to one of them finds it gone."""
        with self._lock:
            self._closed.set()
            for child in self._live:
                child.process.kill()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._closed.wait(WATCH_SECONDS):
            with self._lock:
                for child in self._live:
                    child.killed = child.killed or _beyond(child)
                    if child.killed:
                        child.process.kill()


def _beyond(child: Child) -> str:
    """The limit that a child is beyond, empty when it is within all."""
    memory, cpu_until, deadline = child.memory, child.cpu_until, child.deadline  # other threads set them
    if memory is not None and resident(child) > memory:
        return MEMORY
    if cpu_until is not None and cpu_time(child) > cpu_until:
        return CPU
    return OVERDUE if deadline is not None and deadline < time.monotonic() else ""


def cpu_time(child: Child) -> float:
    """Seconds of CPU time in a child's life; 0 when it is gone."""
    import psutil

    try:
        times = _monitor(child).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def resident(child: Child) -> int:
    """Bytes of memory that a child holds now; 0 when it is gone."""
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
