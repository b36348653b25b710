"""What travels through the pipeline on its way in: where a page lies, its bytes, its blocks, and labels on them.

Everything here is a frozen dataclass: a stage adds records beside a document and never edits one.
Offsets count Unicode code points, are zero-based and half-open, as Python slices are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from copydesk.frame import frame_of
from copydesk.text import count_words, fold_text

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from selectolax.lexbor import LexborHTMLParser, LexborNode

T = TypeVar("T")
JsonScalar = str | int | float | bool | None
JsonValue = JsonScalar | list["JsonValue"] | dict[str, "JsonValue"]
"""A value of parsed JSON; recursive, closed."""


class MediaType(StrEnum):
    """The two kinds of page the pipeline reads."""

    HTML = "text/html"
    TEXT = "text/plain"


class Status(StrEnum):
    """What became of an input. Each input has exactly one."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why a block is not body text. Plugins may use other reasons of the same form (``[a-z][a-z_]*``).

    ``ARTICLE`` is the one reason that votes to keep: its weight is held against the best reason to remove.
    """

    ARTICLE = "article"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    CREDIT = "credit"
    CAPTION = "caption"
    IMAGE_CREDIT = "image_credit"
    PAYWALL = "paywall"
    SUBSCRIPTION = "subscription"
    DONATION = "donation"
    NEWSLETTER = "newsletter"
    PROMOTION = "promotion"
    RELATED = "related"
    NAVIGATION = "navigation"
    SHARE = "share"
    COPYRIGHT = "copyright"
    ADVERTISEMENT = "advertisement"
    COMMENTS = "comments"
    AUTHOR_BIO = "author_bio"
    DATE = "date"
    EMBED = "embed"
    DUPLICATE = "duplicate"
    BOILERPLATE = "boilerplate"


KEPT_IN_METADATA = frozenset({
    Reason.HEADLINE, Reason.STANDFIRST, Reason.BYLINE, Reason.DATELINE, Reason.CREDIT, Reason.CAPTION,
    Reason.IMAGE_CREDIT,
})
"""Reasons whose block leaves the body only when the metadata keeps its content."""


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
class Location:
    """A regular file, or an object of an object store, that the run was given.

    ``path`` is the local path (names that are not UTF-8 carry surrogate escapes) or the object's URL (``s3://bucket/key``): what
    `copydesk.open_regular` takes. ``source_path`` is the path relative to the input root as rows hold it (backslash
    escapes), ``size`` its bytes as stored. ``signature`` tells one state of it from another without reading it (times and inode,
    ETag); it is empty when there is none to be trusted.
    """

    path: str
    source_path: str
    size: int
    signature: str = ""


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A piece of a source: a file, or what begins in the bytes ``start`` to ``end`` of one (a record belongs to the range that its
    first byte lies in). It need not fit in memory, nor in one batch: batches are cut as its pages come.

    ``url``, ``date_captured`` and ``site`` come from an index file or a path pattern of the settings, when there are any.
    """

    location: Location
    start: int = 0
    end: int | None = None
    url: str | None = None
    date_captured: datetime | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was stored: bytes and where they came from.

    ``content`` is expanded (no gzip); ``charset`` is what the transport said, None when it said nothing;
    ``url`` is the URL it was fetched from, None when the record has none; ``date_captured`` is aware UTC,
    from a record or an index and never a file's mtime. ``stated`` is what the record says beside the page, as (metadata field, text):
    ``(("headline", "Ferry strike"), ("date_published", "2026-03-14"))``; it becomes claims.
    """

    content: bytes
    media_type: MediaType = MediaType.HTML
    source_path: str = ""
    source_record: str = ""
    source_offset: int | None = None
    url: str | None = None
    date_captured: datetime | None = None
    charset: str | None = None
    site: str | None = None
    warc_record_id: str | None = None
    stated: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of ``content``."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def record_hash(self) -> str:
        """Hex SHA-256 of the bytes, their URL and what was stated beside them: what the ledger knows a record by."""
        digest = hashlib.sha256(self.content)
        digest.update(b"\x00" + (self.url or "").encode("utf-8", "backslashreplace"))
        for name, text in self.stated:
            digest.update(f"\x00{name}\x00{text}".encode("utf-8", "backslashreplace"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a source that gives no page: one should have been there and could not be read (``status`` quarantined), or there is
    something that never becomes one (``status`` rejected: an error response, a line without text)."""

    code: str
    message: str
    source_path: str
    source_record: str = ""
    source_offset: int | None = None
    sha256: str | None = None
    url: str | None = None
    status: Status = Status.QUARANTINED


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something in a source that is no page by its nature (a WARC request record, a hidden file): counted, without a row."""

    source_path: str
    source_record: str = ""
    source_offset: int | None = None


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


class _Made(dict[Callable[..., object], Any]):
    """What functions made of a document. It stays behind when the document is pickled."""

    def __reduce__(self) -> tuple[type[_Made], tuple[()]]:
        return _Made, ()


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
    _made: _Made = field(default_factory=_Made, init=False, repr=False, compare=False)

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
        """Indices of the blocks in rows of links (`copydesk.frame.frame_of`)."""
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
        if self.tree is None:
            return
        try:
            nodes: list[LexborNode] = self.tree.css(selector)
        except Exception as error:
            raise ValueError(f"not a CSS selector: {selector!r}") from error
        for node in nodes:
            attributes = {key: value or "" for key, value in node.attributes.items()}
            yield Element(node.tag or "", " ".join(node.text(separator=" ").split()), attributes)

    @property
    def soup(self) -> BeautifulSoup:
        """The page as BeautifulSoup (lxml), parsed anew at each access: as costly as a whole extraction."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.text, "lxml")


def _headings(document: Document) -> tuple[Block, ...]:
    return tuple([block for block in document.blocks if block.kind is BlockKind.HEADING])


def _folded(document: Document) -> tuple[str, ...]:
    return tuple([fold_text(block.text) for block in document.blocks])


def _word_counts(document: Document) -> tuple[int, ...]:
    return tuple([count_words(block.text) for block in document.blocks])


def _frame(document: Document) -> frozenset[int]:
    return frame_of(document.blocks)


@dataclass(frozen=True, slots=True)
class Label:
    """A plugin's statement about a block, or about the characters ``start`` to ``end`` of its text.

    ``reason`` says what the text is (`Reason`), ``rule`` names the rule that says so, ``weight`` is how sure
    it is (above 0, at most 1). ``chance`` is the probability (0 to 1) that the block belongs to the article, from a plugin that
    can tell: it decides nothing, but the article's ``confidence`` is made of it. ``plugin`` is filled in by the core.
    """

    block: int
    reason: str
    rule: str
    weight: float
    start: int | None = None
    end: int | None = None
    plugin: str = ""
    chance: float | None = None


class Verdict(NamedTuple):
    """What the core decided about a block: the reason it leaves the body (None: it stays) and the label behind it."""

    block: int
    removed: bool
    reason: str
    score: float
    label: Label | None
    spans: tuple[Label, ...] = ()


