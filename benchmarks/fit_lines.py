"""Fit the weights of copydesk_plugins/label/text_lines/line_model.py to pages whose article is known, and check them on sites left out.

    python benchmarks/fit_lines.py [--shared DIR] [--write plugins/copydesk_plugins/data/line_model.json]

Pages are the text tracks (see README.md) of extraction/zyte, extraction/fundus_eval and metadata/fundus, and their golds alone: articles
that stand in a file without a page around them. Needs scikit-learn beside copydesk. Prints the shares of lines of left-out sites that are
told right; ``quality.py text`` scores the weights that were written. The same material gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from copydesk import MediaType, Page, Pipeline, fold_text, registrable_domain
from copydesk.stages.extract import extract
from copydesk_plugins.label.clean_text_layout import Plugin
from copydesk_plugins.label.text_lines.line_model import log_odds
from copydesk_plugins.shared.prose import sentences

FOLDS = 6
INVERSE_PENALTY = 0.1
ALONE = 0.5          # weight of an article without a page, against a page
LEAST_KEY = 25       # characters of a line that is looked for anywhere in the gold
LEAST_SUPPORT = 8    # lines with a fact, for it to get a weight
NOT_WORD = re.compile(r"[\W_]+")
TOKEN = re.compile(r"\w+")
SETS = (("extraction/zyte", None), ("extraction/fundus_eval", None), ("metadata/fundus", "make_fundus_body_gold.py"))


@dataclass(frozen=True)
class Example:
    """The lines of a page near its run: facts, whether each is of the article (0 to 1), and how much each counts."""

    site: str
    facts: list[list[str]]
    wanted: list[float]
    counts: list[float]


def key(text: str) -> str:
    """Letters and digits of a text."""
    return NOT_WORD.sub("", fold_text(text))


def grams(text: str) -> set[tuple[str, ...]]:
    """Runs of four words."""
    found = TOKEN.findall(text)
    return {tuple(found[i:i + 4]) for i in range(max(1, len(found) - 3))}


def wanted_lines(texts: Sequence[str], gold: str) -> list[float]:
    """For each line, how much of it is in the gold; short lines count only as lines of the gold between or beside longer ones."""
    whole, single, of_gold = key(gold), {key(line) for line in gold.split("\n")}, grams(gold)
    keys = [key(text) for text in texts]
    found = [float(name in single and bool(name)) for name in keys]
    for index, name in enumerate(keys):
        if len(name) >= LEAST_KEY:
            own = grams(texts[index])
            found[index] = 1.0 if name in whole else len(own & of_gold) / max(1, len(own))
    sure = [index for index, name in enumerate(keys) if len(name) >= LEAST_KEY and found[index] >= 0.5]
    near = range(sure[0] - 2, sure[-1] + 3) if sure else range(0)
    found = [value if len(keys[index]) >= LEAST_KEY or index in near else 0.0 for index, value in enumerate(found)]
    for name in {name for index, name in enumerate(keys) if found[index] >= 0.5 and keys.count(name) > 1}:
        copies = [index for index, other in enumerate(keys) if other == name]
        around = {i: sum(found[j] * len(texts[j]) for j in range(max(0, i - 6), min(len(texts), i + 7)) if j not in copies) for i in copies}
        for index in sorted(copies, key=lambda i: -around[i])[max(1, whole.count(name)):]:
            found[index] = 0.0
    return found


class Maker:
    """Makes examples of texts."""

    def __init__(self) -> None:
        self.pipeline, self.layout = Pipeline(), Plugin()

    def example(self, text: str, site: str, gold: str, weight: float) -> Example | None:
        """The example of a text; None where none of the gold is in it."""
        document = extract(self.pipeline.plugins, Page(text.encode(), MediaType.TEXT))
        texts = [block.text for block in document.blocks]
        wanted = wanted_lines(texts, gold)
        if max(wanted, default=0.0) < 0.5:
            return None
        lines = self.layout.lines(document)
        wanted = wanted[lines.first:lines.last]
        counts = [sentences.count_words(each) ** 0.5 * (0.3 if 0.2 < value < 0.8 else 1.0)
                  for each, value in zip(texts[lines.first:lines.last], wanted, strict=True)]
        return Example(site, lines.facts(), wanted, [weight * count / sum(counts) for count in counts])

    def examples(self, shared: Path, work: Path) -> Iterator[Example]:
        """All examples: each page, and each gold alone: whole, cut off with its title, whole with its title."""
        number = 0
        for name, script in SETS:
            folder, gold = shared / "corpus" / name, shared / "corpus" / name / "gold.jsonl"
            tracks = work / name
            run(shared / "bench" / "make_text_track.py", "--html", folder / "html", "--out", tracks)
            if script:
                run(shared / "bench" / script, "--gold", gold, "--out", work / "body.jsonl")
                gold = work / "body.jsonl"
            for row in map(json.loads, gold.open(encoding="utf-8")):
                site = registrable_domain(row["url"]) or urlsplit(row["url"]).netloc
                text = (tracks / f"{row['id']}.txt").read_text(encoding="utf-8")
                alone = [line for line in row["text"].split("\n") if line.strip()]
                if number % 3 == 1:
                    alone = [*alone[:max(3, len(alone) // 2)]]
                    alone[-1] = alone[-1][:max(40, len(alone[-1]) * 2 // 3)]
                title = text.split("\n", 1)[0] if number % 3 else ""
                number += 1
                parts = [(text, 1.0), ("\n\n".join([title, *alone]), ALONE)] if len(alone) > 2 else [(text, 1.0)]
                for part, weight in parts:
                    example = self.example(part, site, row["text"], weight)
                    if example:
                        yield example


def run(*command: Path | str) -> None:
    """Run a script of the benchmark."""
    subprocess.run([sys.executable, *map(str, command)], check=True, stdout=subprocess.DEVNULL)


def matrix(examples: Sequence[Example], names: dict[str, int]) -> csr_matrix:
    """Lines by facts."""
    lines = [line for example in examples for line in example.facts]
    pairs = [(row, names[fact]) for row, line in enumerate(lines) for fact in line if fact in names]
    rows, columns = zip(*pairs, strict=True)
    return csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(lines), len(names)))


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """The weights, those of rare facts left out."""
    support: dict[str, int] = {}
    for example in examples:
        for line in example.facts:
            for fact in line:
                support[fact] = support.get(fact, 0) + 1
    names = {fact: number for number, fact in enumerate(sorted(fact for fact, count in support.items() if count >= LEAST_SUPPORT))}
    wanted = np.array([value >= 0.5 for example in examples for value in example.wanted])
    counts = np.array([count for example in examples for count in example.counts])
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=500, tol=1e-4)
    model.fit(matrix(examples, names), wanted, sample_weight=counts * len(counts) / counts.sum())
    weights = {fact: round(float(model.coef_[0][number]), 2) for fact, number in names.items()}
    return {"bias": round(float(model.intercept_[0]), 3), **{fact: weight for fact, weight in weights.items() if abs(weight) >= 0.02}}


def fold(site: str) -> int:
    """The fold of a site."""
    return int(sha256(site.encode()).hexdigest(), 16) % FOLDS


def main() -> None:
    """Fit with each fold of sites left out, then with all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared", help="folder of bench/ and corpus/")
    parser.add_argument("--write", type=Path, help="write the weights fitted to all pages to this file")
    parser.add_argument("--folds", type=Path, help="write the weights fitted without each fold to <folder>/<fold>.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        examples = list(Maker().examples(options.shared, Path(scratch)))
    print(f"{len(examples)} examples, {sum(len(example.facts) for example in examples)} lines", flush=True)
    right = total = 0.0
    for number in range(FOLDS):
        weights = fit([example for example in examples if fold(example.site) != number])
        if options.folds:
            write(options.folds / f"{number}.json", weights)
        for example in examples:
            if fold(example.site) == number:
                odds = log_odds(example.facts, weights)
                right += sum(c * ((o > 0) == (w >= 0.5)) for o, w, c in zip(odds, example.wanted, example.counts, strict=True))
                total += sum(example.counts)
    print(f"lines of left-out sites told right, by square root of words: {right / total:.4f}")
    if options.write:
        write(options.write, fit(examples))


def write(path: Path, weights: dict[str, float]) -> None:
    """The data file, with a note on its source."""
    note = ("Log-odds that a line of a plain-text page belongs to the article, by fact (see label/text_lines/line_model.py). Fitted by "
            "benchmarks/fit_lines.py: logistic regression over lines of text tracks of news pages; holds no text of theirs.")
    rows = ",\n".join(f"{json.dumps(fact)}: {weight:g}" for fact, weight in weights.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{"about": {json.dumps(note)},\n"weights": {{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
