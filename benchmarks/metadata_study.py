"""Metadata of the fundus pages and the dates corpus: figures with intervals, what each kind of claim adds, and the errors by class.

    python benchmarks/metadata_study.py [--shared DIR] [--text] [--ablation] [--errors]

- the figures of ``score_metadata.py`` with 95 % intervals by bootstrap over pages (1,000 draws, fixed seed);
- ``--text``: the same of plain-text scrapes that ``make_text_track.py`` makes of the fundus pages;
- ``--ablation``: the figures when the claims of one kind of place are left out, and with the claims of that kind alone;
- ``--errors``: each wrong page, under what the right value was (claimed and not chosen, or nowhere claimed).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from copydesk import Claim, Field, MediaType, Metadata, Page, Person, Pipeline, Settings, When
from copydesk.metadata.choice import choose_metadata
from copydesk.stages import describe
from copydesk.stages.extract import extract
from copydesk.stages.label import label

Row = dict[str, Any]
DRAWS = 1_000
KINDS: dict[str, tuple[str, ...]] = {
    "JSON-LD": ("json-ld",), "meta elements": ("meta",), "window title, h1, html lang, link": ("title", "h1", "html", "link"),
    "byline elements and microdata": ("css",), "time elements": ("time",), "labelled blocks": ("label",),
    "text": ("text",), "address": ("url",), "htmldate's search": ("htmldate",)}
FIGURES = (("date", "day"), ("date", "instant"), ("title", "exact"), ("title", "token_f1"), ("authors", "exact_set"),
           ("authors", "micro_f1"), ("url", "precision"), ("lang", "same"))


@lru_cache(1)
def _pipeline() -> Pipeline:
    return Pipeline(Settings())


def described(path: Path, media_type: MediaType, left_out: Sequence[tuple[str, ...]]) -> list[Row]:
    """The prediction for a page with all claims, then without those of each kind, then with those of each kind alone."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz").removesuffix(".html").removesuffix(".txt")
    pipeline = _pipeline()
    document = extract(pipeline.plugins, Page(content, media_type=media_type))
    _, claims = describe.describe(pipeline.plugins, document, label(pipeline.plugins, document))
    kept = [claims, *(_without(claims, kinds) for kinds in left_out), *(_alone(claims, kinds) for kinds in left_out)]
    rows = [predicted(name, choose_metadata(document, some)) for some in kept]
    rows[0]["claims"] = [shown(claim) for claim in claims]
    return rows


def _without(claims: tuple[Claim, ...], kinds: tuple[str, ...]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.evidence.partition(":")[0] not in kinds)


def _alone(claims: tuple[Claim, ...], kinds: tuple[str, ...]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.evidence.partition(":")[0] in kinds)


def predicted(name: str, found: Metadata) -> Row:
    """As ``dataset_to_pred.py`` writes it."""
    return {"id": name, "title": found.headline, "authors": [person.name for person in found.authors], "credit": found.credit_text,
            "published": found.date_published.local if found.date_published else None, "lang": found.in_language,
            "url": found.canonical_url or found.url}


def shown(claim: Claim) -> tuple[str, str]:
    """A claim's field and value as text."""
    value = claim.value
    if isinstance(value, When):
        return claim.field, value.local
    if isinstance(value, tuple):
        return claim.field, "; ".join(item.name if isinstance(item, Person) else str(item) for item in value)
    return claim.field, str(value)


def _figures(scorer: Any, gold: list[Row], rows: list[Row]) -> Row:
    found: Row = scorer.score(gold, rows)[0]
    return found


def intervals(score: Callable[..., Row], gold: list[Row], rows: list[Row]) -> None:
    """The figures, each with its interval."""
    exact = score(gold, rows)
    known = {row["id"]: row for row in rows}
    draw = random.Random(0)
    drawn: dict[tuple[str, str], list[float]] = {figure: [] for figure in FIGURES}
    for _ in range(DRAWS):
        sample = [dict(page, id=f"{number}") for number, page in enumerate(draw.choices(gold, k=len(gold)))]
        answers = [dict(known[page["of"]], id=page["id"]) for page in sample if page["of"] in known]
        scored = score(sample, answers)
        for part, name in FIGURES:
            value = scored.get(part, {}).get(name)
            if value is not None:
                drawn[part, name].append(value)
    for figure, values in drawn.items():
        if values and exact.get(figure[0], {}).get(figure[1]) is not None:
            values.sort()
            print(f"  {' '.join(figure):20} {100 * exact[figure[0]][figure[1]]:5.1f} [{100 * values[len(values) // 40]:.1f}, "
                  f"{100 * values[-1 - len(values) // 40]:.1f}]  n={exact[figure[0]]['n']}", flush=True)
    if exact.get("date", {}).get("no_date"):
        print(f"  dates given on {exact['date']['false_dates']} of {exact['date']['no_date']} pages without one")


def ablation(score: Callable[..., Row], gold: list[Row], pages: list[list[Row]]) -> None:
    """A line a kind: points lost without it, and what it reaches alone."""
    whole = score(gold, [rows[0] for rows in pages])
    figures = [figure for figure in FIGURES if whole.get(figure[0], {}).get(figure[1]) is not None]
    print("  " + f"{'kind of place':34}" + "".join(f"{' '.join(figure):>20}" for figure in figures))
    for number, kind in enumerate(KINDS, start=1):
        without, alone = (score(gold, [rows[number + shift] for rows in pages]) for shift in (0, len(KINDS)))
        cells = [f"{_points(without, *figure) - _points(whole, *figure):+.1f} / {_points(alone, *figure):.1f}" for figure in figures]
        print("  " + f"{kind:34}" + "".join(f"{cell:>20}" for cell in cells), flush=True)


def _points(scored: Row, part: str, name: str) -> float:
    return 100 * (scored.get(part, {}).get(name) or 0)


def errors(scorer: Any, gold: list[Row], rows: list[Row]) -> None:
    """The wrong pages of each field by class."""
    known = {row["id"]: row for row in rows}
    for field, claimed, right in (
            ("published", Field.DATE_PUBLISHED, lambda page, row: _figures(scorer, [page], [row]).get("date", {}).get("day") == 1),
            ("title", Field.HEADLINE, lambda page, row: scorer.fold(page["title"]) == scorer.fold(row["title"])),
            ("authors", Field.AUTHORS, lambda page, row: scorer.author_set(page["authors"]) == scorer.author_set(row["authors"]))):
        classes: Counter[str] = Counter()
        for page in gold:
            wanted = page.get(field) or (page.get("date") if field == "published" else None)
            if not wanted or right(page, known[page["id"]]):
                continue
            held = any(name == claimed and right(page, {**known[page["id"]], field: value.split("; ") if field == "authors" else value})
                       for name, value in known[page["id"]]["claims"])
            kind = "claimed, not chosen" if held else "found nothing" if not known[page["id"]][field] else "nowhere claimed"
            classes[kind] += 1
            print(f"  {field}: {kind}: {page['id']}: {wanted!r} -> {known[page['id']][field]!r}")
        print(f"  {field}: {dict(classes)}", flush=True)


def read(pages: Iterable[Path], media_type: MediaType, left_out: Sequence[tuple[str, ...]]) -> list[list[Row]]:
    """The predictions for each page, by two processes."""
    with Pool(2) as pool:
        return pool.map(partial(described, media_type=media_type, left_out=left_out), sorted(pages), chunksize=8)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    for name in ("text", "ablation", "errors"):
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    sys.path.insert(0, str(options.shared / "bench"))
    import make_text_track
    import score_metadata as scorer

    corpus = options.shared / "corpus" / "metadata"
    kinds = list(KINDS.values()) if options.ablation else []
    for name in ("fundus",) if options.text else ("fundus", "dates"):
        gold = [dict(json.loads(line)) for line in (corpus / name / "gold.jsonl").open(encoding="utf-8")]
        gold = [dict(page, of=page["id"]) for page in gold]
        html = corpus / name / "html"
        pages = _scraped(make_text_track.scrape, html, kinds) if options.text else read(html.glob("*.html.gz"), MediaType.HTML, kinds)
        print(f"{name}{' as plain text' if options.text else ''}: {len(pages)} pages", flush=True)
        rows = [found[0] for found in pages]
        intervals(partial(_figures, scorer), gold, rows)
        if options.ablation:
            ablation(partial(_figures, scorer), gold, pages)
        if options.errors:
            errors(scorer, gold, rows)


def _scraped(scrape: Callable[[bytes], str], html: Path, kinds: Sequence[tuple[str, ...]]) -> list[list[Row]]:
    """The same of plain-text scrapes of the pages."""
    with tempfile.TemporaryDirectory() as folder:
        for page in html.glob("*.html.gz"):
            text = scrape(gzip.decompress(page.read_bytes()))
            (Path(folder) / f"{page.name.removesuffix('.html.gz')}.txt").write_text(text, encoding="utf-8")
        return read(Path(folder).glob("*.txt"), MediaType.TEXT, kinds)


if __name__ == "__main__":
    main()
