"""Starting child processes, again where one did not come to work, and giving up after several in a row."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from copydesk.engine.workers.child import LOST, Child, WorkerStartError
from copydesk.engine.workers.parent_pipe import READY
from copydesk.engine.workers.watch import Watch, resident
from copydesk.settings.schema import Settings
from copydesk.storage.retry import retry

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
                child = start_child(self.module, self.settings, self.watch)
                child.at_start = resident(child)
                if child.at_start <= self.memory:
                    return child
                self.watch.end(child)
                raise cannot_start(f"it holds {child.at_start} bytes of memory before its first page, and may have {self.memory} "
                                            f"(limits.memory_bytes is {self.settings.limits.memory_bytes})")
            except WorkerStartError as error:
                self._fail(error)

    def gone(self, child: Child) -> None:
        """A process was lost before it began on what it was given: that is nobody's fault but its own.

        Raises:
            WorkerStartError: the last of several in a row that did not come to work.
        """
        how = child.killed or child.ending()
        self.watch.end(child)
        self._fail(cannot_start(f"it was gone before it began on a page ({how})"))

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


START_SECONDS = 120.0
PIPE_BYTES = 1 << 16


def start_child(module: str, greeting: object, watch: Watch, environment: Mapping[str, str] | None = None) -> Child:
    """A child that runs the ``main`` of a module of ours, took its greeting, and is ready. ``environment`` is set beside this process's.

    Raises:
        WorkerStartError: it could not be launched, died, or took too long; with the last line that it said.
    """
    child = _launched(module, environment or {})
    watch.add(child)
    try:
        child.send(greeting)
        if child.receive() == READY:
            child.deadline = None
            return child
    except LOST:
        pass
    child.errors.seek(0)
    said = child.errors.read(1 << 20).decode("utf-8", "replace").strip().splitlines()
    watch.end(child)
    why = f"not ready after {START_SECONDS:g} seconds" if child.killed else said[-1] if said else f"it said nothing ({child.ending()})"
    raise cannot_start(why)


def _launched(module: str, environment: Mapping[str, str]) -> Child:
    """A new process, not yet ready."""
    try:
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        try:
            process = retry(lambda: subprocess.Popen(  # noqa: S603  # our own interpreter and code
                command(module), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=PIPE_BYTES,
                env={**os.environ, **environment}),
                "a process does not start")
        except BaseException:
            errors.close()
            raise
    except OSError as error:
        raise cannot_start(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}") from error
    return Child(process, errors, time.monotonic() + START_SECONDS)


def command(module: str) -> list[str]:
    """How to start one, with this process's import path."""
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"]


def cannot_start(why: str) -> WorkerStartError:
    """The error that says why none starts."""
    return WorkerStartError(f"a page process cannot start: {why} (workers = 0 works without one)")
