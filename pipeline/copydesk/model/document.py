"""A parsed page: its blocks of text in reading order, and what it says about itself.

All records are frozen: no stage changes a document that it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from copydesk.model.page import JsonValue, MediaType, Page
from copydesk.model.page_facts import Element, Link, TimeElement
from copydesk.text.strings import count_words, fold_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from selectolax.lexbor import LexborHTMLParser, LexborNode

T = TypeVar("T")


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE_ROW = "table_row"
    PREFORMATTED = "preformatted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that the page sets apart: a paragraph, a heading, a list item, a caption …

    Attributes:
        index: its number in the document, from 0, in reading order.
        kind: what it is on the page.
        text: its text, with white space normalised: no line breaks, no blanks at the ends.
        path: the tag names from below ``body`` down to the block's element; empty for plain text.
        tokens: the lower-cased class, id, role, itemprop and data-testid words of the element and its ancestors, innermost first; empty
            for plain text.
        own_tokens: the tokens of the element alone. For an inline element, those of the elements around it too, up to the nearest block
            element.
        link_density: 0 to 1, the share of its characters that stand in links.
        hrefs: the addresses that it links to, as written, each once.
        level: 1 to 6 in headings, 0 in other blocks.
        bold: whether all of its text is bold.
        line: the line in the source; None for HTML.
    """

    index: int
    kind: BlockKind
    text: str
    path: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    own_tokens: tuple[str, ...] = ()
    link_density: float = 0.0
    hrefs: tuple[str, ...] = ()
    level: int = 0
    bold: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A page after its one bounded parse: all text blocks in reading order, and what the page says about itself.

    Attributes:
        page: the page that was parsed.
        blocks: the blocks in reading order. ``blocks[n].index`` is ``n``.
        text: the decoded source.
        charset: the encoding that the page was decoded with.
        replacements: how many characters could not be decoded.
        title: the ``<title>`` of the page; empty when it has none.
        language: ``<html lang>`` as written; empty when it has none.
        site: the site that the page belongs to, from the settings; None when they give none.
        meta: the contents of meta elements in page order, by their lower-cased name, property, itemprop or http-equiv.
        json_ld: the objects of all JSON-LD scripts, with ``@graph`` and lists flattened.
        links: the ``<link>`` elements in page order.
        times: the ``<time>`` elements in page order.
        tree: the parsed tree; None for plain text.
        elements: the elements of the visible part in page order, inline ones only when they have attributes. Each is a tuple: the index
            of the block that it begins in, its node, its attributes. Near a block they find elements faster than `css` does.
        holders: for each block, the innermost element that holds all of it.
    """

    page: Page
    blocks: tuple[Block, ...]
    text: str = ""
    charset: str = "utf-8"
    replacements: int = 0
    title: str = ""
    language: str = ""
    site: str | None = None
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    json_ld: tuple[Mapping[str, JsonValue], ...] = ()
    links: tuple[Link, ...] = ()
    times: tuple[TimeElement, ...] = ()
    tree: LexborHTMLParser | None = field(default=None, repr=False, compare=False)
    elements: tuple[tuple[int, LexborNode, Mapping[str, str | None]], ...] = field(default=(), repr=False, compare=False)
    holders: tuple[LexborNode, ...] = field(default=(), repr=False, compare=False)
    _made: dict[Callable[..., object], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[[Document], T]) -> T:
        """The result of a function of the document. The first call computes it; later calls with the same function return the same object.

        >>> def lengths(document: Document) -> tuple[int, ...]:
        ...     return tuple(len(block.text) for block in document.blocks)
        >>> Document(Page(b""), (Block(0, BlockKind.PARAGRAPH, "Rain."),)).once(lengths)
        (5,)
        """
        try:
            made: T = self._made[make]
        except KeyError:
            made = self._made[make] = make(self)
        return made

    @property
    def folded(self) -> tuple[str, ...]:
        """The text of each block for comparison (`copydesk.fold_text`)."""
        return self.once(_folded)

    @property
    def word_counts(self) -> tuple[int, ...]:
        """The number of words of each block (`copydesk.count_words`)."""
        return self.once(_word_counts)

    @property
    def frame(self) -> frozenset[int]:
        """The indices of the blocks in rows of links (`frame_of`)."""
        return self.once(_frame)

    @property
    def is_html(self) -> bool:
        """Whether the page was parsed as HTML."""
        return self.page.media_type is MediaType.HTML

    @property
    def headings(self) -> tuple[Block, ...]:
        """The blocks that are headings."""
        return self.once(_headings)

    def first_meta(self, *names: str) -> str | None:
        """The first non-empty content of the named meta elements; None when there is none. Earlier names go first."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content.strip():
                    return content.strip()
        return None

    def css(self, selector: str) -> Iterator[Element]:
        """Find the elements that match a CSS selector, in page order. Plain text has none.

        Raises:
            ValueError: the selector is not valid CSS.
        """
        for node in nodes_of(self, selector):
            attributes = {key: value or "" for key, value in node.attributes.items()}
            yield Element(node.tag or "", " ".join(node.text(separator=" ").split()), attributes)

    @property
    def soup(self) -> BeautifulSoup:
        """The page as BeautifulSoup (lxml). Each access parses the page again, which takes as long as a whole extraction."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.text, "lxml")


def nodes_of(document: Document, selector: str) -> list[LexborNode]:
    """Find the nodes of a page's tree that match a CSS selector, in page order. Plain text has none.

    Raises:
        ValueError: the selector is not valid CSS.
    """
    if document.tree is None:
        return []
    try:
        return list(document.tree.css(selector))
    except Exception as error:
        raise ValueError(f"not a CSS selector: {selector!r}") from error


def _headings(document: Document) -> tuple[Block, ...]:
    return tuple([block for block in document.blocks if block.kind is BlockKind.HEADING])


def _folded(document: Document) -> tuple[str, ...]:
    return tuple([fold_text(block.text) for block in document.blocks])


def _word_counts(document: Document) -> tuple[int, ...]:
    return tuple([count_words(block.text) for block in document.blocks])


def _frame(document: Document) -> frozenset[int]:
    return frame_of(document.blocks)


LINKED = 0.9
"""The least share of characters in links at which a block counts as nothing but links."""
MOST_BLANKS = 20
"""A block with fewer blanks than this is short."""
LEAST_RUN = 4
"""So many short blocks of links, one after the other, are a row of links."""


def frame_of(blocks: Sequence[Block]) -> frozenset[int]:
    """The indices of the blocks in rows of links: at least `LEAST_RUN` short blocks of nothing but links, one after the other.

    Menus, lists of stories and tags are such rows. No running text stands in them, but the names and the date below a headline may, when
    each of them is a link.
    """
    found: list[int] = []
    run: list[int] = []
    for block in blocks:
        if block.link_density >= LINKED and block.text.count(" ") < MOST_BLANKS:
            run.append(block.index)
        elif run:
            found += _long(run)
            run = []
    return frozenset([*found, *_long(run)])


def _long(run: list[int]) -> Iterable[int]:
    return run if len(run) >= LEAST_RUN else ()
