"""Child processes as the parent has them: launched, spoken to, ended. Page processes and reader processes are both of this kind.

`concurrent.futures` breaks its whole pool when a process dies and cannot stop one that hangs; `multiprocessing` (and pebble on top of
it) runs the user's script again in each child, and is forbidden below daemonic processes. So: plain subprocesses that speak pickles.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from copydesk.engine.workers.parent_pipe import PLACE_BYTES, PROTOCOL
from copydesk.errors import CopydeskError

if TYPE_CHECKING:
    import psutil

END_SECONDS = 10.0
LOST = (EOFError, OSError, pickle.UnpicklingError)
"""What talking to a process raises when it is gone."""


class WorkerStartError(CopydeskError):
    """A child process cannot start at all: no page is to blame."""


@dataclass(slots=True, eq=False)
class Child:
    """One child process, and what it may use. The watch (`copydesk.engine.workers.watch`) kills it beyond that, and says in ``killed``
    which limit it was."""

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

    def at_work(self) -> tuple[str, str]:
        """The plugin and the hook that it was in when it ended; empty where it was in none, or cannot tell."""
        self.errors.seek(0)
        plugin, _, hook = self.errors.read(PLACE_BYTES).decode("utf-8", "replace").partition("\0")
        return plugin, hook.partition("\0")[0]

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
