"""Pages, documents and articles made in one line, for tests of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from copydesk.borders import document_fault, metadata_fault
from copydesk.choose import identity
from copydesk.dates import parse_when
from copydesk.documents import Block, BlockKind, Document
from copydesk.model import JsonValue, MediaType, Page
from copydesk.process import lines, media_type_of
from copydesk.values import Article, Metadata, Person, When

PEOPLE = ("authors", "contributors")
DATES = ("date_published", "date_modified")


def page(content: str | bytes, *, url: str | None = None, media_type: MediaType | None = None, date_captured: datetime | None = None,
         source_path: str = "page", stated: Mapping[str, str] | None = None) -> Page:
    """A page as a source gives it.

    Text is encoded as UTF-8 and says so. Without ``media_type`` the content decides: with mark-up it is HTML, else plain text.
    ``stated`` is what a record says beside its page (``{"headline": "Ferry strike"}``).

    Raises:
        ValueError: ``date_captured`` has no time zone.

    >>> page("<p>Rain.</p>", url="https://www.example.org/rain").media_type
    <MediaType.HTML: 'text/html'>
    """
    if date_captured is not None and date_captured.utcoffset() is None:
        raise ValueError("date_captured has no time zone: say datetime(2026, 3, 14, tzinfo=UTC)")
    stored = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return Page(stored, media_type or media_type_of(stored), source_path, url=url, date_captured=date_captured,
                charset="utf-8" if isinstance(content, str) else None, stated=tuple((stated or {}).items()))


def document(*blocks: str | Block, url: str | None = None, title: str = "", language: str = "",
             meta: Mapping[str, str | tuple[str, ...]] | None = None, json_ld: tuple[Mapping[str, JsonValue], ...] = (),
             media_type: MediaType = MediaType.HTML, **facts: Any) -> Document:
    """A document of these blocks, numbered in order; a string is a paragraph.

    ``meta`` maps the names of meta elements to their contents (one string is one content). ``facts`` are other fields of `Document`.
    Such a document has no tree, so that `Document.css` finds nothing: for plugins that use it, `copydesk.parse_html` reads a `page`.

    Raises:
        TypeError: a block is neither a string nor a `Block`, or no fact has that name.

    >>> document("Rain fell.", "It stopped.", meta={"og:title": "Rain"}).first_meta("og:title")
    'Rain'
    """
    made = tuple(Block(index, BlockKind.PARAGRAPH, each) if isinstance(each, str) else each for index, each in enumerate(blocks))
    wrong = next((each for each in made if not isinstance(each, Block)), None)
    if wrong is not None:
        raise TypeError(f"a block is a string or a Block, not {type(wrong).__name__}")
    numbered = tuple(replace(each, index=index) for index, each in enumerate(made))
    text = "\n\n".join(each.text for each in numbered)
    contents = {name: (value,) if isinstance(value, str) else value for name, value in (meta or {}).items()}
    facts = {"page": page(text, url=url, media_type=media_type), "text": text, **facts}
    result = Document(blocks=numbered, title=title, language=language, meta=contents, json_ld=json_ld, **facts)
    _refuse(document_fault(result))
    return result


def article(*paragraphs: str, page: Page | None = None, quotes: tuple[Any, ...] = (), **metadata: Any) -> Article:
    """An article of these paragraphs, as a plugin of ``propose_quotes`` or ``tables`` gets it.

    One string with line breaks is a whole body, one paragraph a line, and stays as it is. ``metadata`` are fields of `Metadata`; people
    may be given by their names, dates as ISO 8601. ``page`` is the page it is from: without one a page of plain text, with the metadata's
    ``url``.

    Raises:
        TypeError: no field has that name, or its value is of another type.
        ValueError: a date is none.

    >>> made = article("Rain fell.", "“It was wet,” said Ann Example.", authors=("Bo Lund",), date_published="2026-03-14")
    >>> made.body[made.paragraphs[1].start:], made.metadata.authors[0].name
    ('“It was wet,” said Ann Example.', 'Bo Lund')
    """
    body = "\n\n".join(paragraphs)
    chosen = Metadata(**{name: _value(name, value) for name, value in metadata.items()})
    _refuse(metadata_fault(chosen))
    origin = page or Page(body.encode("utf-8", "surrogatepass"), MediaType.TEXT, "page", url=chosen.url)
    return Article(origin, chosen, body, lines(body), article_id=identity(origin, chosen, (), body), quotes=quotes)


def _value(name: str, value: Any) -> Any:
    if name in PEOPLE and not isinstance(value, str):
        return tuple(Person(each) if isinstance(each, str) else each for each in value)
    return _when(name, value) if name in DATES and isinstance(value, str) else value


def _when(name: str, text: str) -> When:
    when = parse_when(text)
    if when is None:
        raise ValueError(f"{name} {text!r} is no ISO 8601 date")
    return when


def _refuse(fault: str | None) -> None:
    if fault:
        raise TypeError(fault)
