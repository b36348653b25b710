"""An article's text as ``copydesk inspect --html`` shows it: what is kept, what is struck where it stood, and who says what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copydesk import Article, Block, Label, Quote
from copydesk.model import Verdict
from copydesk_flows.trace import Trace

Mark = tuple[int, int, str, int]
"""Start and end in a paragraph, what it is (quote, cue, speaker), and the number of its quote."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block that is shown in one way. ``label`` says why it was removed; ``quotes`` are the numbers of the quotes that it
    is of, ``cues`` and ``speakers`` of those whose cue or speaker it names; ``last`` of the quotes that end with it."""

    text: str
    label: Label | None = None
    quotes: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of the page: ``state`` is kept, removed or open (the page was stopped before it was decided)."""

    kind: str
    state: str
    label: Label | None
    pieces: tuple[Piece, ...]


def shown_blocks(trace: Trace) -> Iterator[ShownBlock]:
    """All blocks of a page, in page order."""
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
    """The paragraphs of the body, each with what quotes have in it, by offsets in the paragraph."""
    if article is None:
        return
    marks = sorted(mark for number, quote in enumerate(article.quotes) for mark in _marks(quote, number))
    for span in article.paragraphs:
        inside = [(max(start, span.start) - span.start, min(end, span.end) - span.start, what, number)
                  for start, end, what, number in marks if start < span.end and end > span.start]
        yield article.body[span.start:span.end], inside


def _marks(quote: Quote, number: int) -> Iterator[Mark]:
    yield quote.start, quote.end, "quote", number
    if quote.cue_start is not None and quote.cue_end is not None:
        yield quote.cue_start, quote.cue_end, "cue", number
    if quote.speaker_start is not None and quote.speaker_end is not None:
        yield quote.speaker_start, quote.speaker_end, "speaker", number


def _kept(block: Block, verdict: Verdict, paragraphs: Iterator[tuple[str, list[Mark]]]) -> ShownBlock:
    """A block that stays, without the spans that are cut out of it; a block of which nothing stays is no paragraph of the body."""
    cuts = _cuts(verdict.spans)
    kept = [place for place, char in enumerate(block.text) if not char.isspace() and not any(a <= place < b for a, b, _ in cuts)]
    if not kept:
        return ShownBlock(block.kind, "kept", None, tuple(_pieces(block.text, cuts, [])))
    text, marks = next(paragraphs, ("", []))
    return ShownBlock(block.kind, "kept", None, tuple(_pieces(block.text, cuts, _moved(marks, text, kept))))


def _cuts(spans: Sequence[Label]) -> list[tuple[int, int, Label]]:
    """What is cut out of a block, without overlaps, as the core cuts it."""
    found: list[tuple[int, int, Label]] = []
    position = 0
    for label in sorted(spans, key=lambda span: (span.start or 0, span.end or 0)):
        start, end = max(label.start or 0, position), label.end or 0
        if end > start:
            found.append((start, end, label))
            position = end
    return found


def _moved(marks: Sequence[Mark], text: str, kept: Sequence[int]) -> list[Mark]:
    """Marks by offsets in the block, not in the paragraph: the n-th character that is no blank is the same in both."""
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
    edges = sorted({0, len(text), *(edge for start, end, _ in cuts for edge in (start, end)),
                    *(edge for start, end, _, _ in marks for edge in (start, end))})
    for start, end in pairwise(edges):
        label = next((label for first, after, label in cuts if first <= start < after), None)
        over = {what: tuple(n for a, b, kind, n in marks if kind == what and a <= start < b) for what in ("quote", "cue", "speaker")}
        last = tuple(n for _, b, kind, n in marks if kind == "quote" and b == end)
        yield Piece(text[start:end], label, over["quote"], over["cue"], over["speaker"], last)
