"""Start child processes. A start that fails is repeated; after several failures in a row the error is raised."""

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
"""After this many failed starts in a row the error is raised."""
REUSE_DIVISOR = 2
"""A process is reused while it keeps at most this part, one half, of the memory that it may gain after its start."""


@dataclass(slots=True)
class Starter:
    """Starts child processes that run one module, under a watch.

    Attributes:
        module: the module whose ``main`` a child runs.
        settings: the settings that a child gets as its first message.
        watch: the watch over the children.
        memory: the resident bytes that a child may hold.
    """

    module: str
    settings: Settings
    watch: Watch
    memory: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: int = 0

    def child(self) -> Child:
        """Start a process, and return it when it is ready.

        Raises:
            WorkerStartError: several starts in a row failed; this is the error of the last one.
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
        """End a process that died before it began its work, and count that as a failed start. Its input is not to blame.

        Raises:
            WorkerStartError: several starts in a row failed; this is the error of the last one.
        """
        how = child.killed or child.ending()
        self.watch.end(child)
        self._fail(cannot_start(f"it was gone before it began on a page ({how})"))

    def works(self) -> None:
        """Note that a process has begun its work, so that earlier failures no longer count."""
        self._failures = 0

    def is_fit(self, child: Child) -> bool:
        """Tell whether a process may go on. It may not when earlier pages left so much in memory that a later page might exceed the limit
        because of them."""
        return resident(child) <= child.at_start + (self.memory - child.at_start) // REUSE_DIVISOR

    def _fail(self, error: WorkerStartError) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= MOST_FAILURES or self.watch.is_closed:
                raise error


START_SECONDS = 120.0
"""How long a process may take until it is ready. Loading the plugins takes about a second on an idle machine."""
PIPE_BYTES = 1 << 16
"""The buffer of a pipe to or from a child."""
SAID_BYTES = 1 << 20
"""This much of what a process printed is searched for the reason why it did not start."""


def start_child(module: str, greeting: object, watch: Watch, environment: Mapping[str, str] | None = None) -> Child:
    """Start a child that runs the ``main`` of a module of copydesk, and return it when it is ready.

    Args:
        module: the name of the module.
        greeting: the first message to the child.
        watch: the watch over the child.
        environment: variables that are set in addition to those of this process.

    Raises:
        WorkerStartError: the child could not be launched, died, or took too long. The message holds the last line that it printed.
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
    said = child.errors.read(SAID_BYTES).decode("utf-8", "replace").strip().splitlines()
    watch.end(child)
    why = f"not ready after {START_SECONDS:g} seconds" if child.killed else said[-1] if said else f"it said nothing ({child.ending()})"
    raise cannot_start(why)


def _launched(module: str, environment: Mapping[str, str]) -> Child:
    """Launch a process. It is not ready yet."""
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
    """Return the command line of a child, which gets the import path of this process."""
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"]


def cannot_start(why: str) -> WorkerStartError:
    """Return the error that says why no process starts."""
    return WorkerStartError(f"a page process cannot start: {why} (workers = 0 works without one)")
