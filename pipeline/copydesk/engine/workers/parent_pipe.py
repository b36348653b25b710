"""A child process as it is from inside: its pipes, its messages, its end. What page processes and reader processes have in common.

Such a process is one of its own (``python -c``), not a child of `multiprocessing`: it needs no guard in the user's script, may stand
below a daemonic process, and dies with its parent. Messages are pickles of our own types, between our own processes.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import threading
from contextlib import suppress
from typing import BinaryIO

from copydesk.engine.workers import os_limits
from copydesk.settings.schema import Settings

READY = "ready"
BEGUN = "begun"
ENDED = "ended"
PROTOCOL = pickle.HIGHEST_PROTOCOL
PLACE_BYTES = 200
"""What the name of the plugin and the hook at work may take, in UTF-8."""


class ParentPipe:
    """The line to the parent. When it is cut the process ends, whatever it is doing."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
        incoming, self._outgoing = _take_streams()
        self._messages: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._place: int | None = None
        threading.Thread(target=_read, args=(incoming, self._messages), daemon=True).start()

    def receive(self) -> object:
        """The parent's next message, waited for."""
        return self._messages.get()

    def send(self, message: object) -> None:
        """Hand the parent a message. Raises whatever pickling it raises; then nothing was sent."""
        answer = pickle.dumps(message, PROTOCOL)
        try:
            self._outgoing.write(answer)
            self._outgoing.flush()
        except BrokenPipeError:
            os._exit(0)

    def ready(self) -> None:
        """Say that pages may come. From now on nothing is printed: it may hold text from pages (``workers = 0`` shows it). The file that
        took what was printed before then tells the parent who is at work."""
        if hasattr(os, "pwrite"):
            self._place = os.dup(2)
            self.at("", "")  # what was printed is nobody's name
        self.send(READY)
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        os.close(nothing)

    def at(self, plugin: str, hook: str) -> None:
        """Note which plugin is at work, for the parent to read if this process dies; empty names when none is."""
        if self._place is not None:
            with suppress(OSError):  # a full disk takes no note
                os.pwrite(self._place, f"{plugin}\0{hook}\0".encode("utf-8", "replace")[:PLACE_BYTES].ljust(PLACE_BYTES, b"\0"), 0)


def started() -> tuple[Settings, ParentPipe]:
    """The first step of a process: its line, and what the parent sends first."""
    line = ParentPipe()
    settings = line.receive()
    assert isinstance(settings, Settings)  # noqa: S101  # from our own parent
    os_limits.leave_no_core()
    return settings, line


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our pipes under other numbers; what plugins print goes to standard error, what they read is empty."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _read(incoming: BinaryIO, messages: queue.SimpleQueue[object]) -> None:
    """Messages as they come, until the pipe ends."""
    try:
        while True:
            messages.put(pickle.load(incoming))  # noqa: S301  # from our own parent
    finally:
        os._exit(0)
