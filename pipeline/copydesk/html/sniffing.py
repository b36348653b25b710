"""Tell HTML from other text by its first characters. All sources and `copydesk.read` use this module."""

from __future__ import annotations

import re
from collections.abc import Collection

from copydesk.model.page import MediaType

LOOKED_AT = 8_192
"""Characters that `opens_as_html` looks at. Declarations and comments before the first tag must fit into them."""
SEARCHED_BYTES = 65_536
"""Bytes in which `media_type_of` searches for a tag."""
_BLANK = " \t\r\n\x0b\x0c\ufeff\u200b\xa0"
"""Characters that may stand before the first tag: blanks, byte order marks, blanks of no width."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BEHIND = frozenset(" \t\r\n\x0c/>")
"""Characters that end the name of a tag."""
_BEFORE = {"<?xml": ">", "<!--": "-->"}
"""Declarations and comments that may stand before the first tag: how they begin and end."""
_DOCTYPE = re.compile(r"\A<!doctype\s{1,9}")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|article|div|p|h1)\b", re.I)


def media_type_of(content: bytes) -> MediaType:
    """Whether content without a file name is HTML or plain text. It is HTML when one of the common tags stands in its first 64 KiB."""
    return MediaType.HTML if _MARKUP.search(content[:SEARCHED_BYTES].decode("latin-1")) else MediaType.TEXT


def opens_as_html(content: str | bytes, openings: Collection[str], comments: bool = True) -> bool:
    """Whether content begins like HTML, behind a byte order mark, blanks, XML declarations and comments.

    Args:
        content: the content, or its first `LOOKED_AT` characters. Bytes are UTF-16 when they have its byte order mark, else UTF-8.
        openings: the beginnings of HTML, in lower case. A blank, a line end, ``/`` or ``>`` must follow them.
        comments: whether content that begins with a comment is HTML in any case. A comment behind an XML declaration does not count,
            because any kind of XML may have it.

    >>> [opens_as_html(each, ["<html", "<p"]) for each in ("<?xml version='1.0'?><!-- a --><HTML lang=en>", "\\ufeff <p>a", "<pre-tax>")]
    [True, True, False]
    """
    head = content[:LOOKED_AT]
    if isinstance(head, bytes):
        head = head.decode("utf-16" if head.startswith(_UTF_16) else "utf-8", "replace")
    head = head.lstrip(_BLANK).lower()
    if not head.startswith("<"):
        return False
    rest = _DOCTYPE.sub("<!doctype ", _past_declarations(head), count=1)
    if any(rest.startswith(each) and rest[len(each):len(each) + 1] in _BEHIND for each in openings):
        return True
    return comments and head.startswith("<!--")


def _past_declarations(head: str) -> str:
    """The text behind declarations and comments; empty when one of them does not end."""
    while end := next((end for begin, end in _BEFORE.items() if head.startswith(begin)), ""):
        head = head.partition(end)[2].lstrip(_BLANK)
    return head
