"""Gather what a page says about itself: title, language, meta elements, links, times, JSON-LD scripts."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from copydesk.html.elements import Attributes
from copydesk.model.page_facts import Link, TimeElement
from copydesk.text.strings import normalise

_MOST_TIMES = 5_000
"""``<time>`` elements that are kept of a page."""
_KEYS = ("name", "property", "itemprop", "http-equiv")
"""The attributes that name a meta element."""


class PageFacts:
    """Gathers the facts of a page in page order."""

    def __init__(self) -> None:
        self.title = ""
        self.language = ""
        self.meta: dict[str, list[str]] = {}
        self.links: list[Link] = []
        self.times: list[TimeElement] = []
        self.scripts: list[str] = []

    def note_root(self, attributes: Attributes) -> None:
        """Note the language that the ``html`` element declares."""
        self.language = (attributes.get("lang") or attributes.get("xml:lang") or "").strip()

    def note(self, tag: str, node: LexborNode) -> None:
        """Note a ``title``, ``script``, ``meta`` or ``link`` element. Of several titles the first one with text counts."""
        if tag == "title":
            self.title = self.title or normalise(node.text() or "")
            return
        attributes: Attributes = node.attributes
        if tag == "meta":
            self.note_meta(attributes)
        elif tag == "script":
            if "ld+json" in (attributes.get("type") or "").lower():
                self.scripts.append(node.text() or "")
        else:
            href, hreflang = (attributes.get("href") or "").strip(), attributes.get("hreflang") or ""
            if href:
                self.links += [Link(rel, href, hreflang) for rel in (attributes.get("rel") or "").lower().split()]

    def note_meta(self, attributes: Attributes) -> None:
        """Note the content of an element under each of its names."""
        content = attributes.get("content")
        if content is None:
            return
        names: list[str] = []
        for key in _KEYS:
            value = attributes.get(key)
            if value:
                name = value.strip().lower()
                if name and name not in names:
                    names.append(name)
                    self.meta.setdefault(name, []).append(content)

    def note_time(self, attributes: Attributes, text: str, tokens: tuple[str, ...], block: int) -> None:
        """Note a ``time`` element with its text. ``block`` is the index of the block that this text belongs to."""
        if len(self.times) < _MOST_TIMES:
            self.times.append(TimeElement((attributes.get("datetime") or "").strip(), text, tokens,
                                          (attributes.get("itemprop") or "").lower(), block if text else None))
