"""Inputs opened with care: regular files only, even when something else was put in their place a moment ago, and objects of stores."""

from __future__ import annotations

import os
import re
import stat
from typing import BinaryIO, cast

REMOTE = "://"
"""What sets the URL of an object store apart from a local path."""
_ALIASES = {"s3a": "s3", "gcs": "gs", "abfss": "abfs"}
"""Other names of schemes, as fsspec knows them."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]{0,60}")
"""RFC 3986, 3.1; and several of them in a row, as fsspec chains them (``simplecache::s3``)."""


def is_remote(path: str) -> bool:
    """Whether a path is a URL, and none of a local file (`local`).

    >>> is_remote("s3://bucket/pages/a.html"), is_remote("/pages/a.html")
    (True, False)
    """
    scheme, found, _ = path.partition(REMOTE)
    return bool(found) and _SCHEME.fullmatch(scheme) is not None


def url_form(url: str) -> str:
    """A URL for comparison with others: its scheme in lower case and by its first name, without a slash at its end.

    >>> url_form("S3A://bucket/Pages/"), url_form("gs://bucket")
    ('s3://bucket/Pages', 'gs://bucket')
    """
    scheme, found, rest = url.partition(REMOTE)
    return f"{_ALIASES.get(scheme.lower(), scheme.lower())}{found}{rest.rstrip('/')}"


def local(path: str) -> str:
    """The local path of a ``file://`` URL; anything else as it is.

    >>> local("file:///data/news"), local("s3://bucket/news"), local("news")
    ('/data/news', 's3://bucket/news', 'news')
    """
    return path[len("file://"):] if path.lower().startswith("file:///") else path


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
    path = local(path)
    if is_remote(path):
        from copydesk.remote_file import RemoteFile

        return cast(BinaryIO, RemoteFile(path))
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"not a regular file: {path!r}")
    return os.fdopen(handle, "rb", buffering=0)
