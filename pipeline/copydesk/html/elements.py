"""What HTML elements mean for text: which are blocks, which are unseen, what kind of block each makes.

The sets follow the HTML Standard's suggested rendering (https://html.spec.whatwg.org/multipage/rendering.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from copydesk.model.document import BlockKind

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

ACTING = frozenset({"a", "b", "strong", "td", "th", "q", "time"})
"""Inline elements that do something to the text in them, or before or after it."""

_KINDS = {
    "p": BlockKind.PARAGRAPH, "li": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION, "tr": BlockKind.TABLE_ROW,
    "td": BlockKind.TABLE_ROW, "th": BlockKind.TABLE_ROW, "pre": BlockKind.PREFORMATTED, "listing": BlockKind.PREFORMATTED,
    "plaintext": BlockKind.PREFORMATTED, "xmp": BlockKind.PREFORMATTED,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
}
_HANDED_DOWN = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.PREFORMATTED})
_SECTIONS = frozenset({"article", "aside", "footer", "header", "main", "nav", "section", "table", "body"})
_CELLS = frozenset({"td", "th"})
_NO_DISPLAY = re.compile(r"display\s{0,9}:\s{0,9}none", re.I)
TELLING = frozenset({"style", "hidden", "itemprop"})
"""Attributes that say something about the page, or whether their element is seen."""
_KEYS = ("class", "id", "role", "itemprop", "data-testid")
_OUTER = frozenset({"html", "body"})
_MOST_TOKENS = 200

INLINE, BLOCK, TEXT, BREAK, NOTHING, FACT = range(6)
"""What a node is to the walk: an inline element, a block, text, a line break, unseen, unseen with something to say about the page."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What the walk knows of all elements of one name, looked up once a page.

    ``kind`` is that of the blocks they make, ``level`` their heading level; ``takes`` says whether they take their parent's kind
    instead where it is handed down (``hands``): whatever is inline takes any. ``acts``: an inline element does more than
    to hold text; ``special``: that, or it stands ``apart``.
    """

    name: str
    role: int = INLINE
    kind: BlockKind = BlockKind.OTHER
    level: int = 0
    hands: bool = False
    takes: bool = True
    makes: bool = False
    acts: bool = False
    apart: bool = False
    special: bool = False
    flowing: bool = False
    dialog: bool = False


def _tag(name: str) -> Tag:
    role = (TEXT if name == "-text" else BREAK if name == "br" else FACT if name in FACTS else NOTHING if name in UNSEEN
            else BLOCK if name in BLOCKS else INLINE)
    makes = role == BLOCK or name in _CELLS
    kind = _KINDS.get(name, BlockKind.OTHER) if makes else BlockKind.OTHER
    level = int(name[1]) if kind is BlockKind.HEADING else 0
    takes = not level and name not in _SECTIONS and (name in ("p", "div") or name not in _KINDS)
    return Tag(name, role, kind, level, kind in _HANDED_DOWN, takes, makes, name in ACTING, name in APART, name in ACTING | APART,
               name in FLOWING, name == "dialog")


_TAGS = {name: _tag(name) for name in {"-text", "br", *UNSEEN, *BLOCKS, *FLOWING, *APART, *ACTING, *_CELLS}}


def tag_named(name: str) -> Tag:
    """What is known of the elements (or nodes) of a name."""
    return _TAGS.get(name) or Tag(name)


class OpenElement:
    """An element that the walk is inside of. ``depth`` counts it and what is around it; ``href`` is the link that its text is in,
    ``maker`` the tag that says what kind of block its own text makes.

    ``own`` (its tokens), ``tokens`` (its own and its ancestors') and ``path`` are made when text asks for them (`complete_tokens`): most
    elements hold none. The outermost element is its own parent.
    """

    __slots__ = ("attributes", "depth", "hidden", "href", "maker", "node", "own", "parent", "path", "tag", "time", "tokens")

    parent: OpenElement
    href: str | None
    path: tuple[str, ...] | None
    own: tuple[str, ...]
    tokens: tuple[str, ...]
    time: int

    def __init__(self, node: LexborNode, tag: Tag, parent: OpenElement | None, attributes: Attributes, hidden: bool) -> None:
        self.node = node
        self.tag = tag
        self.attributes = attributes
        self.hidden = hidden
        if parent is None:
            self.parent, self.depth, self.maker, self.href = self, 1, tag, None
            self.path, self.own, self.tokens = () if tag.name in _OUTER else (tag.name,), (), ()
            return
        self.parent = parent
        self.path = None
        self.depth = parent.depth + 1
        self.href = parent.href
        maker = parent.maker
        self.maker = tag if tag.makes and not (tag.takes and maker.hands) else maker


class Words(dict[str, tuple[str, ...]]):
    """The lower-cased words of attribute values: the values of a page repeat."""

    def __missing__(self, value: str) -> tuple[str, ...]:
        words = self[value] = tuple(value.lower().split()[:40])
        return words


def complete_tokens(element: OpenElement, words: Words) -> None:
    """Make the path and the tokens of an element, and of those around it that have none yet.

    Tokens are the lower-cased class, id, role, itemprop and data-testid words, in this order.
    """
    parent = element.parent
    if parent.path is None:
        chain = []
        while parent.path is None:
            chain.append(parent)
            parent = parent.parent
        for each in reversed(chain):
            complete_tokens(each, words)  # what is around it is done
        parent = element.parent
    own: tuple[str, ...] = ()
    attributes = element.attributes
    if attributes:
        for key in _KEYS:
            if key in attributes and (value := attributes[key]):
                own += words[value]
    if element.hidden:
        own += ("hidden",)
    name = element.tag.name
    element.own = own
    element.tokens = (own + parent.tokens)[:_MOST_TOKENS] if own else parent.tokens
    element.path = (*(parent.path or ()), name) if name not in _OUTER else parent.path


def is_hidden(tag: str, attributes: Attributes) -> bool:
    """Whether an element is hidden by its own attributes."""
    if not attributes:
        return tag == "dialog"
    style = attributes.get("style")
    return "hidden" in attributes or (tag == "dialog" and "open" not in attributes) or bool(
        style and "none" in style and _NO_DISPLAY.search(style))
