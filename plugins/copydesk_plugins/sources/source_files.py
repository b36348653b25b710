"""Reads files that are one page each: .txt, .html, .htm and .xhtml, each also with .gz.

It also reads HTML that a mirroring tool saved under the server's name for it: without an ending, or with one such as .php.
"""

from __future__ import annotations

import hashlib
import posixpath
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from copydesk import Fault, LimitSettings, Location, MediaType, Page, SourceRange, hookimpl, open_regular, opens_as_html
from copydesk_plugins.shared.facts.loading import load

ENDINGS = {".txt": MediaType.TEXT, ".html": MediaType.HTML, ".htm": MediaType.HTML, ".xhtml": MediaType.HTML}
"""The endings that say what a file is."""
SERVED = frozenset({"", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".cgi"})
"""Endings under which wget and its like save HTML when they keep the names of a site (wget manual, --adjust-extension)."""
SNIFFED = 2_048
"""Bytes that are looked at of a file whose name does not say what it is."""
GZIP = b"\x1f\x8b"
"""The first bytes of gzip data (RFC 1952)."""
GZIP_WBITS = 31
"""Tells zlib: the largest window (15), and gzip's header and trailer (16)."""
PIECE = 1 << 16
"""Bytes that are expanded at a time."""
MOST_READ = 1 << 20
"""Bytes that are read at a time."""


class UnreadableFile(Exception):  # noqa: N818  # it becomes a Fault, not an error
    """Why a file gives no page: a code and a message."""


def media_type(path: str) -> MediaType | None:
    """The kind of page by the file's ending; None for other endings.

    >>> media_type("a/Story.HTML.gz")
    <MediaType.HTML: 'text/html'>
    """
    name = path.lower().removesuffix(".gz")
    return next((kind for ending, kind in ENDINGS.items() if name.endswith(ending)), None)


def kind_of(path: str) -> MediaType | None:
    """The kind of page by the file's ending, or by its first bytes where the ending says nothing; None when it is no page."""
    found = media_type(path)
    if found is not None or posixpath.splitext(path.partition("?")[0])[1].lower() not in SERVED:
        return found
    try:
        with open_regular(path) as file:
            is_html = opens_as_html(file.read(SNIFFED), load("media_types")["sniff"]["whole_pages"], comments=False)
        return MediaType.HTML if is_html else None
    except OSError:
        return None


@hookimpl
def plan_source(location: Location) -> list[SourceRange] | None:
    """One page a file: .txt, .html, .htm and .xhtml, each also with .gz; HTML without an ending."""
    return [SourceRange(location)] if kind_of(location.path) else None


@hookimpl
def open_source(source_range: SourceRange, limits: LimitSettings) -> Iterator[Page | Fault] | None:
    """The file's page, or the fault that stands for it."""
    kind = kind_of(source_range.location.path)
    return iter([_read(source_range, kind, limits)]) if kind else None


def _read(source_range: SourceRange, kind: MediaType, limits: LimitSettings) -> Page | Fault:
    location = source_range.location
    digest = None
    try:
        with open_regular(location.path) as file:
            stored = _stored(file, location, limits)
        digest = hashlib.sha256(stored).hexdigest()
        packed = location.path.lower().endswith(".gz") and stored.startswith(GZIP)  # some savers unpack and keep the name
        content = expand(stored, limits.page_bytes) if packed else stored
    except UnreadableFile as error:
        code, message = error.args
        return Fault(code, message, location.source_path, sha256=digest, url=source_range.url)
    except OSError as error:
        return Fault("unreadable", error.strerror or str(error), location.source_path, url=source_range.url)
    return Page(content, kind, location.source_path, url=source_range.url, date_captured=source_range.date_captured,
                site=source_range.site)


def _stored(file: BinaryIO, location: Location, limits: LimitSettings) -> bytes:
    """The file's bytes. Reading stops once they exceed the limit.

    Raises:
        UnreadableFile: there are more bytes than the limit.
    """
    packed = location.path.lower().endswith(".gz")
    name, limit = ("compressed_bytes", limits.compressed_bytes) if packed else ("page_bytes", limits.page_bytes)
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0:
        piece = file.read(min(left, MOST_READ))
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        left -= len(piece)
    raise UnreadableFile(f"limit_{name}", f"more than {limit} bytes")


def expand(stored: bytes, limit: int) -> bytes:
    """The bytes of a gzip file of one or more members, at most ``limit`` of them. Zero bytes after the last member are padding.

    Raises:
        UnreadableFile: the file is cut off, damaged, or expands beyond the limit.
    """
    out: list[bytes] = []
    size, rest = 0, stored
    while rest:
        inflate = zlib.decompressobj(wbits=GZIP_WBITS)
        while not inflate.eof:
            try:
                piece = inflate.decompress(rest, PIECE)
            except zlib.error as error:
                raise UnreadableFile("corrupt_gzip", f"the gzip data is damaged: {error}") from error
            rest = inflate.unconsumed_tail or inflate.unused_data
            if not piece and not rest and not inflate.eof:
                raise UnreadableFile("truncated_gzip", f"the gzip file is cut off after {size} bytes of text")
            size += len(piece)
            if size > limit:
                raise UnreadableFile("limit_page_bytes", f"expands to more than {limit} bytes")
            out.append(piece)
        rest = inflate.unused_data.lstrip(b"\0")
    return b"".join(out)
