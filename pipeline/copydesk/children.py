"""Child processes as the parent has them: launched, spoken to, ended. Page processes and reader processes are both of this kind.

`concurrent.futures` breaks its whole pool when a process dies and cannot stop one that hangs; `multiprocessing` (and pebble on top of
it) runs the user's script again in each child, and is forbidden below daemonic processes. So: plain subprocesses that speak pickles.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from copydesk.errors import CopydeskError
from copydesk.layout import retry
from copydesk.serving import PROTOCOL, READY

if TYPE_CHECKING:
    import psutil

    from copydesk.watch import Watch

START_SECONDS = 120.0
END_SECONDS = 10.0
LOST = (EOFError, OSError, pickle.UnpicklingError)
"""What talking to a process raises when it is gone."""
PIPE_BYTES = 1 << 16


class WorkerStartError(CopydeskError):
    """A child process cannot start at all: no page is to blame."""


@dataclass(slots=True, eq=False)
class Child:
    """One child process, and what it may use; `copydesk.watch` kills it beyond that, and says in ``killed`` which limit it was."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    deadline: float | None = None
    """When it is overdue, on the monotonic clock; None while nobody waits for it."""
    cpu_until: float | None = None
    """The CPU time, in seconds of its life, that it may come to."""
    memory: int | None = None
    """The resident bytes that it may come to."""
    killed: str = ""
    at_start: int = 0
    """The resident bytes that it had when it was ready."""
    monitor: psutil.Process | None = None

    def send(self, message: object) -> None:
        """Hand it a message."""
        assert self.process.stdin is not None  # noqa: S101  # opened as a pipe
        self.process.stdin.write(pickle.dumps(message, PROTOCOL))
        self.process.stdin.flush()

    def receive(self) -> object:
        """Its next message, waited for."""
        assert self.process.stdout is not None  # noqa: S101  # opened as a pipe
        return pickle.load(self.process.stdout)  # noqa: S301  # from our own child

    def end(self) -> None:
        """Kill it and close its pipes."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue

    def ending(self) -> str:
        """How it died, in words; its pipe has ended."""
        name = self.signal()
        if name:
            return "killed from outside: out of memory? (signal SIGKILL)" if name == "SIGKILL" else f"signal {name}"
        code = self.process.poll()
        return "it closed its pipe" if code is None else f"exit code {code}"

    def signal(self) -> str:
        """The name of the signal it died of, empty when it was none; its pipe has ended."""
        try:
            code = self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return ""
        return _signal_name(-code) if code < 0 else ""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def started(module: str, greeting: object, watch: Watch, environment: Mapping[str, str] | None = None) -> Child:
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
    watch.drop(child)
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
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; from copydesk.{module} import main; main()"]


def cannot_start(why: str) -> WorkerStartError:
    """The error that says why none starts."""
    return WorkerStartError(f"a page process cannot start: {why} (workers = 0 works without one)")
