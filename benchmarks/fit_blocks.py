"""Fit the block model: dev pages with known bodies (and pages with the pipeline's own reading) to data/block_model.toml.

    python benchmarks/fit_blocks.py [--shared DIR] [--folds 8] [--out FILE] [--predictions FILE]

Needs scikit-learn. Gold bodies are aligned with the blocks of each page in order; a block is in when at least half of its words are. The
pages of corpus/metadata/dates have no gold body: trafilatura's reading, cleaned, stands in for one at half the weight, so that the
model meets many more sites. With ``--predictions`` scores for each page come from a model fitted without the sites of its fold
(registrable domains); these are the figures to trust. Deterministic.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from copydesk import Document, Label, Page, Pipeline, Reason, Settings
from copydesk.stages import describe
from copydesk.stages.extract import extract
from copydesk.stages.label import label
from copydesk.stages.proposals import verdicts
from copydesk.text.urls import registrable_domain
from copydesk_plugins.label.block_model import model
from copydesk_plugins.label.block_model.alignment import shares
from copydesk_plugins.label.block_model.element_names import ElementNames
from copydesk_plugins.label.block_model.feature_names import features, place_features
from copydesk_plugins.label.block_model.features import BlockFacts, facts
from copydesk_plugins.label.block_model.second_opinion import SecondOpinion
from copydesk_plugins.label.label_model import KEEP, LEAVE_OUT

TEACHER = 0.5
LEAST_SEEN = 25
STRENGTHS = (0.15, 0.1)
OPEN = 0.15
PARTLY = 0.3
INNER = 3
HEAD = """# Weights of the block model (`label/block_model`), in hundredths of log odds, written by benchmarks/fit_blocks.py: logistic
# regression on bucketed facts of the blocks of {pages} pages of {sites} sites, labelled by aligning known article bodies with them (Zyte's
# article-extraction-benchmark, fundus-evaluation, fundus parser tests; development halves) or by trafilatura's reading after
# cleaning (htmldate evaluation). `feature_names.py` and `model.py` of that folder spell the
# names of features; none names a site.
"""


@dataclass(slots=True)
class Example:
    """A page: its facts, which blocks are in, how much each counts, and its fold."""

    id: str
    site: str
    facts: BlockFacts
    inside: list[bool]
    weights: list[float]
    fold: int


def pages(shared: Path, folds: int) -> Iterator[Example]:
    """All training pages."""
    pipeline, names, corpus = Pipeline(Settings(disable=("label_model",))), ElementNames(), shared / "corpus"
    for folder in ("extraction/zyte", "extraction/fundus_eval", "metadata/fundus", "metadata/dates"):
        for line in (corpus / folder / "gold.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            source = corpus / folder / "html" / f"{row['id']}.html.gz"
            document = extract(pipeline.plugins, Page(gzip.decompress(source.read_bytes())), pipeline.settings.limits)
            found = _taught(pipeline, document) if folder.endswith("dates") else _known(document, row)
            if found is None:
                continue
            site = registrable_domain(row["url"]) or row["id"]
            fold = int(hashlib.sha256(site.encode()).hexdigest(), 16) % folds
            yield Example(row["id"], site, facts(document, names), *found, fold)


def _known(document: Document, row: dict[str, Any]) -> tuple[list[bool], list[float]] | None:
    texts = [block.text for block in document.blocks]
    parts = row.get("paragraphs") or []
    optional = "\n".join(parts[index] for index in row.get("optional") or [])
    body = row.get("text") or ""
    if parts and isinstance(parts[0], dict):
        optional = "\n".join(part["text"] for part in parts if part["role"] == "summary")
        body = "\n".join(part["text"] for part in parts if part["role"] != "summary")
    if len(body) < 200 or not texts:
        return None
    found, either = shares(texts, body), shares(texts, optional) if optional else [0.0] * len(texts)
    weights = _lengths(texts)
    for at, (share, left_open) in enumerate(zip(found, either, strict=True)):
        weights[at] *= (PARTLY if 0.15 < share < 0.85 else 1.0) * (OPEN if left_open > 0.5 else 1.0)
    return [share >= 0.5 for share in found], weights


def _taught(pipeline: Pipeline, document: Document) -> tuple[list[bool], list[float]] | None:
    """What trafilatura and the cleaning plugins leave of a page that has no gold."""
    kept = SecondOpinion(0.5, 1_500).kept(document)
    if not kept:
        return None
    votes = tuple(Label(block.index, Reason.ARTICLE, "kept", KEEP) if block.index in kept else
                  Label(block.index, Reason.BOILERPLATE, "left-out", LEAVE_OUT) for block in document.blocks)
    labels = (*votes, *label(pipeline.plugins, document))
    metadata, _ = describe.describe(pipeline.plugins, document, labels)
    inside = [not verdict.removed for verdict in verdicts.final_verdicts(document.blocks, labels, metadata)]
    size = sum(len(block.text) for block, kept in zip(document.blocks, inside, strict=True) if kept)
    if size < 500 or metadata.page_type not in ("article", "live_blog", "stub"):
        return None
    return inside, [TEACHER * weight for weight in _lengths([block.text for block in document.blocks])]


def _lengths(texts: Sequence[str]) -> list[float]:
    """Each block counts by the root of its length, each page the same."""
    roots = [sqrt(max(1.0, len(text) / 6)) for text in texts]
    return [100 * root / sum(roots) for root in roots]


Rows = list[list[tuple[str, ...]]]


def first_rows(examples: Sequence[Example]) -> Rows:
    """The feature names of the own facts of each block outside of the page's frame."""
    return [[(*place_features(each.facts.places[at], each.facts.rough[at]),
              *chain.from_iterable(features(*item) for item in enumerate(each.facts.families[at])))
             for at in each.facts.open] for each in examples]


def fit(examples: Sequence[Example], rows: Rows, chosen: Iterable[int], strength: float) -> dict[str, float]:
    """Weights of the features, from the chosen pages."""
    chosen = list(chosen)
    seen = Counter(name for index in chosen for row in rows[index] for name in row)
    names = {name: at for at, name in enumerate(sorted(name for name, times in seen.items() if times >= LEAST_SEEN))}
    columns, starts = [], [0]
    for index in chosen:
        for row in rows[index]:
            columns += [names[name] for name in row if name in names]
            starts.append(len(columns))
    matrix = csr_matrix((np.ones(len(columns), dtype=np.float64), columns, starts), shape=(len(starts) - 1, len(names)))
    inside = np.concatenate([np.array(examples[index].inside)[examples[index].facts.open] for index in chosen])
    weights = np.concatenate([np.array(examples[index].weights)[examples[index].facts.open] for index in chosen])
    fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-3).fit(matrix, inside, sample_weight=weights)
    return {"bias": float(fitted.intercept_[0]), **{name: float(fitted.coef_[0][at]) for name, at in names.items()}}


def fit_both(examples: Sequence[Example], rows: Rows, chosen: Sequence[int]) -> tuple[dict[str, float], dict[str, float]]:
    """Both stages; the second learns from scores that the first gave to pages of sites it had not seen."""
    alone: list[list[float]] = [[] for _ in examples]
    for part in range(INNER):
        held_out = [index for index in chosen if examples[index].fold % INNER == part]
        partial = model.BlockModel(fit(examples, rows, sorted(set(chosen) - set(held_out)), STRENGTHS[0]), {})
        for index in held_out:
            alone[index] = _alone(partial, examples[index].facts)
    first = fit(examples, rows, chosen, STRENGTHS[0])
    contexts = [[tuple(model.context_features(*family)) for family in model.contexts(each.facts, scores)] if scores else []
                for each, scores in zip(examples, alone, strict=True)]
    return first, fit(examples, contexts, chosen, STRENGTHS[1])


def _alone(fitted: model.BlockModel, page: BlockFacts) -> list[float]:
    for place in page.places:
        place.scores.clear()
    return fitted.alone(page)


def predictions(examples: Sequence[Example], rows: Rows, folds: int, progress: Callable[[str], None] = print) -> dict[str, list[float]]:
    """Scores of each page's blocks from a model that saw no page of its site."""
    found: dict[str, list[float]] = {}
    for fold in range(folds):
        train = [index for index, each in enumerate(examples) if each.fold != fold]
        fitted = model.BlockModel(*fit_both(examples, rows, train))
        for each in examples:
            if each.fold == fold:
                for place in each.facts.places:
                    place.scores.clear()
                found[each.id] = fitted.scores(each.facts)
        progress(f"fold {fold} of {folds}")
    return found


def write(path: Path, first: dict[str, float], second: dict[str, float], examples: Sequence[Example]) -> None:
    """The data file."""
    lines = [HEAD.format(pages=len(examples), sites=len({each.site for each in examples}))]
    for name, weights in (("first", first), ("second", second)):
        lines += [f"[{name}]", *[f'"{head}" = "{text}"' for head, text in model.packed(weights).items()], ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parents[1]
    parser.add_argument("--shared", type=Path, default=root.parent / "shared")
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--out", type=Path, default=root / "plugins" / "copydesk_plugins" / "data" / "block_model.toml")
    parser.add_argument("--predictions", type=Path, help="also cross-validate, and write each page's scores to this file (pickle)")
    options = parser.parse_args()
    examples = list(pages(options.shared, options.folds))
    rows = first_rows(examples)
    print(f"{len(examples)} pages, {sum(map(len, rows))} blocks", flush=True)
    if options.predictions:
        options.predictions.write_bytes(pickle.dumps(predictions(examples, rows, options.folds)))
    write(options.out, *fit_both(examples, rows, range(len(examples))), examples)
    print(f"{options.out}: {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
