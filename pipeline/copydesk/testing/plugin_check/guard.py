"""Keep a plugin from using the network, writing files and starting processes, and record what it tried.

An audit hook (PEP 578) sees what goes through Python. It does not see a C library that calls the system directly. An audit hook cannot be
removed, so the guard belongs in a process of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from copydesk.testing.plugin_check.findings import Check

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""The flags of an open call that may write."""
_FILES = frozenset({"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod", "os.chown",
                    "os.utime", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile", "tempfile.mkstemp",
                    "tempfile.mkdtemp", "shelve.open", "dbm.open"})
_PROCESSES = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn",
                        "os.startfile"})
_NETWORK = ("socket.connect", "socket.bind", "socket.send", "socket.get", "urllib.", "http.client.", "ftplib.", "smtplib.", "imaplib.",
            "poplib.", "telnetlib.", "nntplib.")
_HERE = (("127.0.0.1",), ("::1",))
"""Addresses of this machine. Libraries create a socket, or bind one here, to find out what the system supports; that is allowed."""


class NotAllowedError(PermissionError):
    """Raised in a plugin that tries something it must not do."""


@dataclass(slots=True)
class Guard:
    """An audit hook, and what it has refused.

    Attributes:
        tried: what the plugin tried since the last call of `taken`: the check, and what it did in words.
    """

    tried: list[tuple[Check, str]] = field(default_factory=list)
    _on: bool = False

    def install(self) -> None:
        """Add the audit hook to this process."""
        sys.addaudithook(self._heard)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Refuse and record forbidden events inside of the ``with`` block."""
        self._on = True
        try:
            yield
        finally:
            self._on = False

    def taken(self) -> list[tuple[Check, str]]:
        """Return what was tried since the last call of this method."""
        found, self.tried = self.tried, []
        return found

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._on:
            return
        tried = refused(event, arguments)
        if tried is not None:
            self.tried.append(tried)
            raise NotAllowedError(f"a plugin must not do this while pages are processed: {tried[1]}")


def refused(event: str, arguments: tuple[Any, ...]) -> tuple[Check, str] | None:
    """Describe an audit event that plugins must not cause; return None when they may.

    >>> refused("open", ("/tmp/x", "w", 577))
    (<Check.WRITES: 'writes'>, "it opens '/tmp/x' for writing")
    >>> refused("open", ("/tmp/x", "r", 0))
    """
    if event == "open":
        return _opened(*arguments[:3])
    if event in _FILES:
        return Check.WRITES, f"it changes files ({event} {arguments[:1]!r:.120})"
    if event in _PROCESSES:
        return Check.SUBPROCESS, f"it starts a process ({event} {arguments[:1]!r:.120})"
    if event.startswith(_NETWORK) and not (event == "socket.bind" and arguments[-1][:1] in _HERE):
        return Check.NETWORK, f"it uses the network ({event} {arguments[-1:]!r:.120})"
    return None


def _opened(path: Any, mode: Any, flags: Any) -> tuple[Check, str] | None:
    if isinstance(path, int) or path in (os.devnull, os.fsencode(os.devnull)):
        return None
    writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(isinstance(flags, int) and flags & _WRITING)
    return (Check.WRITES, f"it opens {os.fsdecode(path)!r:.200} for writing") if writes else None
