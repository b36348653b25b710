"""A child process's connection to its parent. Page processes and reader processes both use it.

Such a process is a plain subprocess (``python -c``) and no child of `multiprocessing`. So the user's script needs no guard, a daemonic
process may be its parent, and it ends with its parent. Messages are pickles of copydesk's own types, and pass only between its own
processes.
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
"""A child sends this when it can take work."""
BEGUN = "begun"
"""A child sends this when it has received a page or a range."""
ENDED = "ended"
"""A reader process sends this after the last item of a range."""
PROTOCOL = pickle.HIGHEST_PROTOCOL
"""The pickle protocol of messages."""
PLACE_BYTES = 200
"""The space for the names of the plugin and the hook that are running, in bytes of UTF-8."""


class ParentPipe:
    """The pipe to the parent. When it breaks, the process ends at once, whatever it is doing."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of the group; the parent decides what ends
        incoming, self._outgoing = _take_streams()
        self._messages: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._place: int | None = None
        threading.Thread(target=_read, args=(incoming, self._messages), daemon=True).start()

    def receive(self) -> object:
        """Wait for the parent's next message, and return it."""
        return self._messages.get()

    def send(self, message: object) -> None:
        """Send the parent a message. An error of pickling is raised unchanged; nothing was sent then."""
        answer = pickle.dumps(message, PROTOCOL)
        try:
            self._outgoing.write(answer)
            self._outgoing.flush()
        except BrokenPipeError:
            os._exit(0)

    def ready(self) -> None:
        """Tell the parent that work may come.

        From now on, what the process prints is discarded, since it may hold text from pages (with ``workers = 0`` it is shown). The file
        that took it so far now tells the parent which plugin is running.
        """
        if hasattr(os, "pwrite"):
            self._place = os.dup(2)
            self.at("", "")  # overwrites what was printed, so that it is not taken for a name
        self.send(READY)
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        os.close(nothing)

    def at(self, plugin: str, hook: str) -> None:
        """Note which plugin and hook are running, so that the parent can read it if this process dies. Both are empty when none is."""
        if self._place is not None:
            with suppress(OSError):  # the disk may be full
                os.pwrite(self._place, f"{plugin}\0{hook}\0".encode("utf-8", "replace")[:PLACE_BYTES].ljust(PLACE_BYTES, b"\0"), 0)


def started() -> tuple[Settings, ParentPipe]:
    """Connect to the parent; return the settings, which the parent sends first, and the pipe."""
    pipe = ParentPipe()
    settings = pipe.receive()
    assert isinstance(settings, Settings)  # noqa: S101  # the parent sends them first
    os_limits.leave_no_core()
    return settings, pipe


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from standard input and output. Plugins then print to standard error, and read nothing."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _read(incoming: BinaryIO, messages: queue.SimpleQueue[object]) -> None:
    """Queue messages as they come. End the process when the pipe ends."""
    try:
        while True:
            messages.put(pickle.load(incoming))  # noqa: S301  # the parent is copydesk
    finally:
        os._exit(0)
