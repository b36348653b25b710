"""Elements that hold the authors' names, found by one search of the page (``bylines`` of ``data/meta_names.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from copydesk import Document
from copydesk_plugins._data import load

MOST_NODES = 200
MOST_ELEMENTS = 12
_SELECTOR = re.compile(r"(?P<tag>[a-z]+)?(?:\[(?P<name>[\w-]+)(?P<how>[~*])='?(?P<value>[^\]']+)'?\])?")


@dataclass(frozen=True, slots=True)
class _Place:
    """One of a selector's simple parts: a tag's name, an attribute that has a word (``~=``) or a part (``*=``), or both."""

    tag: str
    name: str
    how: str
    value: str

    def fits(self, tag: str, attributes: dict[str, str | None]) -> bool:
        """Whether an element is such a one."""
        if self.tag and tag != self.tag:
            return False
        value = attributes.get(self.name) or ""
        return not self.name or (self.value in value if self.how == "*" else self.value in value.split())


@dataclass(frozen=True, slots=True)
class _Entry:
    """``places``: which elements; ``take``: the selector of those in them that hold the names, empty for themselves."""

    places: tuple[_Place, ...]
    take: str
    shown: str


class BylineElements:
    """Finds them."""

    def __init__(self) -> None:
        listed = load("meta_names")["bylines"]["selectors"]
        self.entries = tuple(_Entry(tuple(map(_place, each["at"])), each.get("take", ""), " ".join((", ".join(each["at"]),
                             each.get("take", ""))).strip()) for each in listed)
        self._any = ", ".join(dict.fromkeys(place for each in listed for place in each["at"]))

    def find(self, document: Document) -> Iterator[tuple[int, str, list[str]]]:
        """Place in the order of trust, selector and texts of the elements, for each entry that some elements fit."""
        nodes: list[LexborNode] = document.tree.css(self._any)[:MOST_NODES] if document.tree is not None else []
        told = [(node, node.tag or "", node.attributes) for node in nodes]
        for step, entry in enumerate(self.entries):
            found = (node for node, tag, attributes in told if any(place.fits(tag, attributes) for place in entry.places))
            inner = (each for node in found for each in (node.css(entry.take) if entry.take else (node,)))
            texts = [" ".join(node.text(separator=" ").split()) for node in islice(inner, MOST_ELEMENTS)]
            if texts:
                yield step, entry.shown, texts


def _place(selector: str) -> _Place:
    match = _SELECTOR.fullmatch(selector)
    if match is None:
        raise ValueError(f"meta_names.toml: no simple selector: {selector!r}")
    return _Place(*(match[part] or "" for part in ("tag", "name", "how", "value")))
