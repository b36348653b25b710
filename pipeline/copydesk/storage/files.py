"""Inputs opened with care: regular files only, even when something else was put in their place a moment ago, and objects of stores."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, cast

from copydesk.storage.locations import is_remote, without_file_scheme
from copydesk.storage.object_file import RemoteFile


def open_regular(path: str) -> BinaryIO:
    """Open a regular file, or an object of an object store by its URL, for reading bytes; it can seek. A local file is
    unbuffered; an object is read ahead in blocks, and a read that fails in a way that may pass is tried again where it was.

    Raises:
        OSError: it cannot be opened, or is no regular file (a FIFO is not waited for).
        SettingsError: a URL's protocol is unknown, one of the web, or needs a package that is not installed.

    >>> open_regular(os.curdir)
    Traceback (most recent call last):
    OSError: not a regular file: '.'
    """
    path = without_file_scheme(path)
    if is_remote(path):

        return cast(BinaryIO, RemoteFile(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"not a regular file: {path!r}")
    return os.fdopen(handle, "rb", buffering=0)
