"""Write files so that they survive a power cut: each function returns only after the data is on disk."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk. The folder entry is not flushed: see `sync_folder`."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file atomically: readers see either the old or the new content, never a mix.

    Args:
        path: the file; it need not exist. Its folder must exist.
        content: all bytes of the new content.
    """
    new = path.with_name(f".{path.name}.new")
    write_file(new, content)
    new.replace(path)
    sync_folder(path.parent)


def create_exclusively(path: Path, content: bytes) -> None:
    """Create a file that appears with its whole content at once, and only if no file has its name.

    Raises:
        FileExistsError: the file exists already.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    write_file(new, content)
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # the file system has no hard links
        _create(path, content)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)


def _create(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)  # we created it, and it is incomplete
            raise


def sync_folder(path: Path) -> None:
    """Flush the entries of a folder to disk. Windows cannot do this; there the call has no effect."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
