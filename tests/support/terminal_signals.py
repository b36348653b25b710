"""Commands that hear a terminal's signals, whatever started the tests."""

from __future__ import annotations

import signal


def heard() -> None:
    """For ``preexec_fn``: these signals end a process also where the tests were told to ignore them (nohup, a job in the background)."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
