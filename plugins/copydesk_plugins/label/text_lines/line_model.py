"""Corrects the article's run of lines in a plain-text scrape by learned weights.

`clean_text_layout` finds one run of lines. Here each line in and near the run gets the log odds that it belongs to the article. These
are a sum of weights: one for each fact about the line, its neighbours and its place. The weights come from a logistic regression, which
``benchmarks/fit_lines.py`` fits. The facts know no language and script, except for the marks that `clean_text_layout` knows. A second pass
over the sums (Viterbi) finds the most likely sequence of before, article, aside and after.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from copydesk_plugins.label.text_lines.line_looks import beginning, case_step, digit_step, ending, gap_step, running_sums
from copydesk_plugins.shared.prose import sentences

BEFORE = 15
BEHIND = 40
"""Lines before and behind the run that are looked at."""
WORD_STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
MASS_STEPS = (1, 15, 40, 80, 160, 320)
PLACE_STEPS = (3, 6, 13, 31)
SHARE_STEPS = (0.15, 0.35, 0.6, 0.85)
"""Steps of words, of words around a line, of distances in lines, and of the share of lines that are no sentences."""
LONG = 8
"""Words of a long line."""
SHORT = 3
"""Words of a short line."""
CAPITALISED = 3
"""The step of capitalised words from which on a line has many (`case_step`)."""
NEAR, WIDE = 3, 5
"""Lines on each side of a line that are its surroundings, near and wide."""
BESIDE = 2
"""Lines on each side that are compared with a line."""
LEAST_UPPER = 4
"""Words of a line in capitals."""
MOST_COPIES, MOST_FIGURES, PAIR = 3, 4, 2
"""The last steps of a line's copies, and of lines with digits around it; other counts are taken in pairs."""
FEW_JUNK, MUCH_JUNK, MOST_JUNK = 2, 5, 3
"""Lines behind the run that are no text: counted up to 2; from 5 on they are step 3."""
MOST_MASS = 80
"""Words of a line that count."""
SITE_MARK = re.compile(r"[|@©»›→]|http|www\.")
"""What stands in lines of a site's frame."""
ASIDE_COST = 4.0
"""What it costs the article to enter or leave an aside, in log odds times the root of words."""
MOST_ODDS = 3.0
"""Log odds of a line are cut to this range."""
FAVOUR = 0.4
"""Added to the log odds of running text in the run."""
SURE_ODDS = 1.0
"""Least log odds of a line that is known to be of the article."""
LEAST_RUN = 60
"""Words of a run that is kept although no line of it looks like an article's."""
PLAIN_SHARE = 1
MOST_PLAIN_MARKS = 1
"""A text with at most these is plain: the step of its share of lines that are no sentences, and its number of marks."""
NEVER = -1e9
"""A score that no sequence reaches."""

Weights = Mapping[str, float]


class WeighedLines:
    """The facts of a text's lines.

    ``kinds`` are named as in `clean_text_layout`. ``start`` and ``end`` bound the run. ``heads`` are the lines that repeat the title,
    ``sure`` the lines of the run that are known to be of the article.
    """

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
        low, high = max(0, self.first - WIDE), min(len(texts), self.last + WIDE)
        self.low = low
        self.shapes = [self._shape(index) for index in range(low, high)]
        self.starts = [beginning(texts[index]) for index in range(low, high)]
        cases = [case_step(texts[index]) for index in range(low, high)]
        self.cases = cases
        self.capitals = running_sums(case >= CAPITALISED for case in cases)
        self.digits = [digit_step(texts[index]) for index in range(low, high)]
        self.figures = running_sums(digit > 0 for digit in self.digits)
        self.shorts = running_sums(count <= SHORT for count in self.words[low:high])

    def facts(self) -> list[list[str]]:
        """The facts of the lines ``first`` to ``last``, as names."""
        found, end_mark, comments, junk = [], -1, -1, 0
        for index in range(self.first, self.last):
            facts = self._own(index)
            place = "in" if self.start <= index < self.end else "b" if index < self.start else "a"
            running = "S" if self.runs[index] else "-"
            facts += self._around(index, place, running)
            facts.append(f"ed={gap_step(index, end_mark)}{running}")
            facts.append(f"cd={gap_step(index, comments)}{running}")
            if place == "a":
                marks = "no" if max(end_mark, comments) < self.end else "e" if comments < self.end else "c"
                distance = bisect_right(PLACE_STEPS, index - self.end + 1)
                many = min(junk, FEW_JUNK) if junk < MUCH_JUNK else MOST_JUNK
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
        """The facts of a line by itself."""
        text, near = self.texts[index], index - self.low
        long = "L" if self.words[index] >= LONG else "S"
        place = "in" if self.start <= index < self.end else "b" if index < self.start else "a"
        facts = [f"shape={self.shapes[near]}{place}", f"end={ending(text)}{long}", f"start={self.starts[near]}{long}",
                 f"case={self.cases[near]}{long}{place}", f"kind={self.kinds[index]}{place}", f"digits={self.digits[near]}{long}",
                 f"page={self.share}{self.shapes[near]}", f"page={self.share}{place}"]
        if self.copies[text] > 1:
            facts.append(f"copies={min(MOST_COPIES, self.copies[text])}{long}{place}")
        if SITE_MARK.search(text):
            facts.append(f"site={long}{place}")
        if self.words[index] >= LEAST_UPPER and text.isupper():
            facts.append(f"upper={place}")
        return facts

    def _around(self, index: int, place: str, running: str) -> list[str]:
        """The facts of what stands around a line."""
        near, size = index - self.low, len(self.shapes)
        shape, start = self.shapes[near], self.starts[near]
        before = self.shapes[near - 1] if near else "^"
        behind = self.shapes[near + 1] if near + 1 < size else "$"
        same = sum(self.shapes[other] == shape and self.starts[other] == start
                   for other in range(near - BESIDE, near + BESIDE + 1) if other != near and 0 <= other < size)
        low, high = max(0, near - NEAR), min(size, near + NEAR + 1)
        wide_low, wide_high = max(0, near - WIDE), min(size, near + WIDE + 1)
        above = self.mass[index] - self.mass[max(0, index - NEAR)]
        below = self.mass[min(len(self.texts), index + NEAR + 1)] - self.mass[index + 1]
        return [f"prev={before}{running}{place}", f"next={behind}{running}{place}", f"same={same}{running}{place}",
                f"b3={bisect_right(MASS_STEPS, above)}{running}", f"a3={bisect_right(MASS_STEPS, below)}{running}",
                f"figures={min(MOST_FIGURES, self.figures[high] - self.figures[low])}{place}",
                f"shorts={(self.shorts[wide_high] - self.shorts[wide_low]) // PAIR}{running}{place}",
                f"capitals={(self.capitals[high] - self.capitals[low]) // PAIR}{running}{place}"]

    def _shape(self, index: int) -> str:
        """A line's length and kind of ending, as a short name."""
        length = bisect_right(WORD_STEPS, self.words[index])
        if self.runs[index]:
            return f"{length}s"
        end = ending(self.texts[index])
        return f"{length}{end if end in '.:' else '-'}"


def keep(lines: WeighedLines, weights: Weights) -> tuple[list[bool], dict[int, float]]:
    """Which of all lines belong to the article, and the log odds of the lines that were looked at.

    A text with little around it, or without sentences, keeps its run. A run of fewer words than `LEAST_RUN`, of which no line looks like
    an article's, is no article: the page then has no text.
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
    """A line's log odds, bounded, times the root of its words. Sure lines, and running text of the run, are favoured."""
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
    before, article, between, after = 0.0, scores[0], NEVER, NEVER
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
