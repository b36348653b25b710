"""Inputs opened with care: regular files only, even when something else was put in their place a moment ago, and objects of stores."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, cast

REMOTE = "://"
"""What sets the URL of an object store apart from a local path."""
BLOCK_BYTES = 8 << 20


def is_remote(path: str) -> bool:
    """Whether a path is the URL of an object.

    >>> is_remote("s3://bucket/pages/a.html"), is_remote("/pages/a.html")
    (True, False)
    """
    scheme, found, _ = path.partition(REMOTE)
    return bool(found) and scheme.isalnum()


def open_regular(path: str) -> BinaryIO:
    """Open a regular file, or an object of an object store by its URL, for reading bytes; it can seek. A local file is unbuffered.

    Raises:
        OSError: it cannot be opened, or is no regular file (a FIFO is not waited for).

    >>> open_regular(os.curdir)
    Traceback (most recent call last):
    OSError: not a regular file: '.'
    """
    if is_remote(path):
        import fsspec

        return cast(BinaryIO, fsspec.open(path, "rb", block_size=BLOCK_BYTES).open())
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"not a regular file: {path!r}")
    return os.fdopen(handle, "rb", buffering=0)
