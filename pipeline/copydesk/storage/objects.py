"""Objects below a URL, by fsspec: whole objects in and out, each step tried again by itself when its error may pass.

fsspec is loaded when it is needed. The libraries' own retries are turned off unless fsspec's configuration says something of them, so
that each attempt is a line in our log.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from copydesk.errors import DatasetError
from copydesk.storage.filesystems import Options, filesystem
from copydesk.storage.object_errors import CutError, NoContainerError, translated
from copydesk.storage.object_listing import StoredObject, level
from copydesk.storage.retry import is_transient, retry

T = TypeVar("T")


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

    def entries(self, folder: str) -> list[StoredObject]:
        """The objects right below a name, in order of their names."""
        return [entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if not isinstance(entry, str)]

    def folders(self, folder: str) -> list[str]:
        """The names right below a name that have objects below them, in order."""
        return sorted(entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if isinstance(entry, str))

    def some(self, folder: str, most: int) -> list[str]:
        """Up to that many names right below a name."""
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
            more = "; it was tried several times, try again later" if is_transient(error) else ""
            raise DatasetError(f"{url}: {error.strerror or error}{more}; what was committed before is intact") from error


def _checked(content: bytes, size: int | None, sha256: str | None) -> bytes:
    if size is not None and len(content) != size:
        raise CutError(f"{len(content)} bytes came, the object has {size}")
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise CutError("the bytes that came are not those that the commit names (SHA-256)")
    return content
