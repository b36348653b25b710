"""Facts about each block of a page for the block model, from the one parse, in any language.

A block's facts come in families: small tuples of bucketed numbers, which `features` spells out as the names that the model weighs.
The model adds up a family once and looks the sum up by its tuple from then on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copydesk import Block, BlockKind, Document
from copydesk_plugins import _shape
from copydesk_plugins._block_names import Names
from copydesk_plugins._block_places import Place, Places
from copydesk_plugins._headlines import key

_WORDS = (2, 4, 6, 9, 13, 19, 30, 60, 120)
_ROUGH = (3, 8, 15, 40)
_LINKS = (0.001, 0.1, 0.3, 0.5, 0.85)
_LINKED = (0.1, 0.5, 0.85)
_SHARES = (0.001, 0.03, 0.1, 0.25, 0.5, 0.75)
_BIG = (0.001, 0.02, 0.05, 0.15, 0.4)
_STEPS = (1, 2, 3, 5, 10, 20, 50)
_PARTS = (0.001, 0.05, 0.2, 0.5)
_HEAD = (1, 2, 3, 5, 9, 20, 60)
_AROUND = (1, 30, 60, 120, 240)
_RUN = 8
_TITLE_WORDS = 40
_ENDS = frozenset(".!?…。！？।॥؟۔")
_CLOSERS = frozenset("\"'”’»)]」』")
_OPENERS = frozenset("\"'“‘«„(¿¡「『—–-")
_MARKS = ("|", "•", "»", "›")
_SAMPLE = 40
_COVERED = 0.3
NO_HEAD = len(_HEAD) + 1

Family = tuple[int, ...]
_RARE = 5


@dataclass(slots=True)
class Facts:
    """A page's blocks as the model sees them: place and families of each, lengths in words, words of running text."""

    places: list[Place]
    families: list[tuple[Family, ...]]
    rough: list[int]
    lengths: list[int]
    runs: list[int]

    def copies(self, at: int) -> int:
        """How often a block's text stands on the page; 3 means three times or more."""
        return self.families[at][_RARE][1]

    def repeats_page(self, at: int) -> bool:
        """Whether a block holds text of the page's longest blocks once more."""
        return bool(self.families[at][_RARE][3])


def facts(document: Document, names: Names) -> Facts:
    """The facts of all blocks of an HTML page."""
    blocks = document.blocks
    lengths = [_shape.count_words(block.text) for block in blocks]
    ends = [_ends(block.text) for block in blocks]
    sentences = [length >= _RUN and (end or _shape.INNER_END.search(block.text) is not None)
                 for block, length, end in zip(blocks, lengths, ends, strict=True)]
    runs = [length if sentence and block.link_density < 0.5 else 0
            for block, length, sentence in zip(blocks, lengths, sentences, strict=True)]
    classes = [_class(block, length, run) for block, length, run in zip(blocks, lengths, runs, strict=True)]
    teasers = [run > 0 and 1 in classes[max(0, at - 2):at] for at, run in enumerate(runs)]
    places = Places(names)
    places.enter(blocks, lengths, runs, teasers)
    rough = [bisect_right(_ROUGH, length) for length in lengths]
    total = sum(runs) or 1
    kinds = [place.kind for place in places.of]
    texts = [_text(block, kind, length, end, sentence)
             for block, kind, length, end, sentence in zip(blocks, kinds, lengths, ends, sentences, strict=True)]
    spots = _spots(blocks, places, runs, rough, sentences)
    nears = _nears(places, classes, runs, rough)
    rares = _rares(document, lengths, runs, rough, sentences)
    families: list[tuple[Family, ...]] = []
    for at, block in enumerate(blocks):
        place, run = places.of[at], runs[at]
        held = (place.kind, rough[at], bisect_right(_LINKED, block.link_density), sentences[at], place.in_main, place.top,
                bisect_right(_SHARES, (place.group.run - run) / total), bisect_right(_BIG, run / total))
        families.append((texts[at], held, spots[at][0], spots[at][1], nears[at], rares[at]))
    return Facts(places.of, families, rough, lengths, runs)


def _ends(text: str) -> bool:
    last = text[-1]
    if last in _CLOSERS:
        text = text[-4:].rstrip("\"'”’»)]」』")
        last = text[-1:]
    return last in _ENDS


def _class(block: Block, length: int, run: int) -> int:
    """A neighbour at a glance: linked heading 1, links 2, heading 3, few words 4, text by its length 5 to 7, other 8."""
    if block.link_density >= 0.8:
        return 1 if block.kind is BlockKind.HEADING else 2
    if run:
        return 5 if run < 15 else 6 if run < 40 else 7
    if block.kind is BlockKind.HEADING:
        return 3
    return 4 if length < _RUN else 8


def _text(block: Block, kind: int, length: int, end: bool, sentence: bool) -> Family:
    text = block.text
    first, last = text[0], text[-1]
    digits = sum(map(str.isdigit, text[:40])) if length < 20 else 0
    flags = (last in ":：") + 2 * (text.endswith(("…", "..."))) + 4 * (last in "?？؟") + 8 * any(mark in text for mark in _MARKS)
    start = 1 if first.islower() else 0 if first.isalnum() or first in _OPENERS else 2
    return (kind, min(block.level, 5), block.bold, bisect_right(_WORDS, length), bisect_right(_LINKS, block.link_density),
            end, sentence, flags, start, length < 40 and text.isupper(), bisect_right(_LINKED, digits / 40))


def _spots(blocks: Sequence[Block], places: Places, runs: Sequence[int], rough: Sequence[int], sentences: Sequence[bool],
           ) -> list[tuple[Family, Family]]:
    """Where blocks stand in the page: to the main container's first and last text, to the headline, to all running text."""
    main = [at for at, place in enumerate(places.of) if runs[at] and place.group.key == places.main]
    first, last = (main[0], main[-1]) if main else (0, len(blocks) - 1)
    heads = [block.index for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    head = max((at for at in heads if at <= first), default=-1)
    total = sum(runs) or 1
    passed = later = 0
    found: list[tuple[Family, Family]] = []
    for at, run in enumerate(runs):
        spot = 0 if at < first else 1 if at <= last else 2
        near = (spot, rough[at], sentences[at], bisect_right(_STEPS, first - at), bisect_right(_STEPS, at - last))
        from_head = bisect_right(_HEAD, at - head) if head >= 0 else NO_HEAD
        rest = total - passed - run
        far = (bisect_right(_PARTS, rest / total), bisect_right(_PARTS, passed / total), from_head, rough[at], min(later, 2), sentences[at],
               head >= 0 and at < head)
        found.append((near, far))
        passed += run
        later += at > first and at in heads
    return found


def _nears(places: Places, classes: Sequence[int], runs: Sequence[int], rough: Sequence[int]) -> list[Family]:
    """The neighbours of each block: two on each side."""
    around = [0, 0, *classes, 0, 0]
    wide = [0, 0, 0, *runs, 0, 0, 0]
    groups = [None, *[place.group for place in places.of], None]
    return [(place.kind, around[at], around[at + 1], around[at + 3], around[at + 4], groups[at] is groups[at + 1],
             groups[at + 2] is groups[at + 1], bisect_right(_AROUND, sum(wide[at:at + 7]) - runs[at]), rough[at], runs[at] > 0)
            for at, place in enumerate(places.of)]


def _rares(document: Document, lengths: Sequence[int], runs: Sequence[int], rough: Sequence[int], sentences: Sequence[bool],
           ) -> list[Family]:
    """Agreement with the title and the body that JSON-LD gives, repetition, and blocks that hold the page's text once more."""
    blocks = document.blocks
    titles = {key(title) for title in (document.title, document.first_meta("og:title") or "") if title}
    copies = Counter([block.text for block in blocks])
    stated = _stated(document)
    hits = [0 if not stated or length < _RUN else 2 if block.text[:_SAMPLE] in stated else 1
            for block, length in zip(blocks, lengths, strict=True)]
    covered = sum(run for run, hit in zip(runs, hits, strict=True) if hit == 2) > _COVERED * sum(runs)
    longest = sorted(range(len(blocks)), key=lambda at: -runs[at])[:4]
    samples = [(at, blocks[at].text[:2 * _SAMPLE]) for at in longest if runs[at] >= 15]
    found: list[Family] = []
    for at, block in enumerate(blocks):
        length = lengths[at]
        titled = block.kind is BlockKind.HEADING and length <= _TITLE_WORDS and key(block.text) in titles
        copy = length > 60 and any(sample in block.text for other, sample in samples if other != at)
        found.append((titled, min(copies[block.text], 3), hits[at] if covered else 0, copy, rough[at], sentences[at]))
    return found


def _stated(document: Document) -> str:
    bodies = [body for item in document.json_ld[:20] for body in (item.get("articleBody"),) if isinstance(body, str) and len(body) > 200]
    return " ".join(max(bodies, key=len).split()) if bodies else ""


def features(number: int, family: Family) -> Iterable[str]:
    """The names of the model's features that a tuple of a family (by its place in `Facts.families`) stands for."""
    return _SPELLED[number](*family)


def _spell_text(kind: int, level: int, bold: int, words: int, links: int, end: int, sentence: int, flags: int, start: int,
                upper: int, digits: int) -> Iterable[str]:
    rough = bisect_right(_ROUGH, (0, *_WORDS)[words])
    yield from (f"kind:{kind}:{level}:{bold:d}", f"links-words:{links}:{words}", f"words-end:{words}:{end:d}:{sentence:d}",
                f"kind-words-links:{kind}:{rough}:{links}", f"start:{start}:{end:d}", f"upper:{upper:d}", f"digits:{digits}:{rough}")
    yield from (f"flag:{bit}:{rough}" for bit in (1, 2, 4, 8) if flags & bit)


def _spell_held(kind: int, rough: int, links: int, sentence: int, in_main: int, top: int, others: int, big: int) -> Iterable[str]:
    return (f"others:{others}:{sentence:d}", f"big:{big}", f"top-sentence:{top}:{sentence:d}", f"others-big:{others}:{big}",
            f"main-words:{in_main:d}:{rough}:{sentence:d}", f"main-links:{in_main:d}:{links}:{rough}",
            f"kind-top:{kind}:{sentence:d}:{(top > 1) + (top > 3)}")


def _spell_near(spot: int, rough: int, sentence: int, before: int, after: int) -> Iterable[str]:
    return f"spot:{spot}:{rough}:{sentence:d}", f"before:{before}", f"after:{after}", f"after-sentence:{after}:{sentence:d}"


def _spell_far(rest: int, passed: int, head: int, rough: int, later: int, sentence: int, above: int) -> Iterable[str]:
    return f"rest:{rest}", f"passed:{passed}", f"head:{head}:{rough}", f"later:{later}:{sentence:d}", f"above:{above:d}:{rough}"


def _spell_around(kind: int, before2: int, before: int, after: int, after2: int, same_before: int, same_after: int, around: int, rough: int,
                  run: int) -> Iterable[str]:
    return (f"prev:{before}:{kind}", f"next:{after}:{kind}", f"between:{before}:{after}:{run:d}", f"prev2:{before2}", f"next2:{after2}",
            f"prev-same:{before}:{same_before:d}", f"next-same:{after}:{same_after:d}", f"around:{around}:{rough}",
            f"same:{same_before:d}:{same_after:d}:{run:d}")


def _spell_rare(titled: int, copies: int, hit: int, copy: int, rough: int, sentence: int) -> Iterable[str]:
    return f"titled:{titled:d}", f"copies:{copies}:{rough}", f"stated:{hit}:{rough}", f"copy:{copy:d}"


_SPELLED = (_spell_text, _spell_held, _spell_near, _spell_far, _spell_around, _spell_rare)
