"""Learned corrections to the article's run of lines in a plain-text scrape.

`clean_text_layout` finds one run of lines. Here each line in and near it gets the log-odds that it belongs to the article: a sum of
weights, one for each fact about the line, its neighbours and its place relative to the run (logistic regression, fitted by
``benchmarks/fit_lines.py``; the facts are blind to language and script but for the marks that `clean_text_layout` knows). A second
look over the sums (Viterbi) finds the most likely sequence of before, article, aside and after.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

from copydesk_plugins.shared.prose import sentences

BEFORE = 15
BEHIND = 40
WORD_STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
MASS_STEPS = (1, 15, 40, 80, 160, 320)
PLACE_STEPS = (3, 6, 13, 31)
SHARE_STEPS = (0.15, 0.35, 0.6, 0.85)
CASE_STEPS = (0.1, 0.25, 0.5, 0.8)
LONG = 8
SHORT = 3
MOST_MASS = 80
MOST_LOOKED_AT = 200
QUOTES = "\"“„«‘'»”"
SITE_MARK = re.compile(r"[|@©»›→]|http|www\.")
DIGIT = re.compile(r"\d")
ASIDE_COST = 4.0
MOST_ODDS = 3.0
FAVOUR = 0.4
SURE_ODDS = 1.0
LEAST_RUN = 60
PLAIN_SHARE = 1
MOST_PLAIN_MARKS = 1

Weights = Mapping[str, float]


class WeighedLines:
    """The facts of a text's lines: ``kinds`` as `clean_text_layout` names them, the run from ``start`` to ``end``, the repeats of the
    title (``heads``), and lines of the run that are known to be of the article (``sure``)."""

    def __init__(self, texts: Sequence[str], kinds: Sequence[str], start: int, end: int, heads: Collection[int] = (),
                 sure: Collection[int] = ()) -> None:
        self.texts, self.kinds, self.start, self.end = texts, kinds, start, end
        self.sure = frozenset(sure)
        self.first, self.last = max(0, start - BEFORE), min(len(texts), end + BEHIND)
        self.head = max((head for head in heads if head < start), default=-1)
        self.headed = bool(heads)
        self.words = [sentences.count_words(text) for text in texts]
        self.runs = [kind == "sentence" for kind in kinds]
        self.copies = Counter(texts)
        self.mass = [0]
        for count, runs in zip(self.words, self.runs, strict=True):
            self.mass.append(self.mass[-1] + (min(count, MOST_MASS) if runs else 0))
        self.share = bisect_right(SHARE_STEPS, 1 - sum(self.runs) / max(1, len(texts)))
        low, high = max(0, self.first - 5), min(len(texts), self.last + 5)
        self.low = low
        self.shapes = [self._shape(index) for index in range(low, high)]
        self.starts = [_start(texts[index]) for index in range(low, high)]
        cases = [_case(texts[index]) for index in range(low, high)]
        self.cases = cases
        self.capitals = _sums(case >= 3 for case in cases)
        self.digits = [_digits(texts[index]) for index in range(low, high)]
        self.figures = _sums(digit > 0 for digit in self.digits)
        self.shorts = _sums(count <= SHORT for count in self.words[low:high])

    def facts(self) -> list[list[str]]:
        """The facts of the lines ``first`` to ``last``, as names."""
        found, end_mark, comments, junk = [], -1, -1, 0
        for index in range(self.first, self.last):
            facts = self._own(index)
            place = "in" if self.start <= index < self.end else "b" if index < self.start else "a"
            running = "S" if self.runs[index] else "-"
            facts += self._around(index, place, running)
            facts.append(f"ed={_gap(index, end_mark)}{running}")
            facts.append(f"cd={_gap(index, comments)}{running}")
            if place == "a":
                marks = "no" if max(end_mark, comments) < self.end else "e" if comments < self.end else "c"
                distance = bisect_right(PLACE_STEPS, index - self.end + 1)
                many = min(junk, 2) if junk < 5 else 3
                facts += (f"ae={marks}{running}", f"jk={many}{running}", f"jd={many}{distance}",
                          f"rd=a{distance}{self.shapes[index - self.low]}")
                junk += self.kinds[index] not in ("sentence", "short")
            elif place == "b":
                facts.append(f"rd=b{bisect_right(PLACE_STEPS, self.start - index)}{self.shapes[index - self.low]}")
                facts.append(f"bh={('above' if index <= self.head else 'below') if self.headed else 'no'}{running}")
            found.append(facts)
            if self.kinds[index] == "end":
                end_mark = index
            elif self.kinds[index] == "comments":
                comments = index
        return found

    def _own(self, index: int) -> list[str]:
        """What a line is by itself."""
        text, near = self.texts[index], index - self.low
        long = "L" if self.words[index] >= LONG else "S"
        place = "in" if self.start <= index < self.end else "b" if index < self.start else "a"
        facts = [f"shape={self.shapes[near]}{place}", f"end={_end(text)}{long}", f"start={self.starts[near]}{long}",
                 f"case={self.cases[near]}{long}{place}", f"kind={self.kinds[index]}{place}", f"digits={self.digits[near]}{long}",
                 f"page={self.share}{self.shapes[near]}", f"page={self.share}{place}"]
        if self.copies[text] > 1:
            facts.append(f"copies={min(3, self.copies[text])}{long}{place}")
        if SITE_MARK.search(text):
            facts.append(f"site={long}{place}")
        if self.words[index] >= 4 and text.isupper():
            facts.append(f"upper={place}")
        return facts

    def _around(self, index: int, place: str, running: str) -> list[str]:
        """What stands around a line."""
        near, size = index - self.low, len(self.shapes)
        shape, start = self.shapes[near], self.starts[near]
        before = self.shapes[near - 1] if near else "^"
        behind = self.shapes[near + 1] if near + 1 < size else "$"
        same = sum(self.shapes[other] == shape and self.starts[other] == start
                   for other in (near - 2, near - 1, near + 1, near + 2) if 0 <= other < size)
        low, high = max(0, near - 3), min(size, near + 4)
        wide_low, wide_high = max(0, near - 5), min(size, near + 6)
        above = self.mass[index] - self.mass[max(0, index - 3)]
        below = self.mass[min(len(self.texts), index + 4)] - self.mass[index + 1]
        return [f"prev={before}{running}{place}", f"next={behind}{running}{place}", f"same={same}{running}{place}",
                f"b3={bisect_right(MASS_STEPS, above)}{running}", f"a3={bisect_right(MASS_STEPS, below)}{running}",
                f"figures={min(4, self.figures[high] - self.figures[low])}{place}",
                f"shorts={(self.shorts[wide_high] - self.shorts[wide_low]) // 2}{running}{place}",
                f"capitals={(self.capitals[high] - self.capitals[low]) // 2}{running}{place}"]

    def _shape(self, index: int) -> str:
        """Length and kind of ending, as a short name."""
        length = bisect_right(WORD_STEPS, self.words[index])
        if self.runs[index]:
            return f"{length}s"
        end = _end(self.texts[index])
        return f"{length}{end if end in '.:' else '-'}"


def keep(lines: WeighedLines, weights: Weights) -> tuple[list[bool], dict[int, float]]:
    """Which of all lines belong to the article, and the log-odds of the lines that were looked at.

    Text with little around it, and text without sentences, stays as its run is. A run of fewer words than `LEAST_RUN` of which no line
    looks like an article's is none: the page then has no text.
    """
    run = [lines.start <= index < lines.end for index in range(len(lines.texts))]
    marks = len(lines.kinds) - lines.kinds.count("sentence") - lines.kinds.count("short")
    if (lines.share <= PLAIN_SHARE and marks <= MOST_PLAIN_MARKS) or not any(lines.runs):
        return run, {}
    found = dict(enumerate(log_odds(lines.facts(), weights), start=lines.first))
    kept = decode([_score(lines, index, odds) for index, odds in found.items()])
    if not any(kept) and lines.mass[lines.end] - lines.mass[lines.start] >= LEAST_RUN:
        return run, found
    return [*run[:lines.first], *kept, *run[lines.last:]], found


def _score(lines: WeighedLines, index: int, odds: float) -> float:
    """A line's log-odds, bounded, times the root of its words; what is sure and running text of the run are favoured."""
    if index in lines.sure:
        odds = max(odds, SURE_ODDS)
    elif lines.runs[index] and lines.start <= index < lines.end:
        odds += FAVOUR
    return max(-MOST_ODDS, min(MOST_ODDS, odds)) * float(min(lines.words[index], MOST_MASS) ** 0.5)


def log_odds(facts: Sequence[Sequence[str]], weights: Weights) -> list[float]:
    """The sum of the weights of each line's facts."""
    get, bias = weights.get, weights["bias"]
    return [bias + sum([get(fact, 0.0) for fact in line]) for line in facts]


def decode(scores: Sequence[float], aside: float = ASIDE_COST) -> list[bool]:
    """The lines of the article: the best sequence of before, article, aside (costs ``aside`` to enter and to leave) and after.

    >>> decode([-5.0, 4.0, -1.0, 9.0, -30.0, 20.0, -9.0])
    [False, True, True, True, False, True, False]
    """
    if not scores:
        return []
    never = -1e9
    before, article, between, after = 0.0, scores[0], never, never
    steps: list[tuple[int, int, int]] = []
    for score in scores[1:]:
        to_article = max((article, 1), (before, 0), (between - aside, 2))
        to_between = max((between, 2), (article - aside, 1))
        to_after = max((after, 3), (article, 1))
        steps.append((to_article[1], to_between[1], to_after[1]))
        article, between, after = to_article[0] + score, to_between[0], to_after[0]
    state = max((before, 0), (article, 1), (after, 3))[1]
    found = [state == 1]
    for step in reversed(steps):
        state = step[state - 1] if state else 0
        found.append(state == 1)
    return found[::-1]


@lru_cache(1)
def weights_of() -> Weights:
    """The fitted weights of ``data/line_model.json``."""
    text = files("copydesk_plugins").joinpath("data", "line_model.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)["weights"]
    return weights


def _sums(flags: Iterable[bool]) -> list[int]:
    return [0, *accumulate(flags)]


def _gap(index: int, mark: int) -> str:
    """How far behind a mark a line stands."""
    return "no" if mark < 0 else str(bisect_right((2, 5, 13), index - mark))


def _end(text: str) -> str:
    """How a line ends."""
    if sentences.SENTENCE_END.search(text[-6:]):
        return "e" if text.endswith(("…", "...")) else "q" if text[-1] in QUOTES else "."
    last = text[-1]
    return last if last in ":," else ")" if last in "\"”’»)" else "-"


def _start(text: str) -> str:
    """What a line begins with: mark of quotation, digit, letter (small, capital, of a script without case), another character."""
    first = text[0]
    if first in QUOTES:
        return "q"
    if first.isdigit():
        return "9"
    return "a" if first.islower() else "A" if first.isupper() else "x" if first.isalpha() else "#"


def _case(text: str) -> int:
    """Share of capitalised words behind the first, in five steps; 5 where no word has case."""
    firsts = [word[0] for word in text[:MOST_LOOKED_AT].split()[1:]]
    upper = sum([first.isupper() for first in firsts])
    cased = upper + sum([first.islower() for first in firsts])
    return bisect_right(CASE_STEPS, upper / cased) if cased else 5


def _digits(text: str) -> int:
    """0 without digits, 2 when they are a tenth of the line, else 1."""
    digits = len(DIGIT.findall(text, 0, MOST_LOOKED_AT))
    return 0 if not digits else 1 if digits * 10 < min(len(text), MOST_LOOKED_AT) else 2
