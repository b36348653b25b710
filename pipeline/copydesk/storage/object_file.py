"""Read an object of an object store as a file. A failed connection does not end the reading; a change of the object does."""

from __future__ import annotations

import errno
import io
import os
from typing import Any

from copydesk.storage.filesystems import filesystem
from copydesk.storage.object_errors import ChangedError, CutError, translated
from copydesk.storage.object_listing import entry
from copydesk.storage.retry import retry

BLOCK_BYTES = 8 << 20
"""Bytes that one request reads ahead, unless the caller wants another number: 8 MiB."""


class RemoteFile(io.RawIOBase):
    """A readable, seekable file on an object; it reads ahead in blocks.

    After a transient error, the file opens the object again and continues at the same position. `copydesk.storage.retry.attempts` limits
    the attempts. Every method raises `OSError` when the object does not exist, cannot be read, or has changed since it was opened.
    """

    def __init__(self, url: str, block_bytes: int = BLOCK_BYTES) -> None:
        super().__init__()
        self.name = url
        self._block = block_bytes
        self._position = 0
        self._file: Any = None
        self._state: tuple[int, int, str] | None = None
        retry(self._open)

    def _open(self) -> None:
        with translated(self.name):
            fs, path = filesystem(self.name)
            info = fs.info(path)
            if info["type"] != "file":
                raise OSError(errno.EISDIR, f"not an object: {self.name!r}")
            found = entry(path, info)
            state = (found.size, found.mtime_ns, found.tag)
            if self._state not in (None, state):
                raise ChangedError(errno.ESTALE, "the object was changed while it was read", self.name)
            self._state = state
            self._file = fs.open(path, "rb", block_size=self._block, cache_type="readahead")

    @property
    def size(self) -> int:
        """The object's size in bytes."""
        return self._state[0] if self._state else 0

    def readable(self) -> bool:
        """Tell that the file can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that the file can seek."""
        return True

    def tell(self) -> int:
        """Return the position of the next read, in bytes from the start."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position of the next read. A position behind the end is allowed; reads there return nothing."""
        self._check_open()
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "a position before the start", self.name)
        self._position = start + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Read ``size`` bytes, or all up to the end without a size. Only the end of the object makes the result shorter."""
        self._check_open()
        left = max(self.size - self._position, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        if not wanted:
            return b""
        content = retry(lambda: self._fetch(wanted))
        self._position += wanted
        return content

    def readall(self) -> bytes:
        """Read all bytes up to the end."""
        return self.read()

    def readinto(self, buffer: Any) -> int:
        """Read bytes into a buffer, and return how many."""
        view = memoryview(buffer).cast("B")
        content = self.read(len(view))
        view[:len(content)] = content
        return len(content)

    def close(self) -> None:
        """Close the file."""
        self._drop()
        super().close()

    def _fetch(self, wanted: int) -> bytes:
        if self._file is None:
            self._open()
        try:
            with translated(self.name):
                self._file.seek(self._position)
                content = bytes(self._file.read(wanted))
                if len(content) != wanted:
                    raise CutError(f"{len(content)} bytes came of {wanted} from offset {self._position} on")
                return content
        except OSError as error:
            self._drop()
            if isinstance(error, ChangedError):
                raise OSError(errno.EINVAL, error.strerror, self.name) from error
            raise

    def _drop(self) -> None:
        """Close the fsspec file; the next read opens the object again."""
        file, self._file = getattr(self, "_file", None), None
        if file is not None:
            file.close()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError(f"{self.name} is closed")
