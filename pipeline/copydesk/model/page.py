"""The input of the pipeline: locations, ranges of a source, pages, and the parts of a source that give no page.

All records are frozen: no stage changes a record that it was given. Offsets here count bytes of a file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from copydesk.model.status import Status

T = TypeVar("T")
JsonScalar = str | int | float | bool | None
JsonValue = JsonScalar | list["JsonValue"] | dict[str, "JsonValue"]
"""A value of parsed JSON."""


class MediaType(StrEnum):
    """The two kinds of page that the pipeline reads."""

    HTML = "text/html"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Location:
    """A regular file, or an object of an object store, that the run was given.

    Attributes:
        path: the local path, or the object's URL (``s3://bucket/key``): what `copydesk.open_regular` takes. Bytes of a local name that are
            not UTF-8 are surrogate escapes.
        source_path: the path relative to the input root, as rows hold it. Bytes that are not UTF-8 are backslash escapes.
        size: the size as stored, in bytes.
        signature: differs between two states of the content (from times and inode, or the ETag), so that changes are seen without reading;
            empty when nothing reliable is known.
    """

    path: str
    source_path: str
    size: int
    signature: str = ""


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A piece of a source: a whole file, or the records that begin in a range of its bytes.

    A record belongs to the range that its first byte lies in. A range need not fit in memory or in one batch: the engine cuts batches
    while it reads the pages. ``url``, ``date_captured`` and ``site`` come from an index file or a path pattern of the settings.

    Attributes:
        location: the file or object.
        start: the first byte of the range.
        end: the byte behind the range; None for the end of the file.
        url: the URL that the page was fetched from; None when the settings give none.
        date_captured: when the page was fetched, with time zone; None when the settings give no time.
        site: the site that the page belongs to; None when the settings give none.
    """

    location: Location
    start: int = 0
    end: int | None = None
    url: str | None = None
    date_captured: datetime | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was stored: its bytes and where they came from.

    Attributes:
        content: the bytes, decompressed.
        media_type: HTML or plain text.
        source_path: the file, relative to the input root.
        source_record: the record in the file; empty for a file that is one page.
        source_offset: the byte at which the record begins in the file; None for a file that is one page.
        url: the URL that the page was fetched from; None when the record has none.
        date_captured: when the page was fetched, in UTC with time zone, from a record or an index and never from a file's time; None
            when neither says.
        charset: the encoding that the transport declared; None when it declared none.
        site: the site that the page belongs to, from the settings; None when they give none.
        warc_record_id: the WARC-Record-ID; None for other sources.
        stated: what the record says beside the page, as (metadata field, text): ``(("headline", "Ferry strike"),)``. It becomes claims.
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
        """Hex SHA-256 of content, URL and ``stated``. The ledger identifies a record by it."""
        digest = hashlib.sha256(self.content)
        digest.update(b"\x00" + (self.url or "").encode("utf-8", "backslashreplace"))
        for name, text in self.stated:
            digest.update(f"\x00{name}\x00{text}".encode("utf-8", "backslashreplace"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a source that gives no page, although a page was to be expected there.

    Attributes:
        code: why, for programs.
        message: why, for people.
        source_path: the file, relative to the input root.
        source_record: the record in the file; empty for a file that is one page.
        source_offset: the byte at which the record begins in the file; None for a file that is one page.
        sha256: hex SHA-256 of the content; None when it could not be read.
        url: the URL that the record names; None when it names none.
        status: quarantined when a page could not be read, rejected when the record never becomes a page (an error response, a line
            without text).
    """

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
    """Something in a source that is never a page, such as a WARC request record or a hidden file. The run counts it and writes no row.

    Attributes:
        source_path: the file, relative to the input root.
        source_record: the record in the file; empty for a whole file.
        source_offset: the byte at which the record begins in the file; None for a whole file.
    """

    source_path: str
    source_record: str = ""
    source_offset: int | None = None
