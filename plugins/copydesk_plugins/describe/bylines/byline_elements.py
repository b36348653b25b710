"""Finds elements near a headline that hold the authors' names (``bylines`` of ``data/meta_names.toml``)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from selectolax.lexbor import LexborNode

from copydesk import Document
from copydesk_plugins.shared.facts.loading import load

MOST_ELEMENTS = 12
"""Elements of one selector that are read."""
_SELECTOR = re.compile(r"(?P<tag>[a-z]{1,20})?(?:\[(?P<name>[\w-]{1,40})(?P<how>[~*])='?(?P<value>[^\]']{1,60})'?\])?")
"""A simple selector, as the data file has them."""


Attributes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Place:
    """One of a selector's simple parts: a tag's name, an attribute that has a word (``~=``) or a part (``*=``), or both."""

    tag: str
    name: str
    how: str
    value: str

    def fits(self, tag: str, attributes: Attributes) -> bool:
        """Whether the selector matches an element."""
        if self.tag and tag != self.tag:
            return False
        value = attributes.get(self.name) or ""
        return not self.name or (self.value in value if self.how == "*" else self.value in value.split())


@dataclass(frozen=True, slots=True)
class _Entry:
    """A selector. ``places``: the elements that it matches; ``take``: selects those inside that hold the names (empty: all of them)."""

    places: tuple[_Place, ...]
    take: str
    shown: str


class BylineElements:
    """Finds byline elements."""

    def __init__(self) -> None:
        listed = load("meta_names")["bylines"]["selectors"]
        self.entries = tuple(_Entry(tuple(map(_place, each["at"])), each.get("take", ""), " ".join((", ".join(each["at"]),
                             each.get("take", ""))).strip()) for each in listed)
        self._foreign = frozenset(load("meta_names")["bylines"]["foreign"])
        places = [place for entry in self.entries for place in entry.places]
        self._tags = frozenset(place.tag for place in places if not place.name)
        self._signs = {name: re.compile("|".join(sorted({re.escape(place.value) for place in places if place.name == name})))
                       for name in {place.name for place in places} - {""}}

    def _tells(self, attributes: Attributes) -> bool:
        """Whether an attribute has what one of the places asks for. Most elements have none, so this saves time."""
        for name in attributes:
            sign = self._signs.get(name)
            value = attributes[name] if sign else None
            if sign and value and sign.search(value):
                return True
        return False

    def _is_foreign(self, node: LexborNode, known: dict[int, bool]) -> bool:
        """Whether an element stands in a part that is not the story's own, such as a reader's comment.

        ``known`` remembers the answer for the elements around it.
        """
        at: LexborNode | None = node
        passed: list[int] = []
        foreign = False
        while at is not None and not foreign:
            if (place := at.mem_id) in known:
                foreign = known[place]
                break
            passed.append(place)
            attributes = at.attributes or {}
            kind = (attributes.get("itemtype") or "").rpartition("/")[2]
            foreign = kind in self._foreign or not self._foreign.isdisjoint((attributes.get("class") or "").split())
            at = at.parent
        known.update(dict.fromkeys(passed, foreign))
        return foreign

    def find(self, document: Document, start: int, stop: int) -> Iterator[tuple[int, str, list[str]]]:
        """For each entry that matches elements of these blocks: its place in the order of trust, its selector, and the elements' texts."""
        known: dict[int, bool] = {}
        told = [(node, node.tag or "", attributes) for _, node, attributes in _between(document, start, stop)
                if ((attributes and self._tells(attributes)) or node.tag in self._tags) and not self._is_foreign(node, known)]
        for step, entry in enumerate(self.entries):
            found = (node for node, tag, attributes in told if any(place.fits(tag, attributes) for place in entry.places))
            inner = (each for node in found for each in (node.css(entry.take) if entry.take else (node,)))
            texts = [" ".join(node.text(separator=" ").split()) for node in islice(inner, MOST_ELEMENTS)]
            if texts:
                yield step, entry.shown, texts


def elements_of(document: Document, start: int, stop: int) -> list[tuple[LexborNode, Attributes]]:
    """The elements that begin in a page's blocks ``start`` to ``stop`` (exclusive), each with its attributes."""
    return [(node, attributes) for _, node, attributes in _between(document, start, stop)]


def _between(document: Document, start: int, stop: int) -> Sequence[tuple[int, LexborNode, Attributes]]:
    first = bisect_left(document.elements, start, key=itemgetter(0))
    return document.elements[first:bisect_left(document.elements, stop, key=itemgetter(0))]


def _place(selector: str) -> _Place:
    match = _SELECTOR.fullmatch(selector)
    if match is None:
        raise ValueError(f"meta_names.toml: no simple selector: {selector!r}")
    return _Place(*(match[part] or "" for part in ("tag", "name", "how", "value")))
