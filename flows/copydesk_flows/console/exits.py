"""Exit codes of ``copydesk``, and what it prints on stdout and stderr."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from enum import IntEnum
from typing import TextIO


class Exit(IntEnum):
    """The exit codes. 75 is EX_TEMPFAIL of BSD's sysexits.h; a code above 128 is 128 plus the number of a signal."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    QUARANTINED = 3
    DAMAGED = 4
    LOCKED = 75
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


EXIT_CODES: Mapping[Exit, str] = {
    Exit.DONE: "done",
    Exit.FAILURE: "unexpected failure (--debug shows where)",
    Exit.USAGE: "wrong usage or settings",
    Exit.QUARANTINED: "done, but an input is quarantined, or all inputs are rejected: see the table rejects",
    Exit.DAMAGED: "a check found damage in the dataset",
    Exit.LOCKED: "another run holds the output folder: try later",
    Exit.INTERRUPTED: "interrupted (Ctrl-C)",
    Exit.BROKEN_PIPE: "the reader of our output went away",
    Exit.TERMINATED: "ended by SIGTERM",
}
"""What each code means, as ``copydesk --help`` prints it."""


def help_text() -> str:
    """Return the exit codes for ``--help``."""
    return "Exit codes: " + "; ".join(f"{code.value} {text}" for code, text in EXIT_CODES.items()) + "."


def examples(*lines: str) -> str:
    """Return examples for ``--help``, one per line, and the exit codes."""
    return "Examples:\n\n\b\n" + "\n".join(f"  {line}" for line in lines) + "\n\n" + help_text()


def code_of(error: BaseException) -> Exit:
    """Return the exit code for an error that ends a command."""
    from copydesk import LockedError, PluginError, SettingsError

    if isinstance(error, LockedError):
        return Exit.LOCKED
    if isinstance(error, SettingsError):
        return Exit.USAGE
    if isinstance(error, PluginError) and not error.hook:  # it cannot be loaded or started, so the settings are wrong
        return Exit.USAGE
    return Exit.FAILURE


def report_error(error: BaseException, debug: bool) -> None:
    """Print one line about an error on stderr, without control characters. ``debug`` adds the traceback."""
    from copydesk import CopydeskError, inert

    if debug:
        traceback.print_exception(error, file=sys.stderr)
    known = isinstance(error, CopydeskError)
    text = str(error) if known else f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    say(f"{inert(' '.join(text.split()))}" + ("" if known or debug else " (--debug shows where)"))


def say(text: str) -> None:
    """Print a line on stderr, with ``copydesk:`` before it."""
    try:
        sys.stderr.write(f"copydesk: {text}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        silence(sys.stderr)


def emit(text: str, encoding: str | None = None) -> None:
    """Print a text on stdout, in the given encoding or in the terminal's. End the process quietly when its reader is gone."""
    try:
        if encoding:
            sys.stdout.flush()
            sys.stdout.buffer.write(f"{text}\n".encode(encoding))
        else:
            sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        raise SystemExit(Exit.BROKEN_PIPE) from None


def silence(stream: TextIO) -> None:
    """Discard what is buffered for a reader that is gone, so that Python's flush at exit prints no error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
