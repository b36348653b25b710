"""Tables of HTML elements: which ones are blocks, which ones readers do not see, and what kind of block each one makes.

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
"""Elements whose text readers do not see. Names that begin with a hyphen or an exclamation mark are nodes that are no elements."""

FACTS = frozenset({"title", "meta", "link", "script"})
"""Invisible elements that say something about the page."""

BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main marquee menu nav ol p plaintext pre search section summary table tbody "
    "tfoot thead tr ul xmp")
"""Elements that set their text apart. A table row is one block, unless a cell holds one of these elements."""

FLOWING = _names(
    "abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q rb rt ruby s samp small strike strong sub sup tt u var "
    "wbr")
"""Inline elements that may stand inside a word."""

APART = frozenset({"a", "button", "label"})
"""Inline elements whose text is kept apart from neighbours of the same kind."""

ACTING = frozenset({"a", "b", "strong", "td", "th", "q", "time"})
"""Elements that change how the text in them, before them or behind them is read."""

_KINDS = {
    "p": BlockKind.PARAGRAPH, "li": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM,
    "blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION, "tr": BlockKind.TABLE_ROW,
    "td": BlockKind.TABLE_ROW, "th": BlockKind.TABLE_ROW, "pre": BlockKind.PREFORMATTED, "listing": BlockKind.PREFORMATTED,
    "plaintext": BlockKind.PREFORMATTED, "xmp": BlockKind.PREFORMATTED,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
}
_HANDED_DOWN = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.CAPTION, BlockKind.PREFORMATTED})
"""Kinds that elements pass on to blocks inside them."""
_SECTIONS = frozenset({"article", "aside", "footer", "header", "main", "nav", "section", "table", "body"})
"""Block elements that do not take the kind of the element around them."""
_CELLS = frozenset({"td", "th"})
_NO_DISPLAY = re.compile(r"display\s{0,9}:\s{0,9}none", re.I)
TELLING = frozenset({"style", "hidden", "itemprop"})
"""Attributes that say something about the page, or that hide their element."""
_KEYS = ("class", "id", "role", "itemprop", "data-testid")
"""The attributes whose words are tokens."""
_OUTER = frozenset({"html", "body"})
"""Elements that are no part of a path."""
_MOST_TOKENS = 200
"""Tokens that an element keeps, its ancestors' included."""
_MOST_WORDS = 40
"""Words of one attribute that become tokens."""

INLINE, BLOCK, TEXT, BREAK, NOTHING, FACT = range(6)
"""The role of a node: inline element, block element, text, line break, invisible, invisible but with a fact about the page."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What is the same for all elements of one name. The parser looks it up once a page.

    Attributes:
        name: the name of the elements, or of a kind of node.
        role: one of `INLINE`, `BLOCK`, `TEXT`, `BREAK`, `NOTHING`, `FACT`.
        kind: the kind of the blocks that they make.
        level: 1 to 6 for headings, else 0.
        hands: whether they pass their kind on to blocks inside them.
        takes: whether they take the kind that an element around them passes on. Inline elements take any.
        makes: whether they decide the kind of their text.
        acts: whether they are in `ACTING`.
        apart: whether they are in `APART`.
        special: whether they are in `ACTING` or `APART`.
        flowing: whether they are in `FLOWING`.
        dialog: whether they are ``dialog`` elements, which are hidden unless they are open.
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
    """The `Tag` of the elements (or nodes) with a name."""
    return _TAGS.get(name) or Tag(name)


class OpenElement:
    """An element that the parser has entered and not yet left.

    Most elements hold no text of their own, so `complete_tokens` computes ``own``, ``tokens`` and ``path`` only when they are needed.

    Attributes:
        node: the node of the tree.
        tag: what is the same for all elements of this name.
        parent: the element around it. The outermost element is its own parent.
        attributes: its attributes by name.
        depth: how many elements are open, this one included.
        hidden: whether its own attributes hide it.
        href: the address of the link that its text stands in; None outside links.
        maker: the tag that decides the kind of block that its text makes.
        path: the tag names from below ``body`` down to it; None until they are computed.
        own: its own tokens.
        tokens: its own tokens and those of its ancestors, innermost first.
        time: for a ``time`` element, how many pieces the current block had when the element began.
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
    """The lower-cased words of attribute values, kept because the values repeat within a page."""

    def __missing__(self, value: str) -> tuple[str, ...]:
        words = self[value] = tuple(value.lower().split()[:_MOST_WORDS])
        return words


def complete_tokens(element: OpenElement, words: Words) -> None:
    """Compute the path and the tokens of an element, and of the elements around it that have none yet.

    Tokens are the lower-cased class, id, role, itemprop and data-testid words, in this order.
    """
    parent = element.parent
    if parent.path is None:
        chain = []
        while parent.path is None:
            chain.append(parent)
            parent = parent.parent
        for each in reversed(chain):
            complete_tokens(each, words)  # recurses no deeper: the parent of each is complete
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
    """Whether the attributes of an element hide it. A ``dialog`` is hidden unless it is open."""
    if not attributes:
        return tag == "dialog"
    style = attributes.get("style")
    return "hidden" in attributes or (tag == "dialog" and "open" not in attributes) or bool(
        style and "none" in style and _NO_DISPLAY.search(style))
