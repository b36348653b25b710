"""Run the tiny desk again and again on copies of one output, and stop it at each of its calls to the system in turn.

    python -m support.crasher SPEC.json

``SPEC`` is a JSON object: folder, inbox, settings (of the run), base (an output folder to start from, or null), cases (a folder for one
output a case), how ("exit": the process ends at the call, as if killed; "full": the call raises ENOSPC). Case K stops at call K; the
last case is the one with more than all calls. Prints a JSON list: for each case the call's name, and the error that ended
the run (null: none). All is imported once; each case is a fork, made before Arrow has any threads.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import pkgutil
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CALLS = ("rename", "replace", "link", "fsync", "unlink", "rmdir", "mkdir")
NEED_ROOM = ("rename", "replace", "link", "fsync", "mkdir")
CUT = 137


class Stopper:
    """Counts calls, and stops at one."""

    def __init__(self, at: int, how: str, note: Path) -> None:
        self._left = at
        self._how = how
        self._note = note

    def met(self, name: str, *values: object) -> None:
        """A call is about to be made."""
        self._left -= 1
        if self._left:
            return
        shown = " ".join(os.fspath(value) for value in values if isinstance(value, (str, Path)))
        self._note.write_text(f"{name} {shown}".strip(), encoding="utf-8")
        if self._how != "full":
            os._exit(CUT)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), shown or None)

    def patch(self) -> None:
        """Watch the calls of `os`, files opened for writing, and (where a run ends, not where it fails) statements of SQLite."""
        for name in NEED_ROOM if self._how == "full" else CALLS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        real_open = Path.open

        def opened(path: Path, mode: str = "r", *values: Any, **named: Any) -> Any:
            if set(mode) & set("wxa") and path != self._note:
                self.met("open", path)
            return real_open(path, mode, *values, **named)

        Path.open = opened  # type: ignore[method-assign]  # that is the point
        if self._how != "full":
            self._patch_sqlite()

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self.met(name, *values)
            return real(*values, **named)

        return call

    def _patch_sqlite(self) -> None:
        real = sqlite3.connect

        def connect(*values: Any, **named: Any) -> sqlite3.Connection:
            base = real(*values, **named)
            base.set_trace_callback(lambda statement: self.met("sqlite") if not statement.lstrip().startswith("SELECT") else None)
            return base

        sqlite3.connect = connect  # type: ignore[assignment]  # the same


def run(spec: dict[str, Any], output: Path) -> None:
    """One run, or what a run does before its first page."""
    import copydesk
    from copydesk.engine.opening import open_job
    from support.fault_runs import speaking

    settings = speaking(Path(spec["folder"]), **spec["settings"])
    if spec["how"] == "recover":
        open_job([spec["inbox"]], output, settings).__exit__(None, None, None)
    else:
        copydesk.run([spec["inbox"]], output, settings)


def case(spec: dict[str, Any], number: int) -> dict[str, Any]:
    """Run in a fork up to a call."""
    cases = Path(spec["cases"])
    output, note, ended = cases / str(number), cases / f"{number}.call", cases / f"{number}.error"
    if spec["base"]:
        shutil.copytree(spec["base"], output)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Stopper(number, spec["how"], note).patch()
            run(spec, output)
            code = 0
        except BaseException as error:  # noqa: BLE001  # told to the test
            with open(ended, "w", encoding="utf-8") as file:  # noqa: PTH123  # Path.open is watched
                file.write(f"{type(error).__name__}: {error}")
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return {"number": number, "output": str(output), "code": os.waitstatus_to_exitcode(status),
            "call": note.read_text(encoding="utf-8") if note.exists() else None,
            "error": ended.read_text(encoding="utf-8") if ended.exists() else None}


def main() -> None:
    """All cases."""
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    import copydesk

    for module in pkgutil.walk_packages(copydesk.__path__, "copydesk."):
        if not module.name.startswith("copydesk.testing"):
            importlib.import_module(module.name)
    importlib.import_module("copydesk_plugins.sources.source_files")
    Path(spec["cases"]).mkdir()
    found: list[dict[str, Any]] = []
    while not found or found[-1]["call"] is not None:
        found.append(case(spec, len(found) + 1))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
