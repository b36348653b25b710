"""List a local input: its regular files in a fixed order, and a reject for every other entry.

- Folders are read recursively. Entries come in the byte order of their names, so the order does not depend on the file system.
- A link to a file in the same input gives the file at the place of the link.
- A link to a folder is not followed. A folder in the input is read at its own place.
- Hidden files and folders inside of a folder are `Ignored`: tools make them, and many tools hide files that they have not fully copied.
- A file that the user names is always read, even a hidden one.

Memory holds the names in the open folders, and the targets of links to files. So an input may have millions of files.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import SettingsError
from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, Location
from copydesk.model.status import Status
from copydesk.sources.found import STAGE, FoundFile, Listed
from copydesk.storage.locations import display_path, is_hidden


class EarlierInputs:
    """Remembers what earlier inputs gave, so that no file comes twice.

    Attributes:
        targets: real paths of files that were read at the place of a link.
        urls: inputs in object stores that have been listed.
    """

    def __init__(self) -> None:
        self.targets: set[str] = set()
        self.urls: set[str] = set()
        self._files: set[str] = set()
        self._folders: list[str] = []

    def done(self, root: str) -> None:
        """Note that a local input has been listed completely; ``root`` is its real path."""
        if Path(root).is_dir():
            self._folders.append(root)
        else:
            self._files.add(root)

    def has(self, path: str) -> bool:
        """Tell whether an earlier input, or a link, gave this file already."""
        return path in self.targets or path in self._files or any(_is_seen_below(root, path) for root in self._folders)


def _is_seen_below(root: str, path: str) -> bool:
    """Tell whether listing a folder reaches a file: it lies below the folder, and no part of the path is hidden."""
    inside = path.removeprefix(root.rstrip(os.sep) + os.sep)
    return inside != path and not any(map(is_hidden, Path(inside).parts))


def walk_input(given: str, root: str, skip: Collection[str], before: EarlierInputs) -> Iterator[Listed]:
    """List one local input.

    Args:
        given: the file or folder as the user named it, for messages.
        root: its real path.
        skip: real paths that are not inputs.
        before: what earlier inputs gave; links to files are added to it.

    Raises:
        SettingsError: the input does not exist.
    """
    try:
        state = Path(root).stat()
    except FileNotFoundError as error:
        raise SettingsError(f"input {display_path(given)} does not exist") from error
    except OSError as error:
        yield _reject(display_path(Path(root).name), "unreadable", f"{error.strerror}", Status.QUARANTINED)
        return
    if stat.S_ISDIR(state.st_mode):
        yield from _folder(root, skip, before)
    elif not before.has(root):
        yield _file(root, display_path(Path(root).name), state)


def _folder(root: str, skip: Collection[str], before: EarlierInputs) -> Iterator[Listed]:
    """List a folder and all folders below it. A stack instead of recursion: folders may be nested deeper than Python's calls can be."""
    open_folders = [_entries(root, "")]
    while open_folders:
        item = next(open_folders[-1], None)
        if item is None:
            open_folders.pop()
        elif isinstance(item, Reject):
            yield item
        elif item.entry.path in skip:
            continue
        elif is_hidden(item.entry.name):
            yield Ignored(item.name)
        elif item.entry.is_symlink():
            yield from _link(root, item.entry.path, item.name, skip, before)
        elif item.entry.is_dir(follow_symlinks=False):
            open_folders.append(_entries(item.entry.path, f"{item.name}/"))
        elif not before.has(item.entry.path):
            yield _entry(item.entry, item.name)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a folder; ``name`` is its path below the root of the input, as dataset rows hold it."""

    entry: os.DirEntry[str]
    name: str


def _entries(folder: str, prefix: str) -> Iterator[_Entry | Reject]:
    """Yield a folder's entries in order. ``prefix`` is the folder's path below the root, with a slash at the end."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield _reject(prefix.rstrip("/") or ".", "unreadable", f"the folder cannot be read: {error.strerror}", Status.QUARANTINED)
        return
    for entry in entries:
        yield _Entry(entry, prefix + display_path(entry.name))


def _entry(entry: os.DirEntry[str], name: str) -> Listed:
    try:
        return _file(entry.path, name, entry.stat(follow_symlinks=False))
    except OSError as error:
        return _reject(name, "unreadable", f"{error.strerror}", Status.QUARANTINED)


def _link(root: str, path: str, name: str, skip: Collection[str], before: EarlierInputs) -> Iterator[Listed]:
    try:
        target = os.path.realpath(path, strict=True)
        state = Path(target).stat()
    except OSError as error:
        code = "symlink_loop" if error.errno == errno.ELOOP else "unreadable"
        yield _reject(name, code, f"the link leads nowhere: {error.strerror}", Status.QUARANTINED)
        return
    if os.path.commonpath([root, target]) != root:
        yield _reject(name, "symlink_outside", "the link leads out of the input; name its target as an input", Status.QUARANTINED)
    elif stat.S_ISDIR(state.st_mode):
        if os.path.commonpath([path, target]) == target:
            yield _reject(name, "symlink_loop", "the link leads to a folder that holds it", Status.REJECTED)
        else:
            yield _reject(name, "symlink_folder", "links to folders are not followed; the target is read at its own place", Status.REJECTED)
    elif target in skip:
        yield Ignored(name)
    elif not before.has(target) and not (_is_seen_below(root, target) and _order(target) < _order(path)):
        before.targets.add(target)
        yield _file(target, name, state)


def _order(path: str) -> list[bytes]:
    """Return a sort key that puts paths in the order in which a folder is listed."""
    return os.fsencode(path).split(os.fsencode(os.sep))


def _file(path: str, name: str, state: os.stat_result) -> Listed:
    if stat.S_ISREG(state.st_mode):
        return FoundFile(Location(path, name, state.st_size, _signature(state)), state.st_mtime_ns)
    kind = next((kind for is_kind, kind in _KINDS if is_kind(state.st_mode)), "special file")
    return _reject(name, "not_regular", f"a {kind}, not a regular file", Status.REJECTED)


_KINDS = ((stat.S_ISFIFO, "FIFO"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))
"""Names of files that are not regular, for messages."""


def _signature(state: os.stat_result) -> str:
    """Return a text that changes whenever the file's content does (`Location.signature`), or "" if there is none.

    A change of the content sets the file's ctime, and programs cannot set the ctime to another value. But two changes within one tick of
    the file system's clock give the same ctime, so a young file has no signature. Windows keeps no such time.
    """
    settled = time.time_ns() - state.st_ctime_ns > TICK_NS
    if not settled or sys.platform == "win32":
        return ""
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_dev} {state.st_ino}"


TICK_NS = 2_000_000_000
"""Nanoseconds after which a file is no longer young: two seconds, the coarsest clock of a file system in use (FAT)."""


def _reject(name: str, code: str, message: str, status: Status) -> Reject:
    return Reject(stage=STAGE, code=code, message=message, status=status, source_path=name)
