"""What the fault tests share: the tiny desk of the engine's tests with quotes, runs in processes of their own, and their environment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from copydesk.plugins.discovery import installed_names
from support.places import ROOT, TESTS
from support.tiny_desk import SPEECH, desk, put, story

RUN = """
import sys
sys.path.insert(0, {tests!r})
from support.fault_runs import speaking
from pathlib import Path
import copydesk
copydesk.run([{inbox!r}], {output!r}, speaking(Path({folder!r}), **{settings!r}))
"""


def speaking(folder: Path, **settings: Any) -> Any:
    """Settings with the tiny desk and a plugin that finds quotes. Its files are written only when they are not there yet."""
    if not (folder / "desk.py").is_file():
        desk(folder)
    if not (folder / "speech.py").is_file():
        put(folder, "speech.py", SPEECH)
    from copydesk.settings.schema import from_mapping

    off = [name for name in installed_names() if name != "source_files"]
    return from_mapping({"plugins": ["desk.py", "speech.py"], "disable": off, "run": {"workers": 0}, **settings}, base=str(folder))


def config_file(folder: Path, **settings: Mapping[str, object]) -> Path:
    """The same settings as a file for the command line."""
    speaking(folder)
    off = [name for name in installed_names() if name != "source_files"]
    lines = [f"disable = {json.dumps(off)}", "[plugins]", 'load = ["desk.py", "speech.py"]']
    for part, values in {"run": {"workers": 0}, **settings}.items():
        lines += [f"[{part}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    return put(folder, "desk.toml", "\n".join(lines) + "\n")


def quoting(number: int, version: int = 0) -> str:
    """A page of the tiny desk with a quote in it."""
    return story(number, f"Version {version} of it. The mayor said [we will build bridge {number} in year {version}] and left.")


def environment(**more: str) -> dict[str, str]:
    """A subprocess's environment: no server, no terminal, nothing phoned home."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "COLUMNS", "FORCE_COLOR"))}
    return mine | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"} | more


def python_path(*folders: Path) -> str:
    """A value for PYTHONPATH: folders, then what it is now."""
    return os.pathsep.join((*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])))


def run_code(folder: Path, inbox: Path, output: Path, settings: Mapping[str, object], before: str = "") -> str:
    """A script that runs the tiny desk; ``before`` stands in front of everything."""
    return before + RUN.format(tests=str(TESTS), folder=str(folder), inbox=str(inbox), output=str(output), settings=dict(settings))


def start_run(folder: Path, inbox: Path, output: Path, settings: Mapping[str, object], **environ: str) -> subprocess.Popen[bytes]:
    """A run in a process group of its own."""
    return subprocess.Popen([sys.executable, "-B", "-c", run_code(folder, inbox, output, settings)], env=environment(**environ),
                            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def command(*arguments: str | Path) -> list[str]:
    """The command line as a command."""
    return [sys.executable, "-B", "-m", "copydesk_flows.cli", *map(str, arguments)]


def call(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command line, to its end."""
    return subprocess.run(command(*arguments), env=environment(**environ), capture_output=True, text=True, timeout=120, check=False)


def one_line(text: str) -> str:
    """The one line that an error is."""
    assert text.startswith("copydesk: "), text
    assert text.count("\n") == 1, text
    return text.strip()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a run and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def marked(marker: str) -> list[int]:
    """The ids of all processes (none that is only waited for) that have a marker in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                state = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
                if state != "Z" and marker.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue  # it ended, or is not ours
    return found


def table_rows(output: Path, tables: Iterable[str] = ("articles", "quotes", "removals", "claims", "rejects", "lengths"),
               commit: int | None = None) -> dict[str, Any]:
    """Whole tables of a dataset at a commit."""
    import copydesk

    opened = copydesk.open_dataset(output, commit)
    return {name: opened.table(name) for name in tables}


def editions(folder: Path, count: int) -> Path:
    """The seeds so many times, each time with another text, so that no page is a duplicate of another."""
    for number in range(count):
        for page in sorted((ROOT / "seeds").iterdir()):
            if page.suffix in (".html", ".htm", ".txt"):
                text = page.read_bytes().replace(b"</p>", f" Edition {number}.</p>".encode())
                path = folder / f"{number:02}" / page.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if page.suffix != ".txt" else text + f"\nEdition {number}.\n".encode())
    return folder
