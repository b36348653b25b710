"""Summarises what the cleaning plugins say about each block of a document."""

from __future__ import annotations

from copydesk import Document, Label, Reason, strongest_reasons

ENOUGH = 0.5
"""Evidence from which a reason, or a vote for the article, counts here. A reason with that much removes a block when nothing speaks
for it."""
_ARTICLE = Reason.ARTICLE


class LabelSummary:
    """What a page's labels say about its blocks. It is made once for all plugins that are asked with the same labels.

    Attributes:
        reasons: index of a block -> the reason with the most evidence against it, where that is at least `ENOUGH`.
        inside: indices of the blocks that a label of at least `ENOUGH` says belong to the article.
    """

    def __init__(self, document: Document) -> None:
        self._labels: tuple[Label, ...] | None = None
        self.reasons: dict[int, str] = {}
        self.inside: frozenset[int] = frozenset()

    def of(self, labels: tuple[Label, ...]) -> LabelSummary:
        """This object, brought up to date for these labels."""
        if labels is not self._labels:
            self.reasons = {block: reason for block, (reason, evidence) in strongest_reasons(labels).items() if evidence >= ENOUGH}
            self.inside = frozenset(label.block for label in labels
                                    if label.reason == _ARTICLE and label.start is None and label.weight >= ENOUGH)
            self._labels = labels
        return self


def summary_of(document: Document, labels: tuple[Label, ...]) -> LabelSummary:
    """The summary of a document's labels."""
    return document.once(LabelSummary).of(labels)
