"""CPU time a page: copydesk against trafilatura.bare_extraction(with_metadata=True), in turn, in one process.

    python benchmarks/speed.py PAGES [--repeat 3] [--limit N]

PAGES is a folder of .html, .htm and .html.gz files. For every page the order of the two alternates. Prints the mean and the median a
page of all stages and of extraction and cleaning alone (metadata and quotes left out), the ratios, and how the time divides: the parse,
the blocks, each plugin's labels, the second opinion that label_model asks of trafilatura on some pages, and the core's verdicts.
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
from selectolax.lexbor import LexborHTMLParser

from copydesk import Page, Pipeline, Settings

CLEANING = ("extract_", "label_", "clean_", "page_type", "core")
QUIET = Settings.model_validate({"plugin_settings": {"label_model": {"second_opinion": "off"}}, "content": {"page_types": ["all"]}})
ALL = Settings.model_validate({"content": {"page_types": ["all"]}})


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


class Run:
    """Best time a page over the rounds, by tool, and of copydesk's plugins in those rounds that were the best."""

    def __init__(self, contents: list[bytes]) -> None:
        self.contents = contents
        never = float("inf")
        self.best = {tool: [never] * len(contents) for tool in ("copydesk", "no second opinion", "trafilatura", "parse")}
        self.parts: dict[str, list[dict[str, float]]] = {tool: [{}] * len(contents) for tool in ("copydesk", "no second opinion")}
        self.pipelines = {"copydesk": Pipeline(ALL), "no second opinion": Pipeline(QUIET)}

    def once(self, tool: str, index: int) -> None:
        """One page with one tool."""
        content = self.contents[index]
        seconds: dict[str, float] = {}

        def work() -> None:
            if tool in self.pipelines:
                seconds.update(self.pipelines[tool].process(Page(content)).seconds)
            elif tool == "parse":
                LexborHTMLParser(content)
            else:
                trafilatura.bare_extraction(content, with_metadata=True)

        spent = cpu_seconds(work)
        if spent < self.best[tool][index]:
            self.best[tool][index] = spent
            if tool in self.parts:
                self.parts[tool][index] = seconds

    def rounds(self, repeat: int) -> None:
        """All tools on all pages, the order turned each time."""
        for tool in self.best:
            self.once(tool, 0)
        for turn in range(repeat):
            for index in range(len(self.contents)):
                tools = list(self.best)
                for tool in tools if (index + turn) % 2 else tools[::-1]:
                    self.once(tool, index)

    def cleaning(self) -> list[float]:
        """Seconds a page of extraction and cleaning: what the other stages took is left out."""
        return [total - sum(spent for name, spent in parts.items() if not name.startswith(CLEANING))
                for total, parts in zip(self.best["copydesk"], self.parts["copydesk"], strict=True)]

    def divided(self) -> dict[str, float]:
        """Milliseconds a page, by part of extraction and cleaning."""
        pages = len(self.contents)
        sums = {tool: sum((Counter(parts) for parts in found), Counter()) for tool, found in self.parts.items()}
        found = {name: spent for name, spent in sums["copydesk"].items() if name.startswith(CLEANING)}
        parse, asked = sum(self.best["parse"]), found["label_model"] - sums["no second opinion"]["label_model"]
        named = {"parse (lexbor)": parse, "blocks (the walk, limits, JSON-LD)": found.pop("extract_html") - parse,
                 "second opinion (trafilatura)": asked, "label_model": found.pop("label_model") - asked}
        return {name: 1000 * spent / pages for name, spent in {**named, **found}.items()}


def asked(told: str | None) -> tuple[list[bytes], int]:
    """The pages and rounds that the command line asks for."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the best time of a page counts")
    parser.add_argument("--limit", type=int, help="only the first N pages")
    options = parser.parse_args()
    contents = pages(options.pages)[: options.limit]
    if not contents:
        raise SystemExit(f"no HTML pages in {options.pages}")
    return contents, options.repeat


def main() -> None:
    """Measure and print."""
    contents, repeat = asked(__doc__)
    run = Run(contents)
    run.rounds(repeat)
    theirs, ours = sum(run.best["trafilatura"]), run.cleaning()
    for name, times in (("all stages", run.best["copydesk"]), ("extraction and cleaning", ours), ("trafilatura", run.best["trafilatura"])):
        print(f"{name:36} {1000 * statistics.mean(times):7.2f} ms a page (mean) {1000 * statistics.median(times):7.2f} ms (median)"
              f"   trafilatura takes {theirs / sum(times):.2f} times as long")
    for name, spent in sorted(run.divided().items(), key=lambda part: -part[1]):
        print(f"  {name:34} {spent:7.2f} ms")


if __name__ == "__main__":
    main()
