"""Combine labels to one verdict for each block, and make the body and the removals from the verdicts.

Labels count as independent evidence. They are combined by noisy-or, 1 - prod(1 - weight) (Pearl, Probabilistic Reasoning in Intelligent
Systems, 1988, section 4.3). A block leaves the body when all its evidence to remove, combined in this way, is at least `ENOUGH` and more
than its evidence for ``article``. The verdict names the reason with the most evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter

from copydesk.model.article import Removal, Span
from copydesk.model.document import Block
from copydesk.model.labels import KEPT_IN_METADATA, Label, Reason, Verdict
from copydesk.model.metadata import Metadata
from copydesk.text.strings import fold_text, normalise

ENOUGH = 0.5
"""The least evidence (0 to 1) at which a block, or a part of it, leaves the body."""
STAYING = frozenset({Reason.ARTICLE, Reason.DATELINE})
"""Parts of a block with these reasons are not cut. A dateline opens a sentence, so it stays."""
SEPARATOR = "\n\n"
"""The text between two paragraphs of the body."""


def decide(blocks: Sequence[Block], labels: Iterable[Label]) -> list[Verdict]:
    """Make one verdict for each block.

    Args:
        blocks: the blocks of a document, in order.
        labels: labels of these blocks. Labels of other blocks do not count.
    """
    by_block = _by_block(labels)
    return [_verdict(block.index, by_block.get(block.index, ())) for block in blocks]


def final_verdicts(blocks: Sequence[Block], labels: Sequence[Label], metadata: Metadata) -> list[Verdict]:
    """Make one verdict for each block, and check it against the metadata.

    Some reasons remove a block only because the metadata keeps its content (`KEPT_IN_METADATA`). When the metadata does not have it, these
    reasons do not count: the block stays, or leaves for another reason.
    """
    found = decide(blocks, labels)
    lost = not_kept(blocks, found, metadata)
    return again(found, labels, lost) if lost else found


def again(found: Sequence[Verdict], labels: Iterable[Label], without: Mapping[int, Collection[str]]) -> list[Verdict]:
    """Make the verdicts again. ``without`` says by block index which reasons do not count; other blocks keep their verdict."""
    by_block = _by_block(label for label in labels if label.block in without and label.reason not in without[label.block])
    return [_verdict(each.block, by_block.get(each.block, ())) if each.block in without else each for each in found]


def _by_block(labels: Iterable[Label]) -> dict[int, list[Label]]:
    by_block: defaultdict[int, list[Label]] = defaultdict(list)
    for label in labels:
        by_block[label.block].append(label)
    return by_block


def evidence(labels: Sequence[Label]) -> tuple[float, float]:
    """The evidence for a block and against it, each 0.0 to 1.0. `decide` compares these two numbers.

    Args:
        labels: the labels of one block. Labels of parts of it do not count.
    """
    keeping, against, _ = _sorted(labels)
    return noisy_or(map(_WEIGHT, keeping)), noisy_or(map(_WEIGHT, against))


def _sorted(labels: Sequence[Label]) -> tuple[list[Label], list[Label], list[Label]]:
    """Sort the labels of a block: labels for it, labels against it, and labels that cut a part out of it."""
    keeping: list[Label] = []
    against: list[Label] = []
    spans: list[Label] = []
    for label in labels:
        if label.start is None:
            (keeping if label.reason == _ARTICLE else against).append(label)
        elif label.weight >= ENOUGH and label.reason not in STAYING:
            spans.append(label)
    return keeping, against, spans


def _verdict(index: int, labels: Sequence[Label]) -> Verdict:
    keeping, against, spans = _sorted(labels)
    if len(against) > 1:
        against.sort(key=_REASON)
    keep, remove = noisy_or(map(_WEIGHT, keeping)), noisy_or(map(_WEIGHT, against))
    if remove < ENOUGH or remove <= keep:
        return Verdict(index, False, Reason.ARTICLE, keep - remove, None, tuple(spans))
    best = _strongest(against) if len(against) > 1 else against[0]
    return Verdict(index, True, best.reason, remove - keep, best)


def _strongest(against: Sequence[Label]) -> Label:
    """The label with the largest weight, of the reason with the most evidence. The labels must be sorted by reason."""
    reason, _ = _surest_reason(against)
    return max([label for label in against if label.reason == reason], key=_WEIGHT)


def _surest_reason(against: Sequence[Label]) -> tuple[str, float]:
    """The reason with the most evidence, and that evidence. Of reasons with equal evidence the first by name wins."""
    first = against[0]
    if len(against) == 1:
        return first.reason, first.weight
    by_reason: dict[str, list[float]] = {}
    for label in against:
        by_reason.setdefault(label.reason, []).append(label.weight)
    evidence_of = {reason: noisy_or(by_reason[reason]) for reason in sorted(by_reason)}
    best = max(evidence_of, key=evidence_of.__getitem__)
    return best, evidence_of[best]


def strongest_reasons(labels: Iterable[Label]) -> dict[int, tuple[str, float]]:
    """The reason with the most evidence against each block, as the core counts it.

    Labels of one reason are combined by noisy-or. Of reasons with equal evidence the first by name wins.

    Args:
        labels: labels of whole blocks. Labels of parts, and labels with the reason ``article``, do not count.

    Returns:
        For each block index, the strongest reason and its evidence, above 0 and at most 1. Blocks without evidence are left out.

    >>> from copydesk import Label, strongest_reasons
    >>> strongest_reasons([Label(3, "share", "a", 0.5), Label(3, "share", "b", 0.5), Label(3, "related", "c", 0.7)])
    {3: ('share', 0.75)}
    """
    by_block: dict[int, list[Label]] = {}
    for label in labels:
        if label.start is None and label.reason != _ARTICLE:
            by_block.setdefault(label.block, []).append(label)
    alone_first = sorted(by_block.items(), key=lambda item: len(item[1]) > 1)  # sorted() keeps the order otherwise
    return {block: _surest_reason(against) for block, against in alone_first}


def noisy_or(weights: Iterable[float]) -> float:
    """Combine the weights of independent pieces of evidence: 1 - prod(1 - weight). Without any it is 0.0."""
    rest = 1.0
    for weight in weights:
        rest *= 1.0 - weight
    return 1.0 - rest


_KEPT_RIGHTLY = 0.95
"""The chance that a block belongs to the article when it stays and no label gives a chance."""
_REMOVED_WRONGLY = 0.02
"""The chance that a block belongs to the article when it leaves and no label gives a chance."""
_ARTICLE = str(Reason.ARTICLE)
_WEIGHT = attrgetter("weight")
_REASON = attrgetter("reason")


def not_kept(blocks: Sequence[Block], found: Sequence[Verdict], metadata: Metadata) -> dict[int, frozenset[str]]:
    """Find the blocks that leave, whole or in part, for a reason of `KEPT_IN_METADATA` although the metadata lacks their content.

    Returns:
        For each such block index, the reasons that must not count.
    """
    held = {index for claim in metadata.chosen for index in claim.blocks}
    values = _strings(metadata)
    lost: dict[int, frozenset[str]] = {}
    for block, verdict in zip(blocks, found, strict=True):
        if not (verdict.spans or verdict.removed):
            continue
        leaving = [block.text] if verdict.removed and verdict.reason in KEPT_IN_METADATA else [
            block.text[span.start:span.end] for span in verdict.spans if not verdict.removed and span.reason in KEPT_IN_METADATA]
        if verdict.block not in held and any(not _is_kept(text, values) for text in leaving):
            lost[verdict.block] = KEPT_IN_METADATA
    return lost


def _is_kept(text: str, values: Sequence[str]) -> bool:
    folded = fold_text(text)
    return any(folded in value for value in values)


def _strings(metadata: Metadata) -> list[str]:
    texts = [metadata.headline, metadata.description, metadata.byline, metadata.credit_text, metadata.dateline]
    texts += [part for image in metadata.images for part in (image.caption, image.credit)]
    return [fold_text(text) for text in texts if text]


def assemble(blocks: Sequence[Block], found: Sequence[Verdict]) -> tuple[str, tuple[Span, ...], tuple[Removal, ...]]:
    """Make the body, its paragraphs, and the removals in page order. All text of the blocks goes to the body or to a removal."""
    paragraphs: list[str] = []
    removals: list[Removal] = []
    for block, verdict in zip(blocks, found, strict=True):
        if verdict.removed and verdict.label is not None:
            removals.append(_removal(block.text, verdict.label))
            continue
        text = block.text
        if verdict.spans:
            text, cut = _cut(text, verdict.spans)
            removals.extend(cut)
        if text:
            paragraphs.append(text)
    spans, position = [], 0
    for text in paragraphs:
        spans.append(Span(position, position + len(text)))
        position += len(text) + len(SEPARATOR)
    return SEPARATOR.join(paragraphs), tuple(spans), tuple(removals)


def _cut(text: str, spans: Sequence[Label]) -> tuple[str, list[Removal]]:
    removals, kept, position = [], [], 0
    for label in sorted(spans, key=lambda span: (span.start or 0, span.end or 0)):
        start, end = max(label.start or 0, position), label.end or 0
        if end <= start:
            continue
        kept.append(text[position:start])
        removals.append(_removal(text[start:end], label))
        position = end
    return normalise(" ".join([*kept, text[position:]])) if removals else text, removals


def _removal(text: str, label: Label) -> Removal:
    return Removal(text, str(label.reason), label.rule, label.plugin)


def confidence(lengths: Sequence[int], found: Sequence[Verdict], labels: Iterable[Label]) -> float:
    """The F1 in words that the body is expected to have: 0.0 to 1.0, and 0.0 for an empty body.

    It is computed from the probabilities that labels give their blocks (``chance``). Without one, `_KEPT_RIGHTLY` or `_REMOVED_WRONGLY`
    counts. When a block leaves because of a label without a chance, the weight of that label lowers the chance.

    Args:
        lengths: the number of words of each block.
        found: the verdict of each block.
        labels: all labels.
    """
    chances = {label.block: label.chance for label in labels if label.chance is not None}
    kept = right = expected = 0.0
    for length, verdict in zip(lengths, found, strict=True):
        chance = chances.get(verdict.block, _KEPT_RIGHTLY if not verdict.removed else _REMOVED_WRONGLY)
        if verdict.removed:
            if verdict.label is not None and verdict.label.chance is None:
                chance *= 1.0 - verdict.label.weight
        else:
            kept += length
            right += length * chance
        expected += length * chance
    return 2 * right / (kept + expected) if kept else 0.0
