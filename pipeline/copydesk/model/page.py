"""What travels through the pipeline on its way in: where a page lies, its bytes, and what a source says that is no page.

Everything here is a frozen dataclass: a stage adds records beside a document and never edits one.
Offsets count Unicode code points, are zero-based and half-open, as Python slices are.
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
"""A value of parsed JSON; recursive, closed."""


class MediaType(StrEnum):
    """The two kinds of page the pipeline reads."""

    HTML = "text/html"
    TEXT = "text/plain"


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
