"""What the cleaning plugins say about a document's blocks, block by block."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from copydesk import Document, Label, Reason

ENOUGH = 0.5


class Said:
    """What a page's labels say of its blocks, worked out once for all plugins that are asked with the same labels."""

    def __init__(self, document: Document) -> None:
        self._labels: tuple[Label, ...] | None = None
        self.reasons: dict[int, str] = {}
        self.inside: frozenset[int] = frozenset()

    def of(self, labels: tuple[Label, ...]) -> Said:
        """The same object, for these labels."""
        if labels is not self._labels:
            self.reasons, self.inside, self._labels = reasons(labels), frozenset(article_blocks(labels)), labels
        return self


def said(document: Document, labels: tuple[Label, ...]) -> Said:
    """`reasons` and `article_blocks` of a document's labels."""
    return document.once(Said).of(labels)


def reasons(labels: Iterable[Label]) -> dict[int, str]:
    """The reason with the most evidence for each labelled block (labels of a reason combined by noisy-or, at least 0.5)."""
    alone: dict[int, Label] = {}
    shared: dict[int, dict[str, list[float]]] = {}
    for label in labels:
        if label.start is not None or label.reason == Reason.ARTICLE:
            continue
        first = alone.setdefault(label.block, label)
        if first is not label:
            by_reason = shared.setdefault(label.block, {first.reason: [first.weight]})
            by_reason.setdefault(label.reason, []).append(label.weight)
    found = {block: label.reason for block, label in alone.items() if label.weight >= ENOUGH and block not in shared}
    for block, by_reason in shared.items():
        scores = {reason: 1.0 - prod([1.0 - weight for weight in given]) for reason, given in by_reason.items()}
        best = max(sorted(scores), key=scores.__getitem__)  # ties as the core breaks them: by name
        if scores[best] >= ENOUGH:
            found[block] = best
    return found


def article_blocks(labels: Iterable[Label]) -> set[int]:
    """The blocks that a label says belong to the article."""
    return {label.block for label in labels if label.start is None and label.reason == Reason.ARTICLE and label.weight >= ENOUGH}
