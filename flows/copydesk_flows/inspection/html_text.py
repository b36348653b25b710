"""Prepare the text of a page for ``copydesk inspect --html``: what is kept, what was removed in its place, and who says what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, starmap

from copydesk import Article, Block, Label, Quote
from copydesk.operations import Trace, Verdict

Mark = tuple[int, int, str, int]
"""The start and end of a marked passage, what it is (``quote``, ``cue`` or ``speaker``), and the number of its quote."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a block that is shown in one way.

    Attributes:
        text: the text of the piece.
        label: why it was removed; None when it was kept.
        quotes: the numbers of the quotes that it is part of.
        cues: the numbers of the quotes whose cue it is part of.
        speakers: the numbers of the quotes whose speaker it names.
        last: the numbers of the quotes that end with it.
    """

    text: str
    label: Label | None = None
    quotes: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the page.

    Attributes:
        kind: the kind of the block.
        state: ``kept``, ``removed``, or ``open`` when the page was stopped before the block was decided on.
        label: why it was removed; None when it was not.
        pieces: the text of the block, in order.
    """

    kind: str
    state: str
    label: Label | None
    pieces: tuple[Piece, ...]


def shown_blocks(trace: Trace) -> Iterator[ShownBlock]:
    """Yield all blocks of a page, in the order of the page."""
    blocks = trace.document.blocks if trace.document else ()
    verdicts: Sequence[Verdict | None] = trace.verdicts or (None,) * len(blocks)
    paragraphs = _paragraphs(trace.article)
    for block, verdict in zip(blocks, verdicts, strict=True):
        if verdict is None:
            yield ShownBlock(block.kind, "open", None, (Piece(block.text),))
        elif verdict.removed and verdict.label is not None:
            yield ShownBlock(block.kind, "removed", verdict.label, (Piece(block.text, verdict.label),))
        else:
            yield _kept(block, verdict, paragraphs)


def _paragraphs(article: Article | None) -> Iterator[tuple[str, list[Mark]]]:
    """Yield the paragraphs of the body, each with the marks of quotes in it. Marks have offsets in the paragraph."""
    if article is None:
        return
    inside: list[list[Mark]] = [[] for _ in article.paragraphs]
    ends = [span.end for span in article.paragraphs]
    for start, end, what, number in sorted(chain.from_iterable(starmap(_marks, enumerate(article.quotes)))):
        place = bisect_right(ends, start)
        while place < len(ends) and (span := article.paragraphs[place]).start < end:
            inside[place].append((max(start, span.start) - span.start, min(end, span.end) - span.start, what, number))
            place += 1
    for span, marks in zip(article.paragraphs, inside, strict=True):
        yield article.body[span.start:span.end], marks


def _marks(number: int, quote: Quote) -> Iterator[Mark]:
    yield quote.start, quote.end, "quote", number
    if quote.cue_start is not None and quote.cue_end is not None:
        yield quote.cue_start, quote.cue_end, "cue", number
    if quote.speaker_start is not None and quote.speaker_end is not None:
        yield quote.speaker_start, quote.speaker_end, "speaker", number


def _kept(block: Block, verdict: Verdict, paragraphs: Iterator[tuple[str, list[Mark]]]) -> ShownBlock:
    """Return a kept block with its marks. A block whose spans remove all of its text has no paragraph in the body."""
    cuts = _cuts(verdict.spans)
    starts, ends = [0, *(end for _, end, _ in cuts)], [*(start for start, _, _ in cuts), len(block.text)]
    kept = [place for start, end in zip(starts, ends, strict=True) for place in range(start, end) if not block.text[place].isspace()]
    if not kept:
        return ShownBlock(block.kind, "kept", None, tuple(_pieces(block.text, cuts, [])))
    text, marks = next(paragraphs, ("", []))
    return ShownBlock(block.kind, "kept", None, tuple(_pieces(block.text, cuts, _moved(marks, text, kept))))


def _cuts(spans: Sequence[Label]) -> list[tuple[int, int, Label]]:
    """Return the spans that are removed from a block, without overlaps, as the core removes them."""
    found: list[tuple[int, int, Label]] = []
    position = 0
    for label in sorted(spans, key=lambda span: (span.start or 0, span.end or 0)):
        start, end = max(label.start or 0, position), label.end or 0
        if end > start:
            found.append((start, end, label))
            position = end
    return found


def _moved(marks: Sequence[Mark], text: str, kept: Sequence[int]) -> list[Mark]:
    """Convert marks from offsets in the paragraph to offsets in the block: the n-th character that is no blank is the same in both.

    Args:
        marks: the marks.
        text: the text of the paragraph.
        kept: the offsets in the block of the characters that are kept and no blanks.
    """
    places = [place for place, char in enumerate(text) if not char.isspace()]
    if len(places) != len(kept):
        return []
    moved = []
    for start, end, what, number in marks:
        first, after = bisect_left(places, start), bisect_left(places, end)
        if first < after:
            moved.append((kept[first], kept[after - 1] + 1, what, number))
    return moved


def _pieces(text: str, cuts: Sequence[tuple[int, int, Label]], marks: Sequence[Mark]) -> Iterator[Piece]:
    """Split a text at the ends of removed spans and of marks. ``marks`` are in order."""
    edges = sorted({0, len(text), *(edge for start, end, _ in cuts for edge in (start, end)),
                    *(edge for start, end, _, _ in marks for edge in (start, end))})
    labels = {start: (end, label) for start, end, label in cuts}
    last: dict[int, list[int]] = {}
    for _, end, what, number in marks:
        if what == "quote":
            last.setdefault(end, []).append(number)
    coming, open_now = deque(marks), list[Mark]()
    cut: tuple[int, Label | None] = (0, None)
    for start, end in pairwise(edges):
        cut = labels.get(start, cut)
        open_now = [mark for mark in open_now if mark[1] > start]
        while coming and coming[0][0] <= start:
            open_now.append(coming.popleft())
        over = {what: tuple(number for _, _, kind, number in open_now if kind == what) for what in ("quote", "cue", "speaker")}
        yield Piece(text[start:end], cut[1] if start < cut[0] else None, over["quote"], over["cue"], over["speaker"],
                    tuple(last.get(end, ())))
