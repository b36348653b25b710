"""Turns a WARC record into a page, a fault, or an ignored record (one that is no page by its nature)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders

from copydesk import Fault, Ignored, LimitSettings, MediaType, Page, SourceRange, Status, inert
from copydesk_plugins.sources.records.media_types import MediaTypes, ResponseKind, charset_of, essence
from copydesk_plugins.sources.records.values import GOOD_STATUS
from copydesk_plugins.sources.warc.http_payload import BadResponse, body_of, head_of
from copydesk_plugins.sources.warc.records import Record
from copydesk_plugins.sources.warc.stored_bytes import Damage

MOST_ID = 500
"""Characters of a record's id that are kept."""
DIGESTS = {"sha1": 20, "sha-1": 20, "sha256": 32, "sha-256": 32}
"""Bytes of the digests that are checked, by name."""
MOST_DIGEST_SHOWN, MOST_TYPE_SHOWN, MOST_CUT_SHOWN = 100, 80, 40
"""Characters of a digest, a Content-Type and a reason in messages."""
_HTTP, _HTTP_SCHEMES = b"HTTP/", ("http:", "https")
"""The first bytes of an HTTP message, and the first five characters of an address of the web."""
_OPENING = 5
"""Bytes or characters of these."""
_BASE32_GROUP = 8
"""Base 32 is padded to a multiple of so many characters (RFC 4648)."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?Z")
"""A date of WARC 1.0 and 1.1, to the minute or finer."""
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
"""Characters that no address has."""
_BAD: dict[str, str] = {
    "checksum": "the checksum of the packed data that holds the record fails, and no digest of the record says that it is whole",
    "error": "the packed data is damaged where the record ends, and no digest of the record says that it is whole",
}
"""Messages by what is wrong with the packed member of a record."""


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Decides what becomes of the records of a range.

    Attributes:
        source_range: the range of the file that is read.
        limits: the limits of the run.
        types: knows media types.
        check_digests: whether blocks are checked against their ``WARC-Block-Digest``.
    """

    source_range: SourceRange
    limits: LimitSettings
    types: MediaTypes
    check_digests: bool

    def item(self, record: Record) -> Page | Fault | Ignored:
        """What becomes of a record. One with a damaged header is a fault, since its type cannot be trusted."""
        if record.harmed:
            return self._fault(record, "warc_header", "the record's header has bytes that no header has: it is damaged", Status.QUARANTINED)
        if record.field("WARC-Type").lower() not in ("response", "resource"):
            return self._ignored(record)
        try:
            return self._page(record)
        except BadResponse as error:
            code, message = error.args
            rejected = code in ("http_status", "unsupported_media_type")
            return self._fault(record, code, message, Status.REJECTED if rejected else Status.QUARANTINED)

    def damaged(self, damage: Damage) -> Fault:
        """The fault of a damaged place."""
        return Fault(damage.code, damage.message, self.source_range.location.source_path, bare(damage.record_id), damage.offset,
                     url=url_of(damage.url or ""))

    def _page(self, record: Record) -> Page | Fault | Ignored:
        """The page of a record, or why it has none.

        Raises:
            BadResponse: the record holds no HTTP response, or a broken one.
        """
        block, said = record.block, record.field("Content-Type")
        headers: StatusAndHeaders | None = None
        matches = digest_matches(record.field("WARC-Block-Digest"), block) if record.whole and self.check_digests else None
        if matches is False:  # checked first: the type and status of damaged bytes cannot be trusted
            digest = record.field("WARC-Block-Digest")[:MOST_DIGEST_SHOWN]
            raise BadResponse("digest_mismatch", f"WARC-Block-Digest is {digest!r}, and the block has another")
        if is_http(record, said):
            status, headers, begin = head_of(block)
            block, said = block[begin:], (headers.get_header("Content-Type") or "").strip()
        kind = self.types.kind(said)
        if kind is ResponseKind.NEVER:
            return self._ignored(record)
        if headers is not None and status not in GOOD_STATUS:
            raise BadResponse("http_status", f"HTTP status {status}")
        if kind is ResponseKind.OTHER:
            raise BadResponse("unsupported_media_type", f"neither HTML nor text: {essence(said)[:MOST_TYPE_SHOWN]!r}")
        self._check(record, matches)
        content = bytes(block) if headers is None else body_of(block, headers, self.limits.page_bytes, self.types.no_codings)
        media = self._media(kind, content)
        name, source_range = record.field("WARC-Record-ID")[:MOST_ID], self.source_range
        return Page(content, media, source_range.location.source_path, bare(name), record.offset, url_of(record.field("WARC-Target-URI")),
                    captured(record.field("WARC-Date")) or source_range.date_captured, charset_of(said), source_range.site, name or None)

    def _check(self, record: Record, matches: bool | None) -> None:
        """Check that the whole block is there and undamaged.

        ``matches`` is what the block's digest says; None when it was not checked, or there is none.

        Raises:
            BadResponse: the block is cut off, too large or damaged.
        """
        cut = record.field("WARC-Truncated")
        if cut:
            raise BadResponse("warc_truncated", f"the crawler cut the record off: WARC-Truncated is {cut[:MOST_CUT_SHOWN]!r}")
        if not record.whole:
            raise BadResponse("limit_page_bytes", f"a record of {record.length} bytes; at most {self.limits.page_bytes} are read")
        if record.doubt and matches is None:
            matches = digest_matches(record.field("WARC-Block-Digest"), record.block)
        if record.doubt and not matches:
            raise BadResponse("corrupt_record", _BAD[record.doubt])

    def _media(self, kind: ResponseKind, content: bytes) -> MediaType:
        if kind is not ResponseKind.UNKNOWN or not content:
            return MediaType.TEXT if kind is ResponseKind.TEXT else MediaType.HTML
        media = self.types.sniffed(content)
        if media is None:
            raise BadResponse("unsupported_media_type", "no Content-Type, and the body opens neither as HTML nor as text")
        return media

    def _ignored(self, record: Record) -> Ignored:
        return Ignored(self.source_range.location.source_path, bare(record.field("WARC-Record-ID")), record.offset)

    def _fault(self, record: Record, code: str, message: str, status: Status) -> Fault:
        digest = hashlib.sha256(record.block).hexdigest() if record.whole else None
        return Fault(code, inert(message), self.source_range.location.source_path, bare(record.field("WARC-Record-ID")), record.offset,
                     digest, url_of(record.field("WARC-Target-URI")), status)


def is_http(record: Record, content_type: str) -> bool:
    """Whether a response record holds an HTTP message: its type, its first bytes or its address says so."""
    if record.field("WARC-Type").lower() != "response":
        return False
    return (essence(content_type) == "application/http" or bytes(record.block[:_OPENING]) == _HTTP
            or record.field("WARC-Target-URI").lstrip("<")[:_OPENING].lower() in _HTTP_SCHEMES)


def bare(record_id: str) -> str:
    """A record's id without angle brackets.

    >>> bare("<urn:uuid:1>")
    'urn:uuid:1'
    """
    return record_id[:MOST_ID].removeprefix("<").removesuffix(">")


def url_of(text: str) -> str | None:
    """The address in a text, without the angle brackets that some tools write; None when the text is no address.

    >>> url_of("<http://a.example/>"), url_of("http://[::1"), url_of("http://a.example/\\x1b[31m")
    ('http://a.example/', None, None)
    """
    text = text.strip().removeprefix("<").removesuffix(">")
    try:
        urlsplit(text)
    except ValueError:
        return None
    return None if not text or _CONTROL.search(text) else text


def captured(text: str) -> datetime | None:
    """A WARC-Date: to the minute or finer, in UTC; None for anything else.

    >>> captured("2024-03-05T01:02:03.5Z").isoformat(), captured("2024-03")
    ('2024-03-05T01:02:03.500000+00:00', None)
    """
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if _DATE.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def digest_matches(said: str, block: memoryview) -> bool | None:
    """Whether a block has the digest (base 32 or hex) that its record names; None when the record names none of a known kind.

    >>> digest_matches("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", memoryview(b"")), digest_matches("md5:00", memoryview(b""))
    (True, None)
    """
    name, _, value = said.partition(":")
    name, value = name.strip().lower(), value.strip()
    size = DIGESTS.get(name)
    if size is None:
        return None
    try:
        named = bytes.fromhex(value) if len(value) == 2 * size else base64.b32decode(value.upper() + "=" * (-len(value) % _BASE32_GROUP))
    except (ValueError, binascii.Error):
        return None
    return hashlib.new(name.replace("-", ""), block, usedforsecurity=False).digest() == named if len(named) == size else None
