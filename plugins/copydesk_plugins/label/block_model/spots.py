"""Works out where blocks stand in a page, as facts for the block model."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from copydesk import Block, BlockKind
from copydesk_plugins.label.block_model.place_facts import Family
from copydesk_plugins.label.block_model.places import Places

_STEPS = (1, 2, 3, 5, 10, 20, 50)
"""Steps of a distance in blocks to the main container's text."""
_PARTS = (0.001, 0.05, 0.2, 0.5)
"""Steps of a share (0 to 1) of the page's running text."""
_HEAD = (1, 2, 3, 5, 9, 20, 60)
"""Steps of a distance in blocks to the headline."""
NO_HEAD = len(_HEAD) + 1
"""The step of a page without a headline above."""


class Spots:
    """Where blocks stand relative to the main container's text, to the headline, and to all running text."""

    def __init__(self, blocks: Sequence[Block], places: Places, runs: Sequence[int], total: int) -> None:
        main = [at for at, run in enumerate(runs) if run and places.of[at].group.key == places.main]
        self.first, self.last = (main[0], main[-1]) if main else (0, len(blocks) - 1)
        heads = [block.index for block in blocks if block.level == 1 and block.kind is BlockKind.HEADING]
        self.head = max([at for at in heads if at <= self.first], default=-1)
        self.later = [at for at in heads if at > self.first]
        self.total = total
        self.passed = [0, *accumulate(runs)]

    def near(self, at: int, rough: int, sentence: bool) -> Family:
        """Where a block stands relative to the main container's text."""
        if at < self.first:
            return 0, rough, sentence, bisect_right(_STEPS, self.first - at), 0
        if at <= self.last:
            return 1, rough, sentence, 0, 0
        return 2, rough, sentence, 0, bisect_right(_STEPS, at - self.last)

    def far(self, at: int, rough: int, sentence: bool, run: int) -> Family:
        """Where a block stands relative to the headline and to all running text."""
        head, total, passed = self.head, self.total, self.passed[at]
        return (bisect_right(_PARTS, (total - passed - run) / total), bisect_right(_PARTS, passed / total),
                bisect_right(_HEAD, at - head) if head >= 0 else NO_HEAD, rough, min(bisect_left(self.later, at), 2) if self.later else 0,
                sentence, at < head)
