"""Walk what a run was given: regular files in an order that does not depend on the file system, and a reject for all that is none.

Folders are read recursively, entries in the byte order of their names. Links to files within the input are read where they
stand; links to folders are not followed (their targets within the input are read at their own place). Hidden files and folders
within a folder are `IGNORED`: they belong to tools, and half-copied files look like that. A file given by name is always read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import SettingsError
from copydesk.model import Ignored, Location
from copydesk.values import Reject, Status

STAGE = "listing"


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file of the input, with its time of modification in nanoseconds."""

    location: Location
    mtime_ns: int


Listed = Found | Reject | Ignored


def walk(inputs: Sequence[str | Path], skip: Collection[str] = ()) -> Iterator[Listed]:
    """Everything in the inputs, in order; a file that two inputs hold comes once.

    ``skip`` are real paths of files and folders that are no input (the output folder, an index file).

    Raises:
        SettingsError: an input does not exist.
    """
    seen: set[str] = set()
    for given in inputs:
        for item in _from_input(os.fspath(given), skip):
            if isinstance(item, Found):
                if item.location.path in seen:
                    continue
                seen.add(item.location.path)
            yield item


def shown(path: str) -> str:
    """A path as rows hold it: bytes that are not UTF-8 as backslash escapes, folders parted by a slash.

    >>> shown(os.fsdecode(b"caf\\xe9.txt"))
    'caf\\\\xe9.txt'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def _from_input(given: str, skip: Collection[str]) -> Iterator[Listed]:
    root = os.path.realpath(given)
    try:
        state = Path(root).stat()
    except FileNotFoundError as error:
        raise SettingsError(f"input {shown(given)} does not exist") from error
    except OSError as error:
        yield _reject(shown(Path(root).name), "unreadable", f"{error.strerror}", Status.QUARANTINED)
        return
    if stat.S_ISDIR(state.st_mode):
        yield from _folder(root, root, skip)
    else:
        yield _file(root, shown(Path(root).name), state)


def _folder(root: str, folder: str, skip: Collection[str]) -> Iterator[Listed]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield _reject(_relative(root, folder), "unreadable", f"the folder cannot be read: {error.strerror}", Status.QUARANTINED)
        return
    for entry in entries:
        if entry.path in skip:
            continue
        name = _relative(root, entry.path)
        if entry.name.startswith("."):
            yield Ignored(name)
        elif entry.is_symlink():
            yield _link(root, entry.path, name, skip)
        elif entry.is_dir(follow_symlinks=False):
            yield from _folder(root, entry.path, skip)
        else:
            yield _entry(entry, name)


def _entry(entry: os.DirEntry[str], name: str) -> Listed:
    try:
        return _file(entry.path, name, entry.stat(follow_symlinks=False))
    except OSError as error:
        return _reject(name, "unreadable", f"{error.strerror}", Status.QUARANTINED)


def _link(root: str, path: str, name: str, skip: Collection[str]) -> Listed:
    try:
        target = os.path.realpath(path, strict=True)
        state = Path(target).stat()
    except OSError as error:
        code = "symlink_loop" if error.errno == errno.ELOOP else "unreadable"
        return _reject(name, code, f"the link leads nowhere: {error.strerror}", Status.QUARANTINED)
    if os.path.commonpath([root, target]) != root:
        return _reject(name, "symlink_outside", "the link leads out of the input; name its target as an input", Status.QUARANTINED)
    if stat.S_ISDIR(state.st_mode):
        if os.path.commonpath([path, target]) == target:
            return _reject(name, "symlink_loop", "the link leads to a folder that holds it", Status.REJECTED)
        return _reject(name, "symlink_folder", "links to folders are not followed; the target is read at its own place", Status.REJECTED)
    return Ignored(name) if target in skip else _file(target, name, state)


def _file(path: str, name: str, state: os.stat_result) -> Listed:
    if stat.S_ISREG(state.st_mode):
        return Found(Location(path, name, state.st_size), state.st_mtime_ns)
    kind = next((kind for is_kind, kind in _KINDS if is_kind(state.st_mode)), "special file")
    return _reject(name, "not_regular", f"a {kind}, not a regular file", Status.REJECTED)


_KINDS = ((stat.S_ISFIFO, "FIFO"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))


def _relative(root: str, path: str) -> str:
    return shown(os.path.relpath(path, root))


def _reject(name: str, code: str, message: str, status: Status) -> Reject:
    return Reject(stage=STAGE, code=code, message=message, status=status, source_path=name)
