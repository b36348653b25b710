"""How far the quotes can be trusted, on PolNeAR: calibration, reliability, accuracy by pattern, classes of errors, intervals.

    python benchmarks/quote_report.py calibrate     confidence by pattern and kind of source, from train; --write sets it
    python benchmarks/quote_report.py reliability   share of right speakers by range of confidence, on dev and train
    python benchmarks/quote_report.py patterns      speakers right by sentence pattern
    python benchmarks/quote_report.py errors        what goes wrong, in classes with counts
    python benchmarks/quote_report.py intervals     the scorer's figures with 95 % intervals by bootstrap over articles

Only shares are taken from the corpus; none of its text is kept. A speaker is right when its last word is that of the corpus' entity or,
where there is none, when it overlaps the source the annotators marked.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import copydesk
import copydesk_plugins

SHARED = Path(__file__).resolve().parents[2] / "shared"
LEXICON = Path(copydesk_plugins.__file__).parent / "data" / "quotes_en.toml"
RANGES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.0)
PRIOR = 20
"""The set value of a pattern weighs as much as so many quotes of it."""
SET = frozenset({"transcript", "alternating", "indirect"})
"""Patterns that stay as they are set: the corpus marks no turns of transcripts as quotations."""
DRAWS = 400
KINDS = ("name", "phrase", "pronoun")
UNNAMED = frozenset({"they", "it", "we", "i", "you", "who", "someone", "others", "many", "some", "one", "another", "both", "all"})
ARTICLES = frozenset({"the", "a", "an", "his", "her", "their", "its", "one", "another", "some", "two", "this", "many"})


@dataclass(frozen=True)
class Case:
    """A quoted stretch of the corpus beside our quote of it (None: not found)."""

    quote: copydesk.Quote | None
    right: bool
    as_written: bool
    source_type: str

    @property
    def kind(self) -> str:
        """How our source is written: name, phrase, pronoun (he, she) or unnamed (they, someone)."""
        text = self.quote.speaker_text if self.quote is not None else None
        if text is None or text.lower() in ("he", "she"):
            return "pronoun"
        if text.lower() in UNNAMED:
            return "unnamed"
        return "name" if text[0].isupper() and text.split()[0].lower() not in ARTICLES else "phrase"


def load_scorer(shared: Path) -> Any:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_quotes", shared / "bench" / "score_quotes.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer in {shared}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def articles(shared: Path, part: str) -> list[dict[str, Any]]:
    """The articles of a part of the corpus."""
    return [json.loads(line) for line in (shared / "corpus" / "quotes" / "polnear" / f"{part}.jsonl").open(encoding="utf-8")]


def cases(shared: Path, part: str) -> Iterator[Case]:
    """Every quoted stretch that has a source, but the optional ones."""
    score = load_scorer(shared)
    for article in articles(shared, part):
        found = copydesk.find_quotes(article["text"])
        for gold in article["quotes"]:
            source = next((each for each in (article["attributions"][k] for k in gold["att"]) if each["source"]), None)
            if source is None or gold["label"] == "optional":
                continue
            quote = next((each for each in found if score.iou((each.start, each.end), (gold["start"], gold["end"])) >= 0.5), None)
            written = quote is not None and quote.speaker_start is not None and quote.speaker_end is not None and any(
                min(end, quote.speaker_end) > max(start, quote.speaker_start) for start, end in source["source"])
            right = written
            if source["entity"] and quote is not None:
                right = quote.speaker is not None and score.last(quote.speaker) == score.last(source["entity"])
            yield Case(quote, right, written, source["source_type"])


def share(group: list[bool]) -> str:
    """A share as text."""
    return f"{sum(group) / len(group):.2f}" if group else "-"


def calibrate(shared: Path, write: bool) -> None:
    """Print, and with ``write`` set, the share of right speakers by pattern for names and phrases, drawn to the set values where few."""
    groups: dict[tuple[str, str], list[bool]] = collections.defaultdict(list)
    for case in cases(shared, "train"):
        if case.quote is not None and case.quote.speaker:
            groups[case.quote.pattern, case.kind].append(case.right)
    text = LEXICON.read_text("utf-8")
    for line in re.findall(r"^[a-z-]+ = \[[01]\.\d+, [01]\.\d+\]$", text, re.M):
        pattern, _, rest = line.partition(" = ")
        named, phrase = json.loads(rest)
        if pattern in SET:
            continue
        values = [_drawn(groups[pattern, "name"], named), _drawn(groups[pattern, "phrase"], phrase)]
        counts = ", ".join(f"{kind} {share(groups[pattern, kind])} of {len(groups[pattern, kind])}" for kind in KINDS)
        print(f"{pattern}: set {named}, {phrase}; drawn {values[0]}, {values[1]} ({counts})")
        text = text.replace(line, f"{pattern} = {json.dumps(values)}")
    pronouns = [right for (_, kind), group in groups.items() if kind == "pronoun" for right in group]
    print(f"he and she: {share(pronouns)} of {len(pronouns)}")
    if write:
        LEXICON.write_text(text, "utf-8")


def _drawn(group: list[bool], value: float) -> float:
    return min(0.98, round((sum(group) + PRIOR * value) / (len(group) + PRIOR), 2)) if value else 0.0


def reliability(shared: Path) -> None:
    """Print mean confidence and share of right speakers by range of confidence."""
    print("| confidence | " + " | ".join(f"{part}: mean | right | stretches" for part in ("train", "dev")) + " |")
    columns = []
    for part in ("train", "dev"):
        named = [case for case in cases(shared, part) if case.quote is not None and case.quote.speaker]
        upper, rows = 1.01, []
        for low in RANGES:
            group = [case for case in named if case.quote is not None and low <= case.quote.confidence < upper]
            mean = sum(case.quote.confidence for case in group if case.quote is not None) / max(1, len(group))
            rows.append(f"{mean:.2f} | {share([case.right for case in group])} | {len(group):,}")
            upper = low
        columns.append(rows)
    for low, one, two in zip(RANGES, *columns, strict=True):
        print(f"| {low} and more | {one} | {two} |")


def patterns(shared: Path) -> None:
    """Print how often the speaker as written is right, by pattern."""
    for part in ("train", "dev"):
        groups: dict[str, list[bool]] = collections.defaultdict(list)
        for case in cases(shared, part):
            if case.quote is not None:
                groups[case.quote.pattern].append(case.as_written)
        print(part, *(f"{name} {share(group)} of {len(group)}" for name, group in sorted(groups.items(), key=lambda item: -len(item[1]))),
              sep="\n  ")


def errors(shared: Path) -> None:
    """Print classes of errors on dev with their counts."""
    counts = collections.Counter(_error(case) for case in cases(shared, "dev"))
    total = sum(counts.values())
    for name, count in counts.most_common():
        print(f"{name}: {count} of {total}")


def _error(case: Case) -> str:
    if case.right:
        return "right"
    if case.quote is None:
        return "not found as a quotation"
    if not case.quote.speaker:
        return "no speaker given"
    if case.as_written:
        return "the right words, resolved to another name" + (" (he, she)" if case.kind == "pronoun" else "")
    return f"other words taken for the source ({case.quote.pattern})"


def intervals(shared: Path) -> None:
    """Print the scorer's figures for dev with intervals over articles."""
    import random

    score, gold = load_scorer(shared), articles(shared, "dev")
    with tempfile.TemporaryDirectory() as work:
        for indirect in (False, True):
            predicted = {article["id"]: _rows(article["text"], indirect) for article in gold}
            draw, drawn = random.Random(0), []
            for place in range(DRAWS + 1):
                sample = gold if not place else draw.choices(gold, k=len(gold))
                drawn.append(_scored(score, Path(work), sample, predicted))
            for name, figure in FIGURES[indirect].items():
                values = sorted(figure(each) for each in drawn[1:])
                low, high = values[DRAWS // 40], values[-DRAWS // 40]
                print(f"{name}: {100 * figure(drawn[0]):.1f} [{100 * low:.1f}, {100 * high:.1f}]", flush=True)


FIGURES: dict[bool, dict[str, Callable[[dict[str, Any]], float]]] = {
    False: {"QUOTED exact F1": lambda out: out["QUOTED exact"]["F1"],
            "speaker, all quoted": lambda out: out["SPEAKER quoted"]["end-to-end"],
            "speaker, DIRECT": lambda out: out["SPEAKER direct"]["end-to-end"],
            "full name where the source is a name": lambda out: out["ENTITY quoted"]["name"]["end-to-end"],
            "he or she to the name": lambda out: out["ENTITY quoted"]["coref"]["end-to-end"] or 0.0,
            "cue": lambda out: out["CUE"]["accuracy"]},
    True: {"CONTENT F1 at 0.8": lambda out: out["CONTENT 0.8"]["F1"]}}


def _scored(score: Any, work: Path, sample: list[dict[str, Any]], predicted: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    numbered = [{**article, "id": str(place)} for place, article in enumerate(sample)]
    (work / "gold").write_text("".join(json.dumps(article) + "\n" for article in numbered), "utf-8")
    rows = ({"id": str(place), "quotes": predicted[article["id"]]} for place, article in enumerate(sample))
    (work / "pred").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found: dict[str, Any] = score.score(work / "gold", work / "pred")
    return found


def _rows(text: str, indirect: bool) -> list[dict[str, Any]]:
    """The quotes of a text as predict_quotes.py writes them."""
    rows = []
    for quote in copydesk.find_quotes(text, indirect):
        row = {"start": quote.start, "end": quote.end, "kind": str(quote.kind), "speaker": quote.speaker, "cue": quote.cue,
               "speaker_start": quote.speaker_start, "speaker_end": quote.speaker_end}
        mixed = row["kind"] == "mixed"
        rows.append({**row, "kind": "fragment"} if mixed else row)
        if mixed and indirect and quote.clause_start is not None:
            rows.append({**row, "start": quote.clause_start, "end": quote.clause_end})
    return rows


def main() -> None:
    """Print one report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["calibrate", "reliability", "patterns", "errors", "intervals"])
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of bench/ and corpus/")
    parser.add_argument("--write", action="store_true", help="set what was calibrated")
    options = parser.parse_args()
    if options.what == "calibrate":
        calibrate(options.shared, options.write)
    else:
        {"reliability": reliability, "patterns": patterns, "errors": errors, "intervals": intervals}[options.what](options.shared)


if __name__ == "__main__":
    main()
