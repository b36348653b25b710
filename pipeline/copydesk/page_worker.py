"""A page process: reads pages from its standard input, writes their rows to its standard output, one at a time.

It is a process of its own (``python -c``), not a child of `multiprocessing`: it needs no guard in the user's script, may stand below
a daemonic process, and dies with its parent. Messages are pickles of our own types, between our own processes.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from typing import BinaryIO

from copydesk.model import Page
from copydesk.settings import Settings

READY = "ready"
PROTOCOL = pickle.HIGHEST_PROTOCOL


def main() -> None:
    """Serve pages until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    incoming, outgoing = _take_streams()
    messages: queue.SimpleQueue[object] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(incoming, messages), daemon=True).start()
    settings = messages.get()
    assert isinstance(settings, Settings)  # noqa: S101  # what our own parent sends first
    _serve(settings, messages, outgoing)


def _serve(settings: Settings, messages: queue.SimpleQueue[object], outgoing: BinaryIO) -> None:
    from copydesk.page_rows import plugin_tables, process_page, stopped
    from copydesk.process import Pipeline

    pipeline = Pipeline(settings)
    tables = plugin_tables(pipeline)
    _send(outgoing, pickle.dumps(READY, PROTOCOL))
    _hush()
    while True:
        message = messages.get()
        assert isinstance(message, tuple)  # noqa: S101  # what our own parent sends
        page, fingerprint = message
        assert isinstance(page, Page)  # noqa: S101  # the same
        result = process_page(pipeline, tables, page, fingerprint)
        try:
            answer = pickle.dumps(result, PROTOCOL)
        except Exception as error:  # noqa: BLE001  # rows of a plugin's table may hold anything
            answer = pickle.dumps(stopped(page, "tables", "plugin_error", f"rows cannot leave the process: {error}"), PROTOCOL)
        _send(outgoing, answer)


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our pipes under other numbers; what plugins print goes to standard error, what they read is empty."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _hush() -> None:
    """From now on nothing is printed: it may hold text from pages (``workers = 0`` shows a plugin's prints)."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _read(incoming: BinaryIO, messages: queue.SimpleQueue[object]) -> None:
    """Messages as they come; at the pipe's end the process ends, whatever it is doing."""
    try:
        while True:
            messages.put(pickle.load(incoming))  # noqa: S301  # from our own parent
    except (EOFError, OSError):
        os._exit(0)


def _send(outgoing: BinaryIO, answer: bytes) -> None:
    try:
        outgoing.write(answer)
        outgoing.flush()
    except BrokenPipeError:
        os._exit(0)


def command() -> list[str]:
    """How to start one, with this process's import path."""
    return [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; from copydesk.page_worker import main; main()"]
