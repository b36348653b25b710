"""Write files that survive a power cut."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """A new file with its content on disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """A file that always has either its old or its new content."""
    new = path.with_name(f".{path.name}.new")
    write_file(new, content)
    new.replace(path)
    sync_folder(path.parent)


def create_exclusively(path: Path, content: bytes) -> None:
    """A file that appears with all its content, and only when there is none of its name.

    Raises:
        FileExistsError: there is one.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    write_file(new, content)
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without hard links
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
            path.unlink(missing_ok=True)  # it is ours, and torn
            raise


def sync_folder(path: Path) -> None:
    """A folder's entries on disk; where folders cannot be synced (Windows) the file system does what it does."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
