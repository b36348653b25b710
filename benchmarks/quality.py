"""Run copydesk over a benchmark's pages and score the result (see README.md beside this file).

    python benchmarks/quality.py extraction|text|metadata|dates|wire|quotes|all [--shared DIR] [--keep DIR]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

Command = list[str | Path]


class Benchmark:
    """Where the corpora and scorers lie, and where predictions go."""

    def __init__(self, shared: Path, work: Path) -> None:
        self.bench, self.corpus, self.work = shared / "bench", shared / "corpus", work

    def extraction(self) -> Iterator[Command]:
        """Article body."""
        for name, options in (("zyte", []), ("fundus_eval", ["--rouge", "--best-optional"])):
            folder = self.corpus / "extraction" / name
            yield self._score("score_extraction.py", folder / "gold.jsonl", self._predict(folder / "html", "extraction", name), *options)

    def text(self) -> Iterator[Command]:
        """Article body in plain-text scrapes of the same pages."""
        for name, options in (("zyte", []), ("fundus_eval", ["--best-optional"])):
            folder, tracks = self.corpus / "extraction" / name, self.work / f"{name}-text"
            run([self.bench / "make_text_track.py", "--html", folder / "html", "--out", tracks])
            yield self._score("score_extraction.py", folder / "gold.jsonl", self._predict(tracks, "extraction", f"{name}-text"), *options)

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


def run(command: Command, allowed: tuple[int, ...] = (0,)) -> None:
    """Run a Python script or module; its output is ours.

    Raises:
        SystemExit: it ended with another code than the allowed ones.
    """
    code = subprocess.run([sys.executable, *map(str, command)], check=False).returncode
    if code not in allowed:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")


NAMES = ("extraction", "text", "metadata", "dates", "wire", "quotes")


def main() -> None:
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=[*NAMES, "all"])
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared", help="folder of bench/ and corpus/")
    parser.add_argument("--keep", type=Path, help="keep datasets and predictions in this folder")
    options = parser.parse_args()
    if not (options.shared / "bench").is_dir():
        raise SystemExit(f"no benchmark in {options.shared}: say where it is with --shared")
    with tempfile.TemporaryDirectory() as scratch:
        work = options.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        benchmark = Benchmark(options.shared, work)
        for name in NAMES if options.what == "all" else (options.what,):
            for command in getattr(benchmark, name)():
                print(f"== {name}: {Path(command[0]).name}", flush=True)
                run(command)


if __name__ == "__main__":
    main()
