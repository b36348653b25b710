"""Read, write, list and delete whole objects below a URL.

Each request is tried again after a transient error, and each attempt writes a line to our log. For that, `filesystem` turns the retries
of the libraries off. fsspec is loaded with the first request.
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
    """The objects below a URL. Threads may share one instance.

    Names are relative to the URL, with slashes between their parts. All methods raise `DatasetError`, which names the URL, when an error
    is permanent or all attempts have failed.

    Args:
        url: the URL of a prefix or bucket.
        options: arguments for fsspec's file system.
    """

    def __init__(self, url: str, options: Options | None = None) -> None:
        self.url = url.rstrip("/")
        self._options = options

    @cached_property
    def _at(self) -> tuple[Any, str]:
        return filesystem(self.url, self._options)

    def where(self, name: str) -> str:
        """Return the URL of an object."""
        return f"{self.url}/{name}"

    def create(self, name: str, content: bytes) -> None:
        """Create an object, if no object has its name.

        The call may fail because of its own object: the first attempt wrote it, its answer got lost, and the second attempt found it.

        Raises:
            FileExistsError: the object exists already.
        """
        self._do(name, lambda fs, path: fs.pipe_file(path, content, mode="create"))

    def write(self, name: str, content: bytes) -> None:
        """Write an object, and overwrite an older one of its name."""
        self._do(name, lambda fs, path: fs.pipe_file(path, content))

    def upload(self, name: str, source: Path) -> None:
        """Write an object from a local file, and overwrite an older one of its name."""
        self._do(name, lambda fs, path: fs.put_file(os.fspath(source), path))

    def read(self, name: str, size: int | None = None, sha256: str | None = None) -> bytes:
        """Read a whole object and check it.

        Args:
            name: the object.
            size: how many bytes it must have; None skips this check.
            sha256: the hex digest it must have; None skips this check.

        Raises:
            FileNotFoundError: the object does not exist.
        """
        return self._do(name, lambda fs, path: _checked(fs.cat_file(path), size, sha256))

    def size(self, name: str) -> int:
        """Return an object's size in bytes.

        Raises:
            FileNotFoundError: the object does not exist.
        """
        return self._do(name, lambda fs, path: int(fs.info(path)["size"]))

    def remove(self, folder: str) -> None:
        """Delete the objects directly below a folder. Objects that are gone already are no error."""
        for entry in self.entries(folder):
            self._delete(f"{folder}/{entry.path.rpartition('/')[2]}")

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects. Objects that are gone already are no error."""
        for name in names:
            self._delete(name)

    def _delete(self, name: str) -> None:
        try:
            self._do(name, lambda fs, path: fs.rm_file(path))
        except FileNotFoundError:
            return

    def entries(self, folder: str) -> list[StoredObject]:
        """Return the objects directly below a folder, in the order of the listing."""
        return [entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if not isinstance(entry, str)]

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders directly below a folder, sorted."""
        return sorted(entry for entry in self._do(folder, lambda fs, path: list(level(fs, path))) if isinstance(entry, str))

    def some(self, folder: str, most: int) -> list[str]:
        """Return at most ``most`` names of objects and folders directly below a folder: a cheap test whether anything is there."""
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
