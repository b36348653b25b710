"""Let one run at a time write to an output folder.

The lock belongs to the operating system, which releases it when the process ends, however it ends.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from copydesk.errors import LockedError

FILE_MODE = 0o644
"""Permissions of a new lock file: all users may read who holds the lock."""
MOST_HOLDER_BYTES = 200
"""Bytes of the lock file that a message quotes."""
LOCKED_BYTE = 1 << 20
"""The byte that Windows locks. It lies behind the text of the file, so the text stays readable."""


class OutputLock:
    """The lock of an output folder, as a context manager. Taking it never waits.

    The lock file names the process that holds the lock. It is empty while nobody does.

    Args:
        path: the lock file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            LockedError: another run holds it.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            _lock(handle)
        except OSError as error:
            holder = os.pread(handle, MOST_HOLDER_BYTES, 0).decode("utf-8", "replace").strip() if hasattr(os, "pread") else ""
            os.close(handle)
            raise LockedError(f"another run holds {self._path.parent.parent}: {holder or 'unknown'}; try again when it is done") from error
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._handle is not None:
            with suppress(OSError):  # the text is only information
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> OutputLock:
        self.take()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class MirrorLock(OutputLock):
    """The lock of the local mirror of a dataset in an object store; its error names the URL."""

    def __init__(self, path: Path, url: str) -> None:
        super().__init__(path)
        self._url = url

    def take(self) -> None:
        """Take the lock.

        Raises:
            LockedError: another run holds it.
        """
        try:
            super().take()
        except LockedError as error:
            raise LockedError(f"{self._url}: {error}") from error
