"""Finds a page's blocks again in the text that an extractor made of the page.

Sequences of three words give each block a few candidate places in the extractor's text. The heaviest chain of candidates that is in
order on both sides wins. This is the heaviest increasing subsequence (Gusfield, Algorithms on Strings, 1997, section 12.5), with a
Fenwick tree for the prefix maxima.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copydesk import words

_GRAM = 3
"""Words of a sequence by which places are found."""
_MOST_PLACES = 6
"""Candidate places of a block."""
_NEXT_TO = 0.5
"""What a candidate that directly follows another in the text gains, in words."""
_GAP = 0.005
"""What it loses of that for each block between them."""
_MOST_GAP = 50
"""Blocks between them that count."""

Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    block: int
    start: int
    end: int
    weight: float


def shares(texts: Sequence[str], output: str) -> list[float]:
    """For each block's text the share of its words, 0 to 1, that stand in ``output`` in the same order.

    >>> shares(["Home", "It rained all day in Oslo.", "Share this"], "It rained all day in Oslo.")
    [0.0, 1.0, 0.0]
    """
    lines = [words(line) for line in output.splitlines()]
    stream = [word for line in lines for word in line]
    starts = _line_starts(lines)
    places: dict[Gram, list[int]] = {}
    for position in range(len(stream) - _GRAM + 1):
        places.setdefault(tuple(stream[position : position + _GRAM]), []).append(position)
    tokens = [words(text) for text in texts]
    chain = _Chain(len(stream))
    times: Counter[str] = Counter()
    for index, block in enumerate(tokens):
        first = max(0, times[texts[index]] - _MOST_PLACES + 1)  # the n-th copy of a text is at most the n-th one in the output
        times[texts[index]] += 1
        chain.extend(list(_candidates(index, block, stream, _Places(places, starts, first))))
    found = [0.0] * len(texts)
    for each in chain.heaviest():
        found[each.block] = min(1.0, each.weight / len(tokens[each.block]))
    return found


def _line_starts(lines: Sequence[Sequence[str]]) -> dict[Gram, list[int]]:
    """Where lines of fewer than three words start, by their words."""
    found: dict[Gram, list[int]] = {}
    position = 0
    for line in lines:
        if 0 < len(line) < _GRAM:
            found.setdefault(tuple(line), []).append(position)
        position += len(line)
    return found


@dataclass(frozen=True, slots=True)
class _Places:
    """Where sequences of three words, and where short lines, stand in the output. Of each the ``first`` ones are passed over."""

    grams: dict[Gram, list[int]]
    lines: dict[Gram, list[int]]
    first: int

    def of(self, found: dict[Gram, list[int]], words: Gram) -> list[int]:
        return found.get(words, [])[self.first : self.first + _MOST_PLACES]


def _candidates(index: int, block: list[str], stream: list[str], places: _Places) -> Iterator[_Candidate]:
    size = len(block)
    if size < _GRAM:
        for start in places.of(places.lines, tuple(block)):
            yield _Candidate(index, start, start + size, float(size))
        return
    grams = [tuple(block[offset : offset + _GRAM]) for offset in range(size - _GRAM + 1)]
    tried: set[int] = set()
    for offset in sorted({0, len(grams) // 4, len(grams) // 2, 3 * len(grams) // 4, len(grams) - 1}):
        for place in places.of(places.grams, grams[offset]):
            start = max(0, place - offset)
            if start in tried or len(tried) >= _MOST_PLACES:
                continue
            tried.add(start)
            candidate = _measured(index, grams, start, stream)
            if candidate is not None:
                yield candidate


def _measured(index: int, grams: list[Gram], start: int, stream: list[str]) -> _Candidate | None:
    """The candidate at a place, weighed by how many of the block's words stand there; None when none does."""
    size = len(grams) + _GRAM - 1
    window = stream[start : start + size]
    there = [tuple(window[at : at + _GRAM]) for at in range(len(window) - _GRAM + 1)]
    matched = (Counter(grams) & Counter(there)).total()
    if not matched:
        return None
    known = set(grams)
    hits = [at for at, gram in enumerate(there) if gram in known]
    return _Candidate(index, start + hits[0], start + hits[-1] + _GRAM, size * matched / len(grams))


class _Chain:
    """The heaviest chains so far. A candidate that directly follows another gains a little, less the more blocks lie between."""

    def __init__(self, length: int) -> None:
        self.candidates: list[_Candidate] = []
        self.scores: list[float] = []
        self.before: list[int] = []
        self._best = [-1] * (length + 2)  # a Fenwick tree over end positions: the best chain that ends there or before
        self._ending: dict[int, int] = {}

    def extend(self, options: Sequence[_Candidate]) -> None:
        """Add the candidates of the next block. At most one of them can be in a chain."""
        first = len(self.candidates)
        for each in options:
            previous, score = self._previous(each)
            self.candidates.append(each)
            self.scores.append(score + each.weight)
            self.before.append(previous)
        for number in range(first, len(self.candidates)):
            self._enter(number)

    def _previous(self, each: _Candidate) -> tuple[int, float]:
        position, best = each.start + 1, -1
        while position > 0:
            other = self._best[position]
            if other >= 0 and (best < 0 or self.scores[other] >= self.scores[best]):
                best = other
            position -= position & -position
        score = self.scores[best] if best >= 0 else 0.0
        near = self._ending.get(each.start, -1)
        if near >= 0:
            close = self.scores[near] + _NEXT_TO - _GAP * min(each.block - self.candidates[near].block, _MOST_GAP)
            if close >= score:
                return near, close
        return best, score

    def _enter(self, number: int) -> None:
        end, score = self.candidates[number].end, self.scores[number]
        position = end + 1
        while position < len(self._best):
            if self._best[position] < 0 or score >= self.scores[self._best[position]]:
                self._best[position] = number
            position += position & -position
        held = self._ending.get(end, -1)
        if held < 0 or score >= self.scores[held]:
            self._ending[end] = number

    def heaviest(self) -> Iterator[_Candidate]:
        """The candidates of the heaviest chain, last one first."""
        number = max(range(len(self.scores)), key=self.scores.__getitem__, default=-1)
        while number >= 0:
            yield self.candidates[number]
            number = self.before[number]
