"""Describes what a line looks like by single facts: its beginning, its end, its capitals and digits."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from copydesk_plugins.shared.prose import sentences

CASE_STEPS = (0.1, 0.25, 0.5, 0.8)
"""Steps of the share of capitalised words."""
CASELESS = 5
"""The step of a line without words that have case."""
MOST_LOOKED_AT = 200
"""Characters of a line that are looked at."""
QUOTES = "\"“„«‘'»”"
"""Marks of quotation."""
DIGIT = re.compile(r"\d")
"""A digit."""
GAPS = (2, 5, 13)
"""Steps of a distance in lines."""
LAST = 6
"""Characters at a line's end within which a sentence's end is looked for."""
MANY_DIGITS = 10
"""A line has many digits when one character in so many is one."""


def running_sums(flags: Iterable[bool]) -> list[int]:
    """How many flags are set before each place, and in all."""
    return [0, *accumulate(flags)]


def gap_step(index: int, mark: int) -> str:
    """How far behind a mark a line stands, in steps; "no" without a mark (negative)."""
    return "no" if mark < 0 else str(bisect_right(GAPS, index - mark))


def ending(text: str) -> str:
    """How a line ends, as a sign: a full stop, an ellipsis (e), a quotation's end (q), another mark, or none (-)."""
    if sentences.SENTENCE_END.search(text[-LAST:]):
        return "e" if text.endswith(("…", "...")) else "q" if text[-1] in QUOTES else "."
    last = text[-1]
    return last if last in ":," else ")" if last in "\"”’»)" else "-"


def beginning(text: str) -> str:
    """What a line begins with, as a sign: a quotation (q), a digit (9), a letter (a, A, or x without case), or another character (#)."""
    first = text[0]
    if first in QUOTES:
        return "q"
    if first.isdigit():
        return "9"
    return "a" if first.islower() else "A" if first.isupper() else "x" if first.isalpha() else "#"


def case_step(text: str) -> int:
    """The share of capitalised words behind the first one, in steps; `CASELESS` where no word has case."""
    firsts = [word[0] for word in text[:MOST_LOOKED_AT].split()[1:]]
    upper = sum([first.isupper() for first in firsts])
    cased = upper + sum([first.islower() for first in firsts])
    return bisect_right(CASE_STEPS, upper / cased) if cased else CASELESS


def digit_step(text: str) -> int:
    """0 without digits, 2 when they are a tenth of the line or more, else 1."""
    digits = len(DIGIT.findall(text, 0, MOST_LOOKED_AT))
    return 0 if not digits else 1 if digits * MANY_DIGITS < min(len(text), MOST_LOOKED_AT) else 2
