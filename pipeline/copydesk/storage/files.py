"""Open inputs safely: regular files and objects of object stores, nothing else.

The check looks at the opened file, not at the path. So nobody can swap the file for a FIFO between the check and the opening.
"""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, cast

from copydesk.storage.locations import is_remote, without_file_scheme
from copydesk.storage.object_file import RemoteFile


def open_regular(path: str) -> BinaryIO:
    """Open a regular file, or an object of an object store, for reading bytes.

    Args:
        path: a local path, a ``file://`` URL, or the URL of an object.

    Returns:
        A binary file that can seek. A local file is unbuffered. An object is read ahead in blocks; after a transient error, the reader
        opens the object again and continues at the same position.

    Raises:
        OSError: the file cannot be opened, or is not a regular file (the call does not wait for the other end of a FIFO).
        SettingsError: the URL's protocol is unknown, belongs to the web, or needs a package that is not installed.

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
