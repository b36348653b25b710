"""A child process as its parent sees it. Page processes and reader processes are both of this kind.

A child is a plain subprocess that exchanges pickles with its parent. The alternatives do not fit:

- `concurrent.futures` breaks its whole pool when one process dies, and cannot stop a process that hangs.
- `multiprocessing` (and pebble, which is based on it) runs the user's script again in each child, and daemonic processes may not use it.
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
"""How long to wait for the end of a process whose pipe has ended."""
LOST = (EOFError, OSError, pickle.UnpicklingError)
"""The errors that `Child.send` and `Child.receive` raise when the process is gone."""


class WorkerStartError(CopydeskError):
    """A child process cannot start. No page is the cause."""


@dataclass(slots=True, eq=False)
class Child:
    """One child process and its limits. The watch (`copydesk.engine.workers.watch`) kills a child that exceeds one.

    Attributes:
        process: the process.
        errors: the file that takes what the process prints. Once the process is ready, it notes there which plugin is running.
        deadline: the moment of the monotonic clock, in seconds, at which the child is overdue; None while no thread waits for it.
        cpu_until: the CPU seconds that it may have used since its start; None for no limit.
        memory: the resident bytes that it may hold; None for no limit.
        killed: the code of the limit for which the watch killed it (`copydesk.rows.limit_codes`); empty when it did not.
        at_start: the resident bytes that it held when it was ready.
        monitor: the process for `psutil`; None until it is first needed.
    """

    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    deadline: float | None = None
    cpu_until: float | None = None
    memory: int | None = None
    killed: str = ""
    at_start: int = 0
    monitor: psutil.Process | None = None

    def send(self, message: object) -> None:
        """Send the child a message."""
        assert self.process.stdin is not None  # noqa: S101  # opened as a pipe
        self.process.stdin.write(pickle.dumps(message, PROTOCOL))
        self.process.stdin.flush()

    def receive(self) -> object:
        """Wait for the next message of the child, and return it."""
        assert self.process.stdout is not None  # noqa: S101  # opened as a pipe
        return pickle.load(self.process.stdout)  # noqa: S301  # from our own child

    def end(self) -> None:
        """Kill the child and close its pipes."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue

    def ending(self) -> str:
        """Say how the child died, in words. Call it when its pipe has ended."""
        name = self.signal()
        if name:
            return "killed from outside: out of memory? (signal SIGKILL)" if name == "SIGKILL" else f"signal {name}"
        code = self.process.poll()
        return "it closed its pipe" if code is None else f"exit code {code}"

    def at_work(self) -> tuple[str, str]:
        """Return the plugin and the hook that were running when the child ended; two empty strings when none was, or nothing says so."""
        self.errors.seek(0)
        plugin, _, hook = self.errors.read(PLACE_BYTES).decode("utf-8", "replace").partition("\0")
        return plugin, hook.partition("\0")[0]

    def signal(self) -> str:
        """Return the name of the signal that ended the child, or an empty string. Call it when its pipe has ended."""
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
