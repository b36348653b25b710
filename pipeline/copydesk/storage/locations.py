"""Paths and URLs: pure questions that open nothing."""

from __future__ import annotations

import os
import re

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


def without_file_scheme(path: str) -> str:
    """The local path of a ``file://`` URL; anything else as it is.

    >>> local("file:///data/news"), local("s3://bucket/news"), local("news")
    ('/data/news', 's3://bucket/news', 'news')
    """
    return path[len("file://"):] if path.lower().startswith("file:///") else path


def is_hidden(name: str) -> bool:
    """Whether a name is that of a hidden file or folder.

    >>> [name for name in (".DS_Store", "a.html", "..html", "...") if is_hidden(name)]
    ['.DS_Store']
    """
    return name.startswith(".") and not name.startswith("..")


def display_path(path: str) -> str:
    """A path as rows hold it: bytes that are not UTF-8 as backslash escapes, folders parted by a slash.

    >>> shown(os.fsdecode(b"caf\\xe9.txt"))
    'caf\\\\xe9.txt'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")
