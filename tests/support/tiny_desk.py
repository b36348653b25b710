"""A tiny desk for tests of the engine: its own extractor and metadata, the shipped file source, nothing else."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copydesk
from copydesk.plugins.discovery import installed_names
from copydesk.settings.schema import from_mapping
from support.places import TESTS

DESK = '''
"""Line 1 is the headline, a line "url X" the canonical URL; other lines are paragraphs. Some words make trouble."""
import ctypes, os, signal, time
import copydesk, pyarrow as pa
from copydesk import Block, BlockKind, Claim, Document, Table

KEPT = []

@copydesk.hookimpl
def extract(page):
    text = page.content.decode("utf-8", "replace")
    if "HANG_C" in text:
        ctypes.PyDLL(None).sleep(600)  # in C, with the interpreter's lock held
    if "SEGV" in text:
        ctypes.string_at(0)
    if "OOM" in text:
        grown = bytearray()
        while True:
            grown += bytes(10_000_000)
    if "MALLOC" in text:
        grow_in_c()
    if "HUGE" in text:
        bytearray(1 << 40)
    if "KEEP" in text:
        KEPT.append(b"x" * 200_000_000)
    if "SPIN" in text:
        while True:
            pass
    if "KILL" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "XCPU" in text:
        os.kill(os.getpid(), signal.SIGXCPU)
    if "HANG" in text:
        time.sleep(600)
    if "EXIT" in text:
        os._exit(9)
    if "RAISE" in text:
        raise ValueError("trouble")
    if "LEAVE" in text:
        raise SystemExit(4)
    if "SLOWLY" in text:
        time.sleep(0.05)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("url ")]
    return Document(page, tuple(Block(i, BlockKind.PARAGRAPH, line) for i, line in enumerate(lines)), text=text)

def grow_in_c():
    c = ctypes.CDLL(None)
    c.malloc.restype, c.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    c.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    while True:
        place = c.malloc(1_000_000)
        if place:
            c.memset(place, 1, 1_000_000)

@copydesk.hookimpl
def propose_metadata(document):
    yield Claim("headline", document.blocks[0].text, "text:first", 10)
    for line in document.text.splitlines():
        if line.startswith("url "):
            yield Claim("canonical_url", line[4:].strip(), "link:canonical", 10)

def rows(article):
    return [{"article_id": article.article_id, "words": "many" if "UNFIT" in article.body else len(article.body.split())}]

@copydesk.hookimpl
def tables():
    return [Table("lengths", pa.schema([("article_id", pa.string()), ("words", pa.int32())]), rows)]
'''
SPEECH = '''
"""Text between brackets is a quote."""
import copydesk
from copydesk import Quote, QuoteKind

@copydesk.hookimpl
def propose_quotes(article):
    start = article.body.find("[") + 1
    if start:
        end = article.body.index("]", start)
        yield Quote(article.body[start:end], QuoteKind.DIRECT, start, end, pattern="brackets")
'''
FILLER = "The council met on Monday and spoke at length about the bridge, the ferry, the market hall and the school roof."


def desk(folder: Path, **settings: Any) -> copydesk.Settings:
    """Settings with the tiny desk; its file lies in ``folder``."""
    (folder / "desk.py").write_text(DESK, encoding="utf-8")
    off = [name for name in installed_names() if name != "source_files"]
    return from_mapping({"plugins": ["desk.py"], "disable": off, "run": {"workers": 0}, **settings}, base=str(folder))


def put(folder: Path, name: str, text: str) -> Path:
    """A text page."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def story(number: int, more: str = "", url: bool = True) -> str:
    """A page's text."""
    head = f"url https://news.example.com/{number}\n" if url else ""
    return f"{head}Story {number}\n{FILLER}\n{more}\n"


def fill(folder: Path, count: int, more: str = "") -> Path:
    """A folder with that many pages."""
    for number in range(count):
        put(folder, f"{number // 10:02}/story-{number:03}.txt", story(number, more))
    return folder


def parts(output: Path) -> dict[str, str]:
    """All part files with the hash of their bytes."""
    paths = sorted(output.glob("data/*/*.parquet"))
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def everything(output: Path) -> dict[str, bytes]:
    """All files of an output folder but the cache of what its inputs looked like."""
    return {str(path.relative_to(output)): path.read_bytes() for path in sorted(output.rglob("*"))
            if path.is_file() and path.name != "files.sqlite"}


def rejects(output: Path) -> dict[str, tuple[str, str]]:
    """Rows of rejects: path to code and outcome. Asserts that no path has two."""
    rows = copydesk.open_dataset(output).table("rejects").to_pylist()
    assert len({row["source_path"] for row in rows}) == len(rows)
    return {row["source_path"]: (row["code"], row["outcome"]) for row in rows}


def column(output: Path, table: str, name: str) -> list[Any]:
    """A column of a table."""
    return list(copydesk.open_dataset(output).table(table)[name].to_pylist())


def run_daemonic(inbox: str, output: str, settings: copydesk.Settings) -> bool:
    """A run in another process, which finds this module by its name; returns whether that process is a daemonic one."""
    copydesk.run([inbox], output, settings)
    return multiprocessing.current_process().daemon


def run_desk(folder: str, inbox: str, output: str) -> None:
    """A run with the tiny desk in another process, which finds this module by its name."""
    copydesk.run([inbox], output, desk(Path(folder)))


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
import copydesk
from support.tiny_desk import desk
settings = desk(Path({folder!r}), **{settings!r})
copydesk.run([{inbox!r}], {output!r}, settings)
"""


def start(folder: Path, inbox: Path, output: Path, settings: dict[str, Any], **environment: str) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    code = SCRIPT.format(tests=str(TESTS), folder=str(folder), inbox=str(inbox), output=str(output), settings=settings)
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ | environment, stderr=subprocess.PIPE)


def start_and_kill(folder: Path, inbox: Path, output: Path, settings: dict[str, Any], batches: int) -> None:
    """A run in a process of its own, killed when so many of its batches are there."""
    process = start(folder, inbox, output, settings)
    until(lambda: len(list(output.glob("data/*"))) >= batches, process)
    process.kill()
    process.wait()


def until(happened: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, seconds: float = 60) -> None:
    """Poll until something has happened. Fails when it does not, or when the process that should do it has ended."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert process is None or process.poll() is None, "the process ended"
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
