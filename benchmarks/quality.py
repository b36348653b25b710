"""Run copydesk over a benchmark's pages and score the result (see README.md beside this file).

    python benchmarks/quality.py extraction|bodies|text|metadata|dates|wire|quotes|all [--shared DIR] [--keep DIR]
                                 [--intervals] [--trafilatura]

``--intervals`` prints 95 % intervals of the article-body figures by bootstrap over pages (2,000 draws, fixed seed); ``--trafilatura``
scores trafilatura's own bodies on the same pages and prints the paired difference.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Command = list[str | Path]


class Benchmark:
    """Where the corpora and scorers lie, and where predictions go."""

    def __init__(self, shared: Path, work: Path, intervals: bool = False, trafilatura: bool = False) -> None:
        self.bench, self.corpus, self.work = shared / "bench", shared / "corpus", work
        self.intervals, self.trafilatura = intervals, trafilatura

    def extraction(self) -> Iterator[Command]:
        """Article body."""
        for name, options in (("zyte", []), ("fundus_eval", ["--rouge", "--best-optional"])):
            folder = self.corpus / "extraction" / name
            yield from self._bodies(name, folder / "html", folder / "gold.jsonl", *options)

    def bodies(self) -> Iterator[Command]:
        """Article body in many languages, against what fundus' parsers read."""
        folder, gold = self.corpus / "metadata" / "fundus", self.work / "bodies-gold.jsonl"
        run([self.bench / "make_fundus_body_gold.py", "--gold", folder / "gold.jsonl", "--out", gold, "--without-cjk"])
        yield from self._bodies("bodies", folder / "html", gold)

    def _bodies(self, name: str, pages: Path, gold: Path, *options: str) -> Iterator[Command]:
        predicted, table = self._predict(pages, "extraction", name), self.work / f"{name}-pages.tsv"
        known = {json.loads(line)["id"] for line in gold.open(encoding="utf-8")}
        lines = [line for line in predicted.open(encoding="utf-8") if json.loads(line)["id"] in known]
        predicted.write_text("".join(lines), encoding="utf-8")
        compared = ["--compare", str(_by_trafilatura(pages, known, self.work / f"{name}-trafilatura.jsonl"))] if (
            self.trafilatura and not name.endswith("-text")) else []
        yield self._score("score_extraction.py", gold, predicted, *options, "--leaks", "--worst", "10", "--pages", str(table), *compared)
        if self.intervals:
            print_intervals(table)

    def text(self) -> Iterator[Command]:
        """Article body in plain-text scrapes of the same pages."""
        for name, options in (("zyte", []), ("fundus_eval", ["--best-optional"])):
            folder, tracks = self.corpus / "extraction" / name, self.work / f"{name}-text"
            run([self.bench / "make_text_track.py", "--html", folder / "html", "--out", tracks])
            yield from self._bodies(f"{name}-text", tracks, folder / "gold.jsonl", *options)

    def metadata(self) -> Iterator[Command]:
        """Headline, authors, dates."""
        yield self._metadata("fundus")

    def dates(self) -> Iterator[Command]:
        """Day of publication."""
        yield self._metadata("dates")

    def wire(self) -> Iterator[Command]:
        """News agency in plain text."""
        texts = [self.corpus / "quotes" / "polnear" / f"{part}.jsonl" for part in ("train", "dev")]
        run([self.bench / "score_wire.py", "--texts", *texts, "--write", self.work / "wire-texts"])
        predicted = self._predict(self.work / "wire-texts", "metadata", "wire")
        yield self._score("score_wire.py", self.corpus / "metadata" / "wire" / "gold.jsonl", predicted)

    def quotes(self) -> Iterator[Command]:
        """Quotations with speakers."""
        gold, predicted = self.corpus / "quotes" / "polnear" / "dev.jsonl", self.work / "quotes.jsonl"
        run([self.bench / "predict_quotes.py", "--gold", gold, "--out", predicted])
        yield self._score("score_quotes.py", gold, predicted)
        reported = self.work / "quotes-indirect.jsonl"
        run([self.bench / "predict_quotes.py", "--gold", gold, "--out", reported, "--indirect"])
        yield self._score("score_quotes.py", gold, reported)

    def _metadata(self, name: str) -> Command:
        folder = self.corpus / "metadata" / name
        return self._score("score_metadata.py", folder / "gold.jsonl", self._predict(folder / "html", "metadata", name))

    def _predict(self, pages: Path, purpose: str, name: str) -> Path:
        """Pages to a dataset to predictions."""
        dataset, predicted = self.work / f"{name}-dataset", self.work / f"{name}.jsonl"
        started = time.monotonic()
        types = ["--page-types", "all"] if purpose == "metadata" else []
        run(["-m", "copydesk_flows.cli", "run", pages, "--output", dataset, "--direct", "--quiet", *types], allowed=(0, 3))
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
        run([self.bench / "dataset_to_pred.py", "--dataset", dataset, "--for", purpose, "--out", predicted])
        return predicted

    def _score(self, scorer: str, gold: Path, predicted: Path, *options: str) -> Command:
        return [self.bench / scorer, "--gold", gold, "--pred", predicted, *options]


def _by_trafilatura(pages: Path, known: set[str], out: Path) -> Path:
    """trafilatura's bodies of the same pages."""
    import trafilatura

    with out.open("w", encoding="utf-8") as file:
        for name in sorted(known):
            found = trafilatura.bare_extraction(gzip.decompress((pages / f"{name}.html.gz").read_bytes()), with_metadata=True)
            file.write(json.dumps({"id": name, "text": (found.text if found else "") or ""}) + "\n")
    return out


def print_intervals(table: Path) -> None:
    """95 % intervals over pages of what the scorer wrote for each page."""
    rows = list(csv.DictReader(table.open(encoding="utf-8"), delimiter="\t"))
    draw = random.Random(0)
    samples = [draw.choices(rows, k=len(rows)) for _ in range(2000)]
    figures: dict[str, Callable[[list[dict[str, str]]], float]] = {
        "F1 of mean P and R": lambda sample: statistics.harmonic_mean([_mean(sample, "p"), _mean(sample, "r")]),
        "mean F1": lambda sample: _mean(sample, "f1")}
    if "rouge" in rows[0]:
        figures["ROUGE-LSum"] = lambda sample: 100 * _mean(sample, "rouge")
    for name, figure in figures.items():
        drawn = sorted(map(figure, samples))
        print(f"{name}: {figure(rows):.4f} [{drawn[49]:.4f}, {drawn[1949]:.4f}]", flush=True)


def _mean(rows: list[dict[str, str]], column: str) -> float:
    return statistics.mean(float(row[column]) for row in rows)


def run(command: Command, allowed: tuple[int, ...] = (0,)) -> None:
    """Run a Python script or module; its output is ours.

    Raises:
        SystemExit: it ended with another code than the allowed ones.
    """
    code = subprocess.run([sys.executable, *map(str, command)], check=False).returncode
    if code not in allowed:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")


NAMES = ("extraction", "bodies", "text", "metadata", "dates", "wire", "quotes")


def main() -> None:
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*NAMES, "all"])
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared", help="folder of bench/ and corpus/")
    parser.add_argument("--keep", type=Path, help="keep datasets and predictions in this folder")
    parser.add_argument("--intervals", action="store_true", help="print intervals of the article-body figures")
    parser.add_argument("--trafilatura", action="store_true", help="score trafilatura's bodies too")
    options = parser.parse_args()
    if not (options.shared / "bench").is_dir():
        raise SystemExit(f"no benchmark in {options.shared}: say where it is with --shared")
    with tempfile.TemporaryDirectory() as scratch:
        work = options.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        benchmark = Benchmark(options.shared, work, options.intervals, options.trafilatura)
        for name in NAMES if options.what == "all" else (options.what,):
            for command in getattr(benchmark, name)():
                print(f"== {name}: {Path(command[0]).name}", flush=True)
                run(command)


if __name__ == "__main__":
    main()
