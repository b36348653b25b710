"""Peak memory of a run over n, 4n and 16n records: it must not grow with the input.

    python benchmarks/memory.py [--records 500] [--workers 1]

Three kinds of input: a folder of text files, one JSONL file, one WARC file, read by the shipped source plugins; pages go through the
tiny desk of the tests, so that the engine is what is measured. Parent: the kernel's own peak. Children: the largest sum of their
resident memory that was seen, looked at 50 times a second.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from copydesk.plugins.discovery import installed_names
from support.fault_runs import environment, quoting, run_code, speaking
from support.tiny_desk import put

TIMES = (1, 4, 16)
SOURCES = {"folder": "source_files", "jsonl": "source_jsonl", "warc": "source_warc"}


def folder(inbox: Path, count: int) -> None:
    """One text file a record."""
    for number in range(count):
        put(inbox, f"{number // 500:04}/story-{number:07}.txt", page(number))


def jsonl(inbox: Path, count: int) -> None:
    """One file of JSON lines."""
    inbox.mkdir()
    with (inbox / "pages.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            record = {"url": f"https://news.example.com/{number}", "text": page(number), "fetched_at": "2024-10-18T10:00:00Z"}
            file.write(json.dumps(record) + "\n")


def warc(inbox: Path, count: int) -> None:
    """One WARC file, a gzip member a record."""
    inbox.mkdir()
    with (inbox / "pages.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(count):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/plain; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(f"https://news.example.com/{number}", "response", http_headers=headers,
                                                          payload=io.BytesIO(page(number).encode())))


MAKERS: dict[str, Callable[[Path, int], None]] = {"folder": folder, "jsonl": jsonl, "warc": warc}


def page(number: int) -> str:
    """About 4 kB of text, another for each number."""
    return quoting(number) + "".join(f"\nParagraph {part} of story {number} says nothing new about the bridge." for part in range(50))


def measured(scratch: Path, inbox: Path, output: Path, workers: int) -> tuple[float, float, float]:
    """A run: MB of the parent at most, MB of its children at most, seconds."""
    off = [name for name in installed_names() if name not in SOURCES.values()]
    settings = {"disable": off, "run": {"workers": workers}, "dataset": {"batch_files": 250}}
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-B", "-c", run_code(scratch, inbox, output, settings)], env=environment())
    parent, children = 0.0, 0
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess, OSError):
            parent = max(parent, highest(process.pid))
            children = max(children, sum(each.memory_info().rss for each in watched.children(recursive=True)))
        time.sleep(0.02)
    if process.returncode != 0:
        raise SystemExit(f"the run over {inbox} ended with {process.returncode}")
    return parent, children / 1e6, time.monotonic() - started


def highest(pid: int) -> float:
    """The most resident memory a process has had so far, in MB: the kernel's own count where there is /proc. (ru_maxrss will not do: a
    child inherits that of the process that forked it.)"""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    return next((int(line.split()[1]) / 1000 for line in status.read_text().splitlines() if line.startswith("VmHWM:")), 0.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=500, help="n")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    for kind, source in SOURCES.items():
        if source not in installed_names():
            print(f"{kind}: left out, there is no plugin {source} yet (see copydesk plugins)")
            continue
        with tempfile.TemporaryDirectory() as name:
            measure(kind, Path(name), options.records, options.workers)


def measure(kind: str, scratch: Path, records: int, workers: int) -> None:
    """One kind of input."""
    import copydesk

    speaking(scratch)
    found = []
    for times in TIMES:
        inbox, output = scratch / f"in-{times}", scratch / f"out-{times}"
        MAKERS[kind](inbox, records * times)
        found.append(measured(scratch, inbox, output, workers))
        rows = copydesk.open_dataset(output).table("articles").num_rows
        if rows != records * times:
            raise SystemExit(f"{kind}: {rows} of {records * times} records became articles")
    for times, (parent, children, seconds) in zip(TIMES, found, strict=True):
        print(f"{kind:8} {records * times:8,} records  parent {parent:7.1f} MB (x{parent / found[0][0]:.2f})   "
              f"children {children:7.1f} MB (x{children / max(found[0][1], 0.1):.2f})   {seconds:6.1f} s")


if __name__ == "__main__":
    main()
