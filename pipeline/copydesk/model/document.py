"""What a page reads as: blocks of text in order, and what it says of itself.

Everything here is frozen: a stage adds records beside a document and never edits one. Offsets count Unicode code points, are zero-based
and half-open, as Python slices are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from copydesk.model.page import JsonValue, MediaType, Page
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

    ``text`` has its white space normalised (no line breaks, none at the ends). ``path`` is the tag names from
    below ``body`` down to the block's element; ``tokens`` the lower-cased class, id, role, itemprop and data-testid
    words of the element and its ancestors (innermost element first), ``own_tokens`` those of the element alone.
    ``link_density`` is the share of its characters inside links, 0.0 to 1.0. Plain text has empty path and
    tokens. ``line`` is the source line (plain text only).
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
class Link:
    """A ``<link>`` of the page's head: ``rel`` (lower case, one value) and ``href`` as written."""

    rel: str
    href: str
    hreflang: str = ""


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A ``<time>`` of the page: its datetime attribute, its text, and its class words with its ancestors'."""

    datetime: str
    text: str
    tokens: tuple[str, ...] = ()
    itemprop: str = ""
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """What ``Document.css`` finds: tag, attributes and normalised text."""

    tag: str
    text: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A page after its one bounded parse: all text blocks in reading order, and the page's facts.

    ``meta`` maps lower-cased name, property or itemprop to the contents in page order; ``json_ld`` holds the
    objects of all JSON-LD scripts, ``@graph`` and lists flattened; ``language`` is ``<html lang>`` as written;
    ``charset`` the encoding used to decode and ``replacements`` how many characters it could not decode;
    ``base_url`` the fetch URL if the record has one; ``text`` the decoded source; ``elements`` are the visible part's elements in
    page order (inline ones only with attributes), each behind the index of the block that it begins in: near a place they are found
    quicker than by `css`; ``holders`` are the innermost elements around each block. ``folded``, ``word_counts`` and ``frame`` are
    made when they are first asked for, and kept; so is what plugins ask for by `once`.
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
        """What a function makes of the document: called when it is first asked for, and kept for all who ask with the same function.

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
        """Indices of the blocks in rows of links (`frame_of`)."""
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
        """The first non-empty content among the named meta elements, or None."""
        for name in names:
            for content in self.meta.get(name, ()):
                if content.strip():
                    return content.strip()
        return None

    def css(self, selector: str) -> Iterator[Element]:
        """Elements that match a CSS selector, in page order; none for plain text.

        Raises:
            ValueError: the selector is not valid CSS.
        """
        for node in nodes_of(self, selector):
            attributes = {key: value or "" for key, value in node.attributes.items()}
            yield Element(node.tag or "", " ".join(node.text(separator=" ").split()), attributes)

    @property
    def soup(self) -> BeautifulSoup:
        """The page as BeautifulSoup (lxml), parsed anew at each access: as costly as a whole extraction."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.text, "lxml")


def nodes_of(document: Document, selector: str) -> list[LexborNode]:
    """The nodes of a page's tree that match a CSS selector, in page order; none for plain text.

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
MOST_BLANKS = 20
LEAST_RUN = 4


def frame_of(blocks: Sequence[Block]) -> frozenset[int]:
    """Indices of the blocks in rows of four or more short ones that are nothing but links: menus, lists of stories, tags.

    No running text stands there. The names and the date below a headline may, where each of them is a link.
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
