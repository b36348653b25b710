"""Works out facts about each block of a page for the block model, in any language.

A block's facts come in families: small tuples of numbers in steps, which `feature_names.py` spells out as the names that the model
weighs. The model adds up a family once, and then looks the sum up by its tuple. Blocks of a page's frame have no facts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from copydesk import Block, BlockKind, Document
from copydesk_plugins.label.block_model.element_names import ElementNames
from copydesk_plugins.label.block_model.place_facts import BlockPlace, Family, NameGroup
from copydesk_plugins.label.block_model.places import Places
from copydesk_plugins.label.block_model.spots import Spots
from copydesk_plugins.shared.lines.headlines import key
from copydesk_plugins.shared.prose import sentences

WORDS = (2, 4, 6, 9, 13, 19, 30, 60, 120)
"""Steps of a block's words."""
ROUGH = (3, 8, 15, 40)
"""Steps of its rough length, in words."""
_LINKS = (0.001, 0.1, 0.3, 0.5, 0.85)
_LINKED = (0.1, 0.5, 0.85)
_SHARES = (0.001, 0.03, 0.1, 0.25, 0.5, 0.75)
_BIG = (0.001, 0.02, 0.05, 0.15, 0.4)
_PLAIN = (0.15, 0.6)
"""Steps of shares (0 to 1) of a block's characters in links, and of the page's running text."""
_AROUND = (1, 30, 60, 120, 240)
"""Steps of the words of running text around a block."""
_RUN = 8
"""Words of a block that can be running text."""
_TITLE_WORDS = 40
"""Words of a heading that can repeat the title."""
_ENDS = frozenset(".!?…。！？।॥؟۔")
_CLOSERS = frozenset("\"'”’»)]」』")
"""Marks that end a sentence, and marks that may follow its end."""
_OPENERS = frozenset("\"'“‘«„(¿¡「『—–-")
"""Marks that may open a text."""
_DIGIT = re.compile(r"\d")
_SAMPLE = 40
"""Characters of a block that are looked for in other texts."""
_COVERED = 0.3
"""Share of the running text that JSON-LD's article body must cover to count."""
_LINKED_TEXT, _LINKS_ALONE = 0.5, 0.8
"""Share of a block's characters in links, from which on it is no running text, and is nothing but links."""
_SHORT_RUN, _LONG_RUN = 15, 40
"""Words of running text in a short block, and in a long one."""
_CLOSED = 4
"""Characters at a text's end that may be closing marks."""
_HEAD_CHARACTERS, _FEW_WORDS, _FEW_DIGITS = 40, 20, 3
"""Digits count in the first 40 characters of a text of fewer than 20 words, when there are more than 3."""
_DEEPEST, _MOST_COPIES = 5, 3
"""The last step of a heading's level, and of the copies of a text."""
_LONGEST, _COPY_WORDS = 4, 60
"""Long blocks whose text other blocks may hold once more; such a block has more words than this."""
_MOST_ITEMS, _LEAST_BODY = 20, 200
"""JSON-LD objects that are read; characters that an article body has more than."""
_COLON, _ELLIPSIS, _QUESTION, _MARK = 1, 2, 4, 8
"""Flags of a text: it ends in a colon, in an ellipsis, in a question mark, or has a mark of menus."""
_LINKED_HEADING, _LINKS_ONLY, _TITLE, _FEW, _OTHER = 1, 2, 3, 4, 8
"""Classes of a block at a glance; 5 to 7 are text by its length."""

_RARE = 5
"""The place of `_rares` among the families of a block."""
_HEADING = BlockKind.HEADING


@dataclass(slots=True)
class BlockFacts:
    """A page's blocks as the model sees them. The lists have an item for each block.

    Attributes:
        places: the place of each.
        families: its families of facts; none for blocks of the page's frame.
        rough: its rough length, in steps.
        lengths: its length in words.
        runs: its words of running text.
        open: indices of the blocks outside of the frame.
        ended: indices of those that end a sentence.
        spoken: indices of those that hold or end a sentence after some words.
        classes: what each block is at a glance.
    """

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
        """How often the text of a block outside of the frame stands on the page. 3 means three times or more."""
        return self.families[at][_RARE][1]

    def repeats_page(self, at: int) -> bool:
        """Whether a block outside of the frame repeats text of the page's longest blocks."""
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
    spots = Spots(blocks, places, runs, total)
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
    """Read the blocks one by one. Returns the indices of those directly below linked headings."""
    frame, classes, runs, rough = document.frame, found.classes, found.runs, found.rough
    teasers: set[int] = set()
    for at, (block, length) in enumerate(zip(document.blocks, found.lengths, strict=True)):
        run = 0
        if at in frame:
            rough.append(0)
            classes.append(_LINKED_HEADING if block.kind is _HEADING else _LINKS_ONLY)
        else:
            text = block.text
            found.open.append(at)
            end = _ends(text)
            if end:
                found.ended.add(at)
            if length >= _RUN and (end or sentences.INNER_END.search(text) is not None):
                found.spoken.add(at)
                if block.link_density < _LINKED_TEXT:
                    run = length
                    if _LINKED_HEADING in classes[-2:]:
                        teasers.add(at)
            rough.append(bisect_right(ROUGH, length))
            classes.append(_class(block, length, run))
        runs.append(run)
    return teasers


def _ends(text: str) -> bool:
    last = text[-1]
    if last in _CLOSERS:
        text = text[-_CLOSED:].rstrip("\"'”’»)]」』")
        last = text[-1:]
    return last in _ENDS


def _class(block: Block, length: int, run: int) -> int:
    """A block at a glance, for its neighbours: one of the classes above, or text by its length (5 to 7)."""
    if block.link_density >= _LINKS_ALONE:
        return _LINKED_HEADING if block.kind is _HEADING else _LINKS_ONLY
    if run:
        return 5 if run < _SHORT_RUN else 6 if run < _LONG_RUN else 7
    if block.kind is _HEADING:
        return _TITLE
    return _FEW if length < _RUN else _OTHER


def _text(block: Block, kind: int, length: int, end: bool, sentence: bool) -> Family:
    text = block.text
    first, last = text[0], text[-1]
    digits = len(_DIGIT.findall(text[:_HEAD_CHARACTERS])) if length < _FEW_WORDS else 0
    flags = (_COLON if last in ":：" else _ELLIPSIS if last == "…" or (last == "." and text.endswith("...")) else
             _QUESTION if last in "?？؟" else 0)
    if "|" in text or "•" in text or "»" in text or "›" in text:
        flags += _MARK
    start = 1 if first.islower() else 0 if first.isalnum() or first in _OPENERS else 2
    return (kind, block.level if block.level < _DEEPEST else _DEEPEST, block.bold, bisect_right(WORDS, length),
            bisect_right(_LINKS, block.link_density) if block.link_density else 0, end, sentence, flags, start,
            length < _LONG_RUN and text.isupper(), bisect_right(_LINKED, digits / _HEAD_CHARACTERS) if digits > _FEW_DIGITS else 0)


def _nears(found: BlockFacts) -> list[Family]:
    """The neighbours of each block outside of the frame, two on each side."""
    runs, rough, places = found.runs, found.rough, found.places
    around = [0, 0, *found.classes, 0, 0]
    sums = [0, 0, 0, *accumulate(runs, initial=0)]
    sums += [sums[-1]] * 3
    groups: list[NameGroup | None] = [None, *[place.group for place in places], None]
    return [(places[at].kind, around[at], around[at + 1], around[at + 3], around[at + 4], groups[at] is groups[at + 1],
             groups[at + 2] is groups[at + 1], bisect_right(_AROUND, sums[at + 7] - sums[at] - runs[at]), rough[at], runs[at] > 0)
            for at in found.open]


def _rares(document: Document, found: BlockFacts) -> list[Family]:
    """For each block outside of the frame: agreement with the title and with JSON-LD's article body, copies, repeated text."""
    blocks, runs, lengths = document.blocks, found.runs, found.lengths
    titles = {key(title) for title in (document.title, document.first_meta("og:title") or "") if title}
    copies = Counter([block.text for block in blocks])
    stated = _stated(document)
    hits = {at: 2 if blocks[at].text[:_SAMPLE] in stated else 1 for at in found.open if lengths[at] >= _RUN} if stated else {}
    if hits and sum([runs[at] for at, hit in hits.items() if hit == 2]) <= _COVERED * sum(runs):
        hits = {}
    longest = sorted(found.open, key=runs.__getitem__, reverse=True)[:_LONGEST]
    samples = [(at, blocks[at].text[:2 * _SAMPLE]) for at in longest if runs[at] >= _SHORT_RUN]
    result: list[Family] = []
    for at in found.open:
        text, length = blocks[at].text, lengths[at]
        titled = blocks[at].kind is _HEADING and length <= _TITLE_WORDS and key(text) in titles
        copy = length > _COPY_WORDS and any(sample in text for other, sample in samples if other != at)
        times = copies[text]
        result.append((titled, times if times < _MOST_COPIES else _MOST_COPIES, hits.get(at, 0), copy, found.rough[at]))
    return result


def _stated(document: Document) -> str:
    bodies = [body for item in document.json_ld[:_MOST_ITEMS] for body in (item.get("articleBody"),)
              if isinstance(body, str) and len(body) > _LEAST_BODY]
    return " ".join(max(bodies, key=len).split()) if bodies else ""
