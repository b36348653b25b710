"""The gate stage: refuse pages that are empty, no text, or beyond a limit, before they are parsed."""

from __future__ import annotations

import re

from copydesk.errors import GATE, PageError, refusal
from copydesk.model.page import MediaType, Page
from copydesk.settings.schema import LimitSettings

_LOOKED_AT = 4096
"""Bytes at the start of a page that say whether it is text."""
_CONTROL_SHARE = 10
"""A page is binary when more than one in so many bytes is a control character."""
_LEAST_PAIRS = 8
"""A page must have more pairs of bytes than this to be taken for UTF-16."""
_MANY_NULS = 0.4
"""A larger share of NUL bytes in one half of the pairs, and not in the other, is a sign of UTF-16 of mostly Latin text."""


def check(page: Page, limits: LimitSettings) -> None:
    """Check a page before it is parsed.

    Raises:
        PageError: it is empty, too large, not text, or has too many tags.
    """
    content = page.content
    if len(content) > limits.page_bytes:
        raise refusal("page_bytes", f"{len(content)} bytes, the limit is {limits.page_bytes}")
    if not content or content.isspace():
        raise PageError(GATE, "empty", "the page has no content")
    if is_binary(content):
        raise PageError(GATE, "binary", "the content is not text")
    if page.media_type is MediaType.HTML and len(content) > 2 * limits.tags and content.count(b"<") > limits.tags:
        tags = sum(1 for _ in _TAG.finditer(content))
        if tags > limits.tags:
            raise refusal("tags", f"{tags} tags, the limit is {limits.tags}")


MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x7fELF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ",
         b"\x28\xb5\x2f\xfd", b"RIFF", b"OggS", b"ID3", b"PAR1", b"SQLite format 3\x00")
"""The first bytes of binary formats (source: the magic database of the `file` utility)."""


def is_binary(content: bytes) -> bool:
    """Whether bytes are no text: they begin like a binary format, or more than a tenth of the first 4 KiB are control characters."""
    head = content[:_LOOKED_AT]
    if content.startswith(MAGIC):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control * _CONTROL_SHARE > len(head)


_TAG = re.compile(rb"<[a-zA-Z/!?]")
_CONTROL = bytes(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0C, 0x0D, 0x1B))
"""Control bytes that text does not have. White space and the escape of ISO 2022 encodings are not among them."""


def _looks_utf16(head: bytes) -> bool:
    """Whether many bytes at even places, or many at odd places, are NUL: UTF-16 of mostly Latin text without a byte order mark."""
    half = len(head) // 2
    return half > _LEAST_PAIRS and (head[0::2].count(0) > _MANY_NULS * half) != (head[1::2].count(0) > _MANY_NULS * half)
