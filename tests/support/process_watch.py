"""Watch what a run and its page processes do: an audit hook in each of them, and the kernel's word on files that nobody may open."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from support.tiny_desk import put

HOOK = '''
import os, sys

LOG = os.environ["FAULTS_LOG"]
OUT = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo", "socket.sendto",
       "socket.sendmsg")  # not socket.__new__ and bind: urllib3 tries at its import whether the machine knows IPv6

def note(line):
    handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (line.replace("\\n", " ") + "\\n").encode("utf-8", "backslashreplace"))
    os.close(handle)

def hook(event, values):
    if event == "open":
        path = values[0]
        if isinstance(path, (str, bytes)) and os.fsdecode(path) != LOG:
            note(f"open {os.path.realpath(os.fsdecode(path))}")
    elif event in OUT:
        note(f"socket {os.getpid()} {event} {values[1:]!r}")
        raise RuntimeError(f"no network here: {event}")
    elif event in ("os.system", "os.exec", "urllib.Request"):
        note(f"socket {os.getpid()} {event}")
        raise RuntimeError(event)

note(f"armed {os.getpid()}")
sys.addaudithook(hook)
'''
IN_OPEN = 0x20
IN_NONBLOCK = os.O_NONBLOCK


def hooked(folder: Path) -> dict[str, str]:
    """Environment variables that install the hook in every Python below; what it notes is in ``folder/log``."""
    put(folder / "hook", "sitecustomize.py", HOOK)
    return {"PYTHONPATH": os.pathsep.join([str(folder / "hook"), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "FAULTS_LOG": str(folder / "log")}


def noted(folder: Path, kind: str) -> list[str]:
    """What was noted of a kind: armed, open, socket."""
    lines = (folder / "log").read_text(encoding="utf-8").splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{kind} ")]


class Canaries:
    """Files that nobody may open, also not from C. Linux's inotify says which were."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(IN_NONBLOCK)
        assert self._handle >= 0, os.strerror(ctypes.get_errno())
        self._watches = {self._libc.inotify_add_watch(self._handle, os.fsencode(path), IN_OPEN): path for path in paths}
        assert min(self._watches) > 0

    def opened(self) -> set[Path]:
        """Which were opened since the last time this was asked."""
        found = set()
        try:
            while told := os.read(self._handle, 4096):
                while told:
                    length = 16 + int.from_bytes(told[12:16], sys.byteorder)
                    found.add(self._watches[int.from_bytes(told[:4], sys.byteorder)])
                    told = told[length:]
        except BlockingIOError:
            pass
        return found

    def close(self) -> None:
        """Stop watching."""
        os.close(self._handle)
