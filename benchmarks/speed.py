"""CPU time a page: copydesk's whole pipeline against trafilatura.bare_extraction(with_metadata=True), in turn, in one process.

    python benchmarks/speed.py PAGES [--repeat 3] [--limit N]

PAGES is a folder of .html, .htm and .html.gz files. For every page the order of the two alternates. Prints the mean and the median a
page, the ratio, and how the time of copydesk divides among its plugins.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from copydesk import Page, Pipeline


def pages(folder: Path) -> list[bytes]:
    """The contents of all readable HTML files of a folder, expanded."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.name.endswith((".html.gz", ".htm.gz")):
            try:
                found.append(gzip.decompress(path.read_bytes()))
            except (OSError, EOFError):
                continue  # a broken sample
        elif path.suffix in (".html", ".htm"):
            found.append(path.read_bytes())
    return found


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(contents: list[bytes], repeat: int) -> tuple[list[float], list[float], Counter[str]]:
    """Best time a page of each tool over the rounds, and copydesk's time by plugin in all rounds."""
    pipeline = Pipeline()
    ours, theirs = [float("inf")] * len(contents), [float("inf")] * len(contents)
    by_plugin: Counter[str] = Counter()

    def copydesk(content: bytes) -> None:
        by_plugin.update(pipeline.process(Page(content)).seconds)

    def other(content: bytes) -> None:
        trafilatura.bare_extraction(content, with_metadata=True)

    copydesk(contents[0])
    other(contents[0])
    by_plugin.clear()
    for turn in range(repeat):
        for index, content in enumerate(contents):
            tools: list[tuple[list[float], Callable[[bytes], None]]] = [(ours, copydesk), (theirs, other)]
            for times, tool in tools if (index + turn) % 2 else tools[::-1]:
                times[index] = min(times[index], cpu_seconds(lambda tool=tool, content=content: tool(content)))  # type: ignore[misc]  # bound now
    return ours, theirs, by_plugin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the best time of a page counts")
    parser.add_argument("--limit", type=int, help="only the first N pages")
    options = parser.parse_args()
    contents = pages(options.pages)[: options.limit]
    if not contents:
        raise SystemExit(f"no HTML pages in {options.pages}")
    ours, theirs, by_plugin = measure(contents, options.repeat)
    for name, times in (("copydesk", ours), ("trafilatura", theirs)):
        print(f"{name:12} {1000 * statistics.mean(times):7.1f} ms a page (mean)   {1000 * statistics.median(times):7.1f} ms (median)")
    print(f"copydesk takes {sum(ours) / sum(theirs):.2f} of trafilatura's time on {len(contents)} pages")
    total = sum(by_plugin.values())
    for name, seconds in by_plugin.most_common():
        print(f"  {name:24} {seconds / total:6.1%}")


if __name__ == "__main__":
    main()
