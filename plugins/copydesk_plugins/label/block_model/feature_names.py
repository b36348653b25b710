"""Spells the names of the block model's features.

``data/block_model.toml`` has a weight for each name. The numbers come from a family (`features.py`) and a place (`places.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from copydesk_plugins.label.block_model.features import ROUGH, WORDS
from copydesk_plugins.label.block_model.place_facts import BlockPlace, Family

OWN = frozenset(["p", "div", "li", "td", "span", "a", "h2", "h3", "h4", "section", "article"])
"""Tags of a block's own element that say something."""
_SECTIONS = ["article", "main", "aside", "nav", "footer", "header", "figure", "form", "table", "dialog"]
"""Tags of a page's sections; a section's number is its place here, from 1."""
SECTIONS = {tag: number for number, tag in enumerate(_SECTIONS, 1)}
MARKED = frozenset(["article", "main", "aside", "nav", "footer", "header", "figure", "form", "table", "blockquote", "ul", "ol", "section",
                    "button", "dialog"])
"""Tags around a block that say something."""

TAGS = frozenset([*OWN, *_SECTIONS, *MARKED])
"""All tags that say something."""
FLAGS = (1, 2, 4, 8)
"""The bits of a text's flags."""
_MOST_TOP = 3
"""The step of a container's running text above which it counts as the most."""


def features(number: int, family: Family) -> Iterable[str]:
    """The names for the numbers of a family; ``number`` is the family's place in `BlockFacts.families`."""
    return _SPELLED[number](*family)


def place_features(place: BlockPlace, rough: int) -> Iterable[str]:
    """The names for a block's place. Those of element names come also with the block's rough length."""
    yield from path_features(place.path, place.kind)
    yield from relation_features(*place.relation)
    yield from group_features(*place.group.facts)
    for about, code in place.named:
        yield from named_features(about, code, rough)


def named_features(about: str, code: int, rough: int) -> Iterable[str]:
    """The names for what an element's name is about, alone and with the block's rough length."""
    return f"n:{about}:{code}", f"n:{about}:{code}@{rough}"


def path_features(path: tuple[str, ...], kind: int) -> Iterable[str]:
    """The names for the tags around blocks of a kind."""
    near = next((SECTIONS[tag] for tag in reversed(path) if tag in SECTIONS), 0)
    articles = min(2, path.count("article"))
    leaf = path[-1] if path and path[-1] in OWN else ""
    return (f"near:{near}:{articles}", f"near-kind:{near}:{kind}", f"leaf:{leaf}", f"aside:{'aside' in path:d}:{articles}",
            *[f"tag:{tag}" for tag in sorted(MARKED.intersection(path))])


def relation_features(up: int, down: int, lost: int, more: int, in_main: int, top: int, kind: int) -> Iterable[str]:
    """The names for how a place lies to the main container."""
    return f"tags:{up}:{down}", f"names:{lost}:{more}", f"in:{in_main:d}:{kind}", f"top:{top}:{kind}"


def group_features(blocks: int, links: int, runs: int, teasers: int, mean: int, running: int) -> Iterable[str]:
    """The names for what a container holds."""
    return f"blocks:{blocks}", f"links:{links}", f"runs:{runs}", f"teasers:{teasers}", f"mean:{mean}", f"running:{running}"


def _spell_text(kind: int, level: int, bold: int, words: int, links: int, end: int, sentence: int, flags: int, start: int,
                upper: int, digits: int) -> Iterable[str]:
    rough = bisect_right(ROUGH, (0, *WORDS)[words])
    yield from (f"kind:{kind}:{level}:{bold:d}", f"links-words:{links}:{words}", f"words-end:{words}:{end:d}:{sentence:d}",
                f"kind-words-links:{kind}:{rough}:{links}", f"start:{start}:{end:d}", f"upper:{upper:d}", f"digits:{digits}:{rough}")
    yield from (f"flag:{bit}:{rough}" for bit in FLAGS if flags & bit)


def _spell_held(kind: int, rough: int, links: int, sentence: int, in_main: int, top: int, others: int, big: int,
                plain: int) -> Iterable[str]:
    return (f"others:{others}:{sentence:d}", f"big:{big}", f"top-sentence:{top}:{sentence:d}", f"others-big:{others}:{big}",
            f"main-words:{in_main:d}:{rough}:{sentence:d}", f"main-links:{in_main:d}:{links}:{rough}",
            f"kind-top:{kind}:{sentence:d}:{(top > 1) + (top > _MOST_TOP)}", f"plain:{plain}:{kind}:{sentence:d}")


def _spell_near(spot: int, rough: int, sentence: int, before: int, after: int) -> Iterable[str]:
    return f"spot:{spot}:{rough}:{sentence:d}", f"before:{before}", f"after:{after}", f"after-sentence:{after}:{sentence:d}"


def _spell_far(rest: int, passed: int, head: int, rough: int, later: int, sentence: int, above: int) -> Iterable[str]:
    return f"rest:{rest}", f"passed:{passed}", f"head:{head}:{rough}", f"later:{later}:{sentence:d}", f"above:{above:d}:{rough}"


def _spell_around(kind: int, before2: int, before: int, after: int, after2: int, same_before: int, same_after: int, around: int, rough: int,
                  run: int) -> Iterable[str]:
    return (f"prev:{before}:{kind}", f"next:{after}:{kind}", f"between:{before}:{after}:{run:d}", f"prev2:{before2}", f"next2:{after2}",
            f"prev-same:{before}:{same_before:d}", f"next-same:{after}:{same_after:d}", f"around:{around}:{rough}",
            f"same:{same_before:d}:{same_after:d}:{run:d}")


def _spell_rare(titled: int, copies: int, hit: int, copy: int, rough: int) -> Iterable[str]:
    return f"titled:{titled:d}", f"copies:{copies}:{rough}", f"stated:{hit}:{rough}", f"copy:{copy:d}"


_SPELLED = (_spell_text, _spell_held, _spell_near, _spell_far, _spell_around, _spell_rare)
"""The speller of each family, in the order of `BlockFacts.families`."""
