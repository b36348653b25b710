"""What the cleaning plugins say about a document's blocks, block by block."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from copydesk import Label, Reason

ENOUGH = 0.5


def reasons(labels: Iterable[Label]) -> dict[int, str]:
    """The reason with the most evidence for each labelled block (labels of a reason combined by noisy-or, at least 0.5)."""
    weights: dict[int, dict[str, list[float]]] = {}
    for label in labels:
        if label.start is None and label.reason != Reason.ARTICLE:
            weights.setdefault(label.block, {}).setdefault(label.reason, []).append(label.weight)
    found: dict[int, str] = {}
    for block, by_reason in weights.items():
        scores = {reason: 1.0 - prod(1.0 - weight for weight in given) for reason, given in by_reason.items()}
        best = max(sorted(scores), key=lambda reason: scores[reason])  # ties as the core breaks them: by name
        if scores[best] >= ENOUGH:
            found[block] = best
    return found


def article_blocks(labels: Iterable[Label]) -> set[int]:
    """The blocks that a label says belong to the article."""
    return {label.block for label in labels if label.start is None and label.reason == Reason.ARTICLE and label.weight >= ENOUGH}
