"""Facts about each block of a page for the block model, from the one parse, in any language.

A block's facts come in families: small tuples of bucketed numbers, which `_block_spelling` spells out as the names that the model
weighs. The model adds up a family once and looks the sum up by its tuple from then on. Blocks in rows of links have none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from copydesk import Block, BlockKind, Document
from copydesk_plugins.label.block_model.element_names import ElementNames
from copydesk_plugins.label.block_model.places import BlockPlace, NameGroup, Places
from copydesk_plugins.shared.lines.headlines import key
from copydesk_plugins.shared.prose import sentences

WORDS = (2, 4, 6, 9, 13, 19, 30, 60, 120)
ROUGH = (3, 8, 15, 40)
_LINKS = (0.001, 0.1, 0.3, 0.5, 0.85)
_LINKED = (0.1, 0.5, 0.85)
_SHARES = (0.001, 0.03, 0.1, 0.25, 0.5, 0.75)
_BIG = (0.001, 0.02, 0.05, 0.15, 0.4)
_PLAIN = (0.15, 0.6)
_STEPS = (1, 2, 3, 5, 10, 20, 50)
_PARTS = (0.001, 0.05, 0.2, 0.5)
_HEAD = (1, 2, 3, 5, 9, 20, 60)
_AROUND = (1, 30, 60, 120, 240)
_RUN = 8
_TITLE_WORDS = 40
_ENDS = frozenset(".!?…。！？।॥؟۔")
_CLOSERS = frozenset("\"'”’»)]」』")
_OPENERS = frozenset("\"'“‘«„(¿¡「『—–-")
_DIGIT = re.compile(r"\d")
_SAMPLE = 40
_COVERED = 0.3
NO_HEAD = len(_HEAD) + 1

Family = tuple[int, ...]
_RARE = 5
_HEADING = BlockKind.HEADING


@dataclass(slots=True)
class BlockFacts:
    """A page's blocks as the model sees them: place of each, families (none for those in its frame), lengths in words, rough lengths,
    words of running text. ``open`` are the indices of those outside of the frame; ``ended`` of those that end a sentence, ``spoken`` of
    those that hold or end one after some words; ``classes`` says what each is at a glance."""

    places: list[BlockPlace] = field(default_factory=list)
    families: list[tuple[Family, ...]] = field(default_factory=list)
    rough: list[int] = field(default_factory=list)
    lengths: Sequence[int] = ()
    runs: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    ended: set[int] = field(default_factory=set)
    spoken: set[int] = field(default_factory=set)
    classes: list[int] = field(default_factory=list)

    def copies(self, at: int) -> int:
        """How often the text of a block outside of the frame stands on the page; 3 means three times or more."""
        return self.families[at][_RARE][1]

    def repeats_page(self, at: int) -> bool:
        """Whether a block outside of the frame holds text of the page's longest blocks once more."""
        return bool(self.families[at][_RARE][3])


def facts(document: Document, names: ElementNames) -> BlockFacts:
    """The facts of all blocks of an HTML page."""
    found = BlockFacts(lengths=document.word_counts)
    teasers = _read(document, found)
    blocks, runs = document.blocks, found.runs
    places = Places(names)
    places.enter(blocks, document.frame, found.lengths, runs, teasers)
    found.places = places.of
    total = sum(runs) or 1
    plain = bisect_right(_PLAIN, sum([run for block, run in zip(blocks, runs, strict=True) if block.kind is BlockKind.PARAGRAPH]) / total)
    spots = _Spots(blocks, places, runs, total)
    nears = _nears(found)
    rares = _rares(document, found)
    families: list[tuple[Family, ...]] = [()] * len(blocks)
    for at, near, rare in zip(found.open, nears, rares, strict=True):
        block, place, rough, run, sentence = blocks[at], found.places[at], found.rough[at], runs[at], at in found.spoken
        group = place.group
        others = group.run - run
        held = (place.kind, rough, bisect_right(_LINKED, block.link_density) if block.link_density else 0, sentence, place.in_main,
                group.top, bisect_right(_SHARES, others / total) if others else 0, bisect_right(_BIG, run / total) if run else 0, plain)
        families[at] = (_text(block, place.kind, found.lengths[at], at in found.ended, sentence), held,
                        spots.near(at, rough, sentence), spots.far(at, rough, sentence, run), near, rare)
    found.families = families
    return found


def _read(document: Document, found: BlockFacts) -> set[int]:
    """Read the blocks one by one; returns which stand directly below linked headings."""
    frame, classes, runs, rough = document.frame, found.classes, found.runs, found.rough
    teasers: set[int] = set()
    for at, (block, length) in enumerate(zip(document.blocks, found.lengths, strict=True)):
        run = 0
        if at in frame:
            rough.append(0)
            classes.append(1 if block.kind is _HEADING else 2)
        else:
            text = block.text
            found.open.append(at)
            end = _ends(text)
            if end:
                found.ended.add(at)
            if length >= _RUN and (end or sentences.INNER_END.search(text) is not None):
                found.spoken.add(at)
                if block.link_density < 0.5:
                    run = length
                    if 1 in classes[-2:]:
                        teasers.add(at)
            rough.append(bisect_right(ROUGH, length))
            classes.append(_class(block, length, run))
        runs.append(run)
    return teasers


def _ends(text: str) -> bool:
    last = text[-1]
    if last in _CLOSERS:
        text = text[-4:].rstrip("\"'”’»)]」』")
        last = text[-1:]
    return last in _ENDS


def _class(block: Block, length: int, run: int) -> int:
    """A neighbour at a glance: linked heading 1, links 2, heading 3, few words 4, text by its length 5 to 7, other 8."""
    if block.link_density >= 0.8:
        return 1 if block.kind is _HEADING else 2
    if run:
        return 5 if run < 15 else 6 if run < 40 else 7
    if block.kind is _HEADING:
        return 3
    return 4 if length < _RUN else 8


def _text(block: Block, kind: int, length: int, end: bool, sentence: bool) -> Family:
    text = block.text
    first, last = text[0], text[-1]
    digits = len(_DIGIT.findall(text[:40])) if length < 20 else 0
    flags = (1 if last in ":：" else 2 if last == "…" or (last == "." and text.endswith("...")) else 4 if last in "?？؟" else 0)
    if "|" in text or "•" in text or "»" in text or "›" in text:
        flags += 8
    start = 1 if first.islower() else 0 if first.isalnum() or first in _OPENERS else 2
    return (kind, block.level if block.level < 5 else 5, block.bold, bisect_right(WORDS, length),
            bisect_right(_LINKS, block.link_density) if block.link_density else 0, end, sentence, flags, start,
            length < 40 and text.isupper(), bisect_right(_LINKED, digits / 40) if digits > 3 else 0)


class _Spots:
    """Where blocks stand in the page: to the main container's first and last text, to the headline, to all running text."""

    def __init__(self, blocks: Sequence[Block], places: Places, runs: Sequence[int], total: int) -> None:
        main = [at for at, run in enumerate(runs) if run and places.of[at].group.key == places.main]
        self.first, self.last = (main[0], main[-1]) if main else (0, len(blocks) - 1)
        heads = [block.index for block in blocks if block.level == 1 and block.kind is _HEADING]
        self.head = max([at for at in heads if at <= self.first], default=-1)
        self.later = [at for at in heads if at > self.first]
        self.total = total
        self.passed = [0, *accumulate(runs)]

    def near(self, at: int, rough: int, sentence: bool) -> Family:
        """To the main container's text."""
        if at < self.first:
            return 0, rough, sentence, bisect_right(_STEPS, self.first - at), 0
        if at <= self.last:
            return 1, rough, sentence, 0, 0
        return 2, rough, sentence, 0, bisect_right(_STEPS, at - self.last)

    def far(self, at: int, rough: int, sentence: bool, run: int) -> Family:
        """To the headline and all running text."""
        head, total, passed = self.head, self.total, self.passed[at]
        return (bisect_right(_PARTS, (total - passed - run) / total), bisect_right(_PARTS, passed / total),
                bisect_right(_HEAD, at - head) if head >= 0 else NO_HEAD, rough, min(bisect_left(self.later, at), 2) if self.later else 0,
                sentence, at < head)


def _nears(found: BlockFacts) -> list[Family]:
    """The neighbours of each block outside of the frame: two on each side."""
    runs, rough, places = found.runs, found.rough, found.places
    around = [0, 0, *found.classes, 0, 0]
    sums = [0, 0, 0, *accumulate(runs, initial=0)]
    sums += [sums[-1]] * 3
    groups: list[NameGroup | None] = [None, *[place.group for place in places], None]
    return [(places[at].kind, around[at], around[at + 1], around[at + 3], around[at + 4], groups[at] is groups[at + 1],
             groups[at + 2] is groups[at + 1], bisect_right(_AROUND, sums[at + 7] - sums[at] - runs[at]), rough[at], runs[at] > 0)
            for at in found.open]


def _rares(document: Document, found: BlockFacts) -> list[Family]:
    """Agreement with the title and the body that JSON-LD gives, repetition, and blocks that hold the page's text once more."""
    blocks, runs, lengths = document.blocks, found.runs, found.lengths
    titles = {key(title) for title in (document.title, document.first_meta("og:title") or "") if title}
    copies = Counter([block.text for block in blocks])
    stated = _stated(document)
    hits = {at: 2 if blocks[at].text[:_SAMPLE] in stated else 1 for at in found.open if lengths[at] >= _RUN} if stated else {}
    if hits and sum([runs[at] for at, hit in hits.items() if hit == 2]) <= _COVERED * sum(runs):
        hits = {}
    longest = sorted(found.open, key=runs.__getitem__, reverse=True)[:4]
    samples = [(at, blocks[at].text[:2 * _SAMPLE]) for at in longest if runs[at] >= 15]
    result: list[Family] = []
    for at in found.open:
        text, length = blocks[at].text, lengths[at]
        titled = blocks[at].kind is _HEADING and length <= _TITLE_WORDS and key(text) in titles
        copy = length > 60 and any(sample in text for other, sample in samples if other != at)
        times = copies[text]
        result.append((titled, times if times < 3 else 3, hits.get(at, 0), copy, found.rough[at]))
    return result


def _stated(document: Document) -> str:
    bodies = [body for item in document.json_ld[:20] for body in (item.get("articleBody"),) if isinstance(body, str) and len(body) > 200]
    return " ".join(max(bodies, key=len).split()) if bodies else ""
