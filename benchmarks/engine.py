"""What the engine costs, as ratios from one interleaved run.

    python benchmarks/engine.py [--pages 200] [--times 5] [--small 10000] [--material FOLDER]

(a) a run with one page process against one without (the same pages, all plugins); (b) two page processes against one; (c) a rerun over
unchanged small pages, in pages a second, as a folder of files and as one JSONL file. Runs of (a) and (b) alternate, so that a slow moment
of the machine hits all; of each ratio the least, the median and the greatest are printed. MATERIAL holds .html.gz pages; by default
../shared/corpus/extraction/zyte/html, and where that is not there, the seeds some times over with changed text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import copydesk
from copydesk.plugins.discovery import installed_names
from copydesk.settings.schema import from_mapping
from support.fault_runs import quoting, speaking
from support.places import ROOT
from support.tiny_desk import fill, put

MATERIAL = ROOT.parent / "shared" / "corpus" / "extraction" / "zyte" / "html"
WORKERS = (0, 1, 2)


def pages(material: Path, inbox: Path, count: int) -> str:
    """Fill an inbox with so many pages, each with another text; says where they came from."""
    given = sorted(material.glob("*.html.gz"))
    seeds = [path for path in sorted((ROOT / "seeds").iterdir()) if path.suffix in (".html", ".htm")]
    for number in range(count):
        path = (given or seeds)[number % len(given or seeds)]
        content = gzip.decompress(path.read_bytes()) if given else path.read_bytes()
        put(inbox, f"page-{number:05}.html", "")
        (inbox / f"page-{number:05}.html").write_bytes(content.replace(b"</p>", b" Edition %d.</p>" % (number // len(given or seeds))))
    return f"{material} ({len(given)} pages)" if given else "seeds, repeated with changed text"


def seconds(inbox: Path, output: Path, settings: copydesk.Settings) -> float:
    """How long a run takes, without the imports."""
    started = time.perf_counter()
    copydesk.run([inbox], output, settings)
    return time.perf_counter() - started


def ratio(name: str, above: list[float], below: list[float]) -> str:
    """A ratio of runs that stood side by side."""
    found = sorted(up / down for up, down in zip(above, below, strict=True))
    return f"{name:44} {statistics.median(found):6.2f}  (from {found[0]:.2f} to {found[-1]:.2f})"


def work(scratch: Path, material: Path, count: int, times: int) -> None:
    """Ratios (a) and (b)."""
    print(f"{count} pages from {pages(material, scratch / 'in', count)}, {times} rounds")
    spent: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    for turn in range(times + 1):
        for workers in WORKERS if turn % 2 else WORKERS[::-1]:
            took = seconds(scratch / "in", scratch / f"out-{turn}-{workers}", from_mapping({"run": {"workers": workers}}))
            if turn:  # the first round warms up
                spent[workers].append(took)
    for workers, found in spent.items():
        print(f"workers = {workers}: {statistics.median(found):6.2f} s  (from {min(found):.2f} to {max(found):.2f})")
    print(ratio("(a) one page process against none", spent[1], spent[0]))
    print(ratio("(b) two page processes against one", spent[2], spent[1]))


def rerun(scratch: Path, kind: str, count: int, times: int) -> None:
    """Figure (c)."""
    inbox = scratch / kind
    if kind == "folder":
        fill(inbox, count)
    else:
        inbox.mkdir()
        lines = (json.dumps({"url": f"https://news.example.com/{number}", "text": quoting(number)}) for number in range(count))
        (inbox / "pages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    off = [name for name in installed_names() if not name.startswith("source_")]
    settings = speaking(scratch, disable=off)
    first = seconds(inbox, scratch / f"out-{kind}", settings)
    found = []
    for _ in range(times):
        started = time.perf_counter()
        report = copydesk.run([inbox], scratch / f"out-{kind}", settings)
        found.append(count / (time.perf_counter() - started))
        if report.counts["unchanged"] != count:
            raise SystemExit(f"(c) {kind}: {report.counts}")
    print(f"(c) rerun of {count:,} unchanged small pages, {kind:7} {statistics.median(found):10,.0f} pages a second  "
          f"(from {min(found):,.0f} to {max(found):,.0f}; first run, tiny desk: {count / first:,.0f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--material", type=Path, default=MATERIAL)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        work(scratch, options.material, options.pages, options.times)
        for kind in ("folder", "jsonl"):
            if kind == "jsonl" and "source_jsonl" not in installed_names():
                print("(c) jsonl: left out, there is no plugin source_jsonl yet (see copydesk plugins)")
            else:
                rerun(scratch, kind, options.small, options.times)


if __name__ == "__main__":
    main()
