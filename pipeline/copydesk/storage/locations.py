"""Questions about paths and URLs. Nothing here opens a file or sends a request."""

from __future__ import annotations

import os
import re

REMOTE = "://"
"""The characters that tell the URL of an object store from a local path."""
_ALIASES = {"s3a": "s3", "gcs": "gs", "abfss": "abfs"}
"""Second names of schemes in fsspec, and the first names that `url_form` puts in their place."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.:-]{0,60}")
"""A scheme as RFC 3986, section 3.1 defines it, or several that fsspec chains with colons (``simplecache::s3``)."""


def is_remote(path: str) -> bool:
    """Tell whether a path is the URL of an object store. Remove ``file://`` with `without_file_scheme` first.

    >>> is_remote("s3://bucket/pages/a.html"), is_remote("/pages/a.html")
    (True, False)
    """
    scheme, found, _ = path.partition(REMOTE)
    return bool(found) and _SCHEME.fullmatch(scheme) is not None


def url_form(url: str) -> str:
    """Return a URL in the form that comparisons use: first name of the scheme in lower case, no slash at the end.

    >>> url_form("S3A://bucket/Pages/"), url_form("gs://bucket")
    ('s3://bucket/Pages', 'gs://bucket')
    """
    scheme, found, rest = url.partition(REMOTE)
    return f"{_ALIASES.get(scheme.lower(), scheme.lower())}{found}{rest.rstrip('/')}"


def without_file_scheme(path: str) -> str:
    """Return the local path of a ``file://`` URL, and any other path unchanged.

    >>> [without_file_scheme(path) for path in ("file:///data/news", "s3://bucket/news", "news")]
    ['/data/news', 's3://bucket/news', 'news']
    """
    return path[len("file://"):] if path.lower().startswith("file:///") else path


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is hidden: its name begins with exactly one dot.

    >>> [name for name in (".DS_Store", "a.html", "..html", "...") if is_hidden(name)]
    ['.DS_Store']
    """
    return name.startswith(".") and not name.startswith("..")


def display_path(path: str) -> str:
    """Return a path in the form that dataset rows hold: slashes between folders, bytes that are not UTF-8 as backslash escapes.

    >>> display_path(os.fsdecode(b"caf\\xe9.txt"))
    'caf\\\\xe9.txt'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")
