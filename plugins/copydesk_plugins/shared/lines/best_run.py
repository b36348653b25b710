"""Finds the run of neighbours with the largest sum. Where each block has a score, that run is the article."""

from __future__ import annotations

from collections.abc import Iterable


def best_run(scores: Iterable[float]) -> tuple[int, int]:
    """The first and the last index (exclusive) of the run of scores with the largest sum; of equal sums, those of the first.

    Where no score is above 0 the run is empty: (0, 0). This is Kadane's algorithm (Bentley, Programming Pearls, column 8), one pass.

    >>> best_run([-1.0, 2.0, -1.0, 3.0, -5.0, 1.0])
    (1, 4)
    """
    best = current = 0.0
    start, found = 0, (0, 0)
    for index, score in enumerate(scores):
        if current <= 0.0:
            current, start = 0.0, index
        current += score
        if current > best:
            best, found = current, (start, index + 1)
    return found
