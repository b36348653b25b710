"""Cross-validated figures of the article body: each page is read with block scores from a model that saw no page of its site.

    python benchmarks/fit_blocks.py --out /tmp/weights.toml --predictions scores.pickle
    python benchmarks/held_out.py scores.pickle [--shared DIR] [--keep DIR] [--second-opinion unsure|always|off]

Everything but the scores is as in a run. Prints what `quality.py extraction` and `bodies` print, with intervals, how many pages
trafilatura was asked about, and the reliability of `confidence`: pages in groups of like confidence with the F1 that they had.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import pickle
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from quality import Benchmark, print_intervals, run

from copydesk import Page, Pipeline, Settings
from copydesk_plugins.label.block_model.features import BlockFacts
from copydesk_plugins.label.label_model import Plugin

STEPS = (0.0, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 1.01)


class HeldOut:
    """The pipeline, with scores from outside in place of the model's."""

    def __init__(self, scores: Mapping[str, Sequence[float]], opinion: str) -> None:
        chosen = {"plugin_settings": {"label_model": {"second_opinion": opinion}}, "content": {"page_types": ["all"]}}
        self.pipeline = Pipeline(Settings.model_validate(chosen))
        self.known, self.page, self.without = scores, "", 0
        plugin = next(plugin for plugin in self.pipeline.plugins.manager.get_plugins() if isinstance(plugin, Plugin))
        self.model, plugin.model = plugin.model, self  # type: ignore[assignment]  # stands in for it

    def scores(self, facts: BlockFacts) -> Sequence[float]:
        """The page's scores; the shipped model's for a page that had no gold."""
        found = self.known.get(self.page)
        if found is not None and len(found) == len(facts.lengths):
            return found
        self.without += 1
        return self.model.scores(facts)

    def read(self, name: str, content: bytes) -> tuple[str, float, bool]:
        """Body, confidence, whether trafilatura was asked."""
        self.page = name
        article = self.pipeline.process(Page(content)).article
        if article is None:
            return "", 0.0, False
        return article.body, article.confidence, any(label.rule.startswith("second-opinion") for label in article.labels)


def sets(benchmark: Benchmark) -> Iterator[tuple[str, Path, Path, list[str]]]:
    """Name, pages, gold and scorer's options of each set."""
    for name, options in (("zyte", []), ("fundus_eval", ["--rouge", "--best-optional"])):
        folder = benchmark.corpus / "extraction" / name
        yield name, folder / "html", folder / "gold.jsonl", options
    folder, gold = benchmark.corpus / "metadata" / "fundus", benchmark.work / "bodies-gold.jsonl"
    run([benchmark.bench / "make_fundus_body_gold.py", "--gold", folder / "gold.jsonl", "--out", gold, "--without-cjk"])
    yield "bodies", folder / "html", gold, []


def reliability(found: Sequence[tuple[float, float]]) -> None:
    """Print groups of (confidence, F1)."""
    print("confidence      pages  mean confidence  mean F1")
    for low, high in pairwise(STEPS):
        group = [pair for pair in found if low <= pair[0] < high]
        if group:
            said, seen = (statistics.mean(pair[side] for pair in group) for side in (0, 1))
            print(f"{low:.2f} to {min(high, 1):.2f}  {len(group):6}  {said:15.3f}  {seen:7.3f}")


def main() -> None:
    """Read, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scores", type=Path, help="what fit_blocks.py --predictions wrote")
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--keep", type=Path, help="keep predictions in this folder")
    parser.add_argument("--second-opinion", default="unsure", choices=["unsure", "always", "off"])
    options = parser.parse_args()
    held_out = HeldOut(pickle.loads(options.scores.read_bytes()), options.second_opinion)
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        work = options.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        benchmark = Benchmark(options.shared, work)
        for name, pages, gold, scoring in sets(benchmark):
            ids = [json.loads(line)["id"] for line in gold.open(encoding="utf-8")]
            read = {each: held_out.read(each, gzip.decompress((pages / f"{each}.html.gz").read_bytes())) for each in ids}
            predicted, table = work / f"{name}.jsonl", work / f"{name}.tsv"
            lines = [json.dumps({"id": each, "text": body}) + "\n" for each, (body, *_) in read.items()]
            predicted.write_text("".join(lines), encoding="utf-8")
            print(f"== {name}: trafilatura was asked about {sum(asked for *_, asked in read.values())} of {len(ids)} pages", flush=True)
            run([benchmark.bench / "score_extraction.py", "--gold", gold, "--pred", predicted, *scoring, "--leaks", "--pages", table])
            print_intervals(table)
            f1 = {row["id"]: float(row["f1"]) for row in csv.DictReader(table.open(encoding="utf-8"), delimiter="\t")}
            pairs += [(confidence, f1[each]) for each, (_, confidence, _) in read.items()]
    print(f"pages without scores of their own (read with the shipped weights): {held_out.without}")
    reliability(pairs)


if __name__ == "__main__":
    main()
