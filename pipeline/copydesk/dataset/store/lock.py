"""One run at a time on an output folder: a lock of the operating system, gone with its process."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from copydesk.errors import LockedError


class OutputLock:
    """Taken without waiting; the file says who holds it, and is empty when nobody does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            LockedError: another run has it.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError as error:
            holder = os.pread(handle, 200, 0).decode("utf-8", "replace").strip() if hasattr(os, "pread") else ""
            os.close(handle)
            raise LockedError(f"another run holds {self._path.parent.parent}: {holder or 'unknown'}; try again when it is done") from error
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; nothing when it is not held."""
        if self._handle is not None:
            with suppress(OSError):  # the text only says who held it
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

        os.lseek(handle, 1 << 20, os.SEEK_SET)  # a byte beyond the text: it stays readable
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
            LockedError: another run has it.
        """
        try:
            super().take()
        except LockedError as error:
            raise LockedError(f"{self._url}: {error}") from error
