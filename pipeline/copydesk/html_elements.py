"""What HTML elements mean for text: which are blocks, which are unseen, what kind of block each makes.

The sets follow the HTML Standard's suggested rendering (https://html.spec.whatwg.org/multipage/rendering.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from copydesk.model import BlockKind

Attributes = dict[str, str | None]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNSEEN = _names(
    "script style template noscript svg iframe frame frameset noframes noembed select option optgroup datalist textarea input object "
    "embed audio video canvas map progress meter rp title meta link base param source track img picture -comment !-- -doctype !doctype")
"""Elements whose text readers do not see (with nodes that are no elements)."""

FACTS = frozenset({"title", "meta", "link", "script"})
"""Unseen elements that say something about the page."""

BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main marquee menu nav ol p plaintext pre search section summary table tbody "
    "tfoot thead tr ul xmp")
"""Elements that set their text apart. Table cells do so only when they hold one of these: a row is a block."""

FLOWING = _names(
    "abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q rb rt ruby s samp small strike strong sub sup tt u var "
    "wbr")
"""Inline elements that may stand inside a word."""

APART = frozenset({"a", "button", "label"})
"""Inline elements that do not run into their neighbours of the same kind."""

_KINDS = {
    "p": BlockKind.PARAGRAPH, "li": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION, "tr": BlockKind.TABLE_ROW,
    "td": BlockKind.TABLE_ROW, "th": BlockKind.TABLE_ROW, "pre": BlockKind.PREFORMATTED, "listing": BlockKind.PREFORMATTED,
    "plaintext": BlockKind.PREFORMATTED, "xmp": BlockKind.PREFORMATTED,
}
_HANDED_DOWN = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.PREFORMATTED})
_SECTIONS = frozenset({"article", "aside", "footer", "header", "main", "nav", "section", "table", "body"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NO_DISPLAY = re.compile(r"display\s{0,9}:\s{0,9}none", re.I)


@dataclass(slots=True, eq=False)
class OpenElement:
    """An element that the walk is inside of. ``own`` are its tokens, ``tokens`` its own and its ancestors'."""

    node: LexborNode
    tag: str
    kind: BlockKind = BlockKind.OTHER
    level: int = 0
    own: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    is_block: bool = False
    href: str | None = None
    time: tuple[Attributes, int] | None = None


def kind_of(tag: str, parent: OpenElement) -> tuple[BlockKind, int]:
    """The kind of block an element's own text makes, and its heading level (0: no heading)."""
    if tag in _HEADINGS:
        return BlockKind.HEADING, _HEADINGS[tag]
    if parent.kind in _HANDED_DOWN and tag not in _SECTIONS and (tag in ("p", "div") or tag not in _KINDS):
        return parent.kind, parent.level
    return _KINDS.get(tag, BlockKind.OTHER), 0


def tokens_of(attributes: Attributes) -> tuple[str, ...]:
    """The lower-cased class, id, role, itemprop and data-testid words of an element, in this order."""
    found: list[str] = []
    for key in ("class", "id", "role", "itemprop", "data-testid"):
        value = attributes.get(key)
        if value:
            found += value.lower().split()[:40]
    return tuple(found)


def is_hidden(tag: str, attributes: Attributes) -> bool:
    """Whether an element is hidden by its own attributes."""
    if not attributes:
        return tag == "dialog"
    style = attributes.get("style")
    return "hidden" in attributes or (tag == "dialog" and "open" not in attributes) or bool(
        style and "none" in style and _NO_DISPLAY.search(style))
