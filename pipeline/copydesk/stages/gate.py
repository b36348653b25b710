"""Limits before parsing: what is not worth, or not safe, handing to a parser."""

from __future__ import annotations

import re

from copydesk.errors import GATE, PageError, refusal
from copydesk.model.page import MediaType, Page
from copydesk.settings.schema import LimitSettings


def check(page: Page, limits: LimitSettings) -> None:
    """Let a page pass, or say why not.

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
"""Openings of binary formats (the `file` utility's magic database names them all)."""


def is_binary(content: bytes) -> bool:
    """Whether bytes are no text in any encoding: a known opening, or more control bytes than a tenth of the first 4 KiB."""
    head = content[:4096]
    if content.startswith(MAGIC):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head):
        return False
    control = len(head) - len(head.translate(None, _CONTROL))
    return control * 10 > len(head)


_TAG = re.compile(rb"<[a-zA-Z/!?]")
_CONTROL = bytes(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0C, 0x0D, 0x1B))


def _looks_utf16(head: bytes) -> bool:
    """Every other byte is NUL: UTF-16 of mostly Latin text without a byte order mark."""
    half = len(head) // 2
    return half > 8 and (head[0::2].count(0) > 0.4 * half) != (head[1::2].count(0) > 0.4 * half)
