"""The run of neighbours with the largest sum, held against all runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk_plugins.shared.lines.best_run import best_run


@given(st.lists(st.integers(-9, 9), max_size=12))
def test_no_run_has_a_larger_sum(scores: list[int]) -> None:
    start, end = best_run(scores)
    runs = [(first, last) for first in range(len(scores)) for last in range(first + 1, len(scores) + 1)]
    best = max((sum(scores[first:last]) for first, last in runs), default=0)
    assert sum(scores[start:end]) == max(best, 0)
    assert (start, end) == (0, 0) or best > 0
