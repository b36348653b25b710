"""Files opened with care: regular ones only, even when something else was put in their place a moment ago."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO


def open_regular(path: str) -> BinaryIO:
    """Open a regular file for reading bytes, unbuffered.

    Raises:
        OSError: it cannot be opened, or is no regular file (a FIFO is not waited for).

    >>> open_regular(os.curdir)
    Traceback (most recent call last):
    OSError: not a regular file: '.'
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"not a regular file: {path!r}")
    return os.fdopen(handle, "rb", buffering=0)
