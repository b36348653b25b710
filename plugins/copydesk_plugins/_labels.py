"""What the cleaning plugins say about a document's blocks, block by block."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from copydesk import Document, Label, Reason

ENOUGH = 0.5
_ARTICLE = Reason.ARTICLE


class Said:
    """What a page's labels say of its blocks, worked out once for all plugins that are asked with the same labels."""

    def __init__(self, document: Document) -> None:
        self._labels: tuple[Label, ...] | None = None
        self.reasons: dict[int, str] = {}
        self.inside: frozenset[int] = frozenset()

    def of(self, labels: tuple[Label, ...]) -> Said:
        """The same object, for these labels."""
        if labels is not self._labels:
            self.reasons, inside = _read(labels)
            self.inside, self._labels = frozenset(inside), labels
        return self


def said(document: Document, labels: tuple[Label, ...]) -> Said:
    """`reasons` and `article_blocks` of a document's labels."""
    return document.once(Said).of(labels)


def reasons(labels: Iterable[Label]) -> dict[int, str]:
    """The reason with the most evidence for each labelled block (labels of a reason combined by noisy-or, at least 0.5)."""
    return _read(labels)[0]


def article_blocks(labels: Iterable[Label]) -> set[int]:
    """The blocks that a label says belong to the article."""
    return _read(labels)[1]


def _read(labels: Iterable[Label]) -> tuple[dict[int, str], set[int]]:
    """Both, in one walk: a page has many labels."""
    alone: dict[int, Label] = {}
    shared: dict[int, dict[str, list[float]]] = {}
    inside: set[int] = set()
    for label in labels:
        if label.start is not None:
            continue
        block, reason = label.block, label.reason
        if reason == _ARTICLE:
            if label.weight >= ENOUGH:
                inside.add(block)
        elif block not in alone:
            alone[block] = label
        else:
            first = alone[block]
            by_reason = shared.setdefault(block, {first.reason: [first.weight]})
            by_reason.setdefault(reason, []).append(label.weight)
    found = {block: label.reason for block, label in alone.items() if label.weight >= ENOUGH and block not in shared}
    for block, by_reason in shared.items():
        scores = {reason: 1.0 - prod([1.0 - weight for weight in given]) for reason, given in by_reason.items()}
        best = max(sorted(scores), key=scores.__getitem__)  # ties as the core breaks them: by name
        if scores[best] >= ENOUGH:
            found[block] = best
    return found, inside
