"""Objects below a URL, by fsspec: whole objects in and out, each step tried again by itself when its error may pass.

fsspec is loaded when it is needed. The libraries' own retries are turned off unless fsspec's configuration says something of them, so
that each attempt is a line in our log.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from copydesk.errors import DatasetError, SettingsError
from copydesk.layout import is_passing, retry
from copydesk.remote_errors import NoContainerError, translated
from copydesk.text import inert

T = TypeVar("T")
S3 = ("s3", "s3a")
EXCLUSIVE = frozenset({*S3, "gs", "gcs", "az", "abfs", "abfss", "memory"})
"""Protocols whose fsspec implementation creates an object only where there is none."""
WEB = frozenset({"http", "https", "ftp", "ftps", "data", "github", "gist"})
"""Protocols of fsspec that fetch from servers which are no stores."""
Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a listing: its path (bucket and key, as fsspec has it), size in bytes, and when it was last written, in
    nanoseconds since 1970 (0: the store does not say); ``tag`` tells one content from another ("": it does not say)."""

    path: str
    size: int
    mtime_ns: int
    tag: str


class CutError(ConnectionError):
    """Fewer bytes came than there are, or others."""


def protocol_of(url: str) -> str:
    """The protocol of a URL.

    >>> protocol_of("s3://bucket/news")
    's3'
    """
    return url.partition("://")[0].lower()


def check_store(url: str) -> None:
    """See that a dataset may lie at a URL, by its protocol alone.

    Raises:
        SettingsError: it may not.
    """
    protocol = protocol_of(url)
    if protocol not in EXCLUSIVE:
        known = ", ".join(sorted(EXCLUSIVE))
        raise SettingsError(f"{inert(url)} can hold no dataset: commits need a store that is known to create an object only where there is "
                            f"none ({known}), and {inert(protocol)}:// is none; name a folder, or a prefix in such a store")


def check_input(url: str) -> None:
    """See that pages may come from a URL, by its protocol alone.

    Raises:
        SettingsError: it is one of the web.
    """
    if WEB & set(protocol_of(url).split("::")):
        raise SettingsError(f"{inert(url)} is no input: copydesk does not fetch pages; download them first, then name their files, "
                            "folders, or a prefix in an object store")


def filesystem(url: str, options: Options | None = None) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the URL's path in it. ``options`` are passed to it.

    Raises:
        SettingsError: its protocol is unknown, one of the web, or needs a package that is not installed.
        OSError: it cannot be set up (credentials are missing).
    """
    check_input(url)
    import fsspec.config
    import fsspec.core

    protocol, url = protocol_of(url), f"{protocol_of(url)}{url[len(protocol_of(url)):]}"
    given = dict(options or {})
    quiet = protocol in S3 and "retries" not in str({**fsspec.config.conf.get(protocol, {}), **given}.get("config_kwargs", ""))
    if quiet:
        known = {**fsspec.config.conf.get(protocol, {}).get("config_kwargs", {}), **given.get("config_kwargs", {})}
        given["config_kwargs"] = {**known, "retries": {"max_attempts": 0, "mode": "standard"}}
    try:
        with translated(url):
            found, path = _opened(fsspec.core.url_to_fs, url, given)
    except ImportError as error:
        needed = "needs s3fs: pip install 'copydesk[s3]'" if protocol in S3 else f"cannot be used: {error}"
        raise SettingsError(f"{protocol}:// {needed}") from error
    if quiet:
        found.retries = 1
    return found, path


def _opened(open_url: Callable[..., tuple[Any, str]], url: str, given: dict[str, Any]) -> tuple[Any, str]:
    try:
        return open_url(url, **{"use_listings_cache": False, **given})
    except ValueError as error:
        if "rotocol not known" in str(error):
            raise SettingsError(f"{protocol_of(url)}:// is no protocol that fsspec knows") from error
        raise


class Objects:
    """The objects below a URL. Names are relative to it, parts of them separated by slashes. Safe in several threads.

    All methods raise `DatasetError`, naming the URL, for what does not pass, or did not pass after several attempts.
    """

    def __init__(self, url: str, options: Options | None = None) -> None:
        self.url = url.rstrip("/")
        self._options = options

    @cached_property
    def _at(self) -> tuple[Any, str]:
        return filesystem(self.url, self._options)

    def where(self, name: str) -> str:
        """The URL of an object."""
        return f"{self.url}/{name}"

    def create(self, name: str, content: bytes) -> None:
        """Write an object where there is none of its name. An answer that was lost may make it fail with what it wrote itself.

        Raises:
            FileExistsError: there is one.
        """
        self._do(name, lambda fs, path: fs.pipe_file(path, content, mode="create"))

    def write(self, name: str, content: bytes) -> None:
        """Write an object, in the place of one of its name."""
        self._do(name, lambda fs, path: fs.pipe_file(path, content))

    def upload(self, name: str, source: Path) -> None:
        """Write an object from a file."""
        self._do(name, lambda fs, path: fs.put_file(os.fspath(source), path))

    def read(self, name: str, size: int | None = None, sha256: str | None = None) -> bytes:
        """A whole object, checked against what is known of it.

        Raises:
            FileNotFoundError: there is none.
        """
        return self._do(name, lambda fs, path: _checked(fs.cat_file(path), size, sha256))

    def size(self, name: str) -> int:
        """An object's size in bytes.

        Raises:
            FileNotFoundError: there is none.
        """
        return self._do(name, lambda fs, path: int(fs.info(path)["size"]))

    def remove(self, folder: str) -> None:
        """Delete all objects below a name; those that are gone already do not matter."""
        for entry in self.entries(folder):
            self._delete(f"{folder}/{entry.path.rpartition('/')[2]}")

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are gone already do not matter."""
        for name in names:
            self._delete(name)

    def _delete(self, name: str) -> None:
        try:
            self._do(name, lambda fs, path: fs.rm_file(path))
        except FileNotFoundError:
            return

    def entries(self, folder: str) -> list[Entry]:
        """The objects right below a name, in order of their names."""
        from copydesk.remote_pages import level

        return [entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if not isinstance(entry, str)]

    def folders(self, folder: str) -> list[str]:
        """The names right below a name that have objects below them, in order."""
        from copydesk.remote_pages import level

        return sorted(entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if isinstance(entry, str))

    def some(self, folder: str, most: int) -> list[str]:
        """Up to that many names right below a name."""
        from copydesk.remote_pages import level

        found = self._do(folder, lambda fs, path: list(islice(level(fs, path), most)))
        return [entry if isinstance(entry, str) else entry.path.rpartition("/")[2] for entry in found]

    def _do(self, name: str, step: Callable[[Any, str], T]) -> T:
        url = self.where(name).rstrip("/")

        def once() -> T:
            with translated(url):
                fs, root = self._at
                return step(fs, f"{root}/{name}".rstrip("/"))

        try:
            return retry(once)
        except NoContainerError as error:
            raise DatasetError(f"{url}: {error.strerror}; create the bucket, or name another") from error
        except (FileExistsError, FileNotFoundError):
            raise
        except OSError as error:
            more = "; it was tried several times, try again later" if is_passing(error) else ""
            raise DatasetError(f"{url}: {error.strerror or error}{more}; what was committed before is intact") from error


def _checked(content: bytes, size: int | None, sha256: str | None) -> bytes:
    if size is not None and len(content) != size:
        raise CutError(f"{len(content)} bytes came, the object has {size}")
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise CutError("the bytes that came are not those that the commit names (SHA-256)")
    return content
