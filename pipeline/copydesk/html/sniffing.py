"""Tell HTML from other text by looking at its first characters. All sources and the library call ask here."""

from __future__ import annotations

import re
from collections.abc import Collection

from copydesk.model.page import MediaType

LOOKED_AT = 8_192
"""Characters that `opens_as_html` looks at: what a page may have in declarations and comments before its first tag."""
SEARCHED_BYTES = 65_536
"""Bytes that `media_type_of` searches."""
_BLANK = " \t\r\n\x0c\ufeff\u200b\xa0"
"""What may stand before an opening: blanks, byte order marks, blanks of no width."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BEHIND = frozenset(" \t\r\n\x0c/>")
_BEFORE = {"<?xml": "?>", "<!--": "-->"}
_DOCTYPE = re.compile(r"\A<!doctype\s{1,9}")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|article|div|p|h1)\b", re.I)


def media_type_of(content: bytes) -> MediaType:
    """Whether a page that comes without a name is HTML or plain text: it is HTML when a tag of a page stands anywhere near its start."""
    return MediaType.HTML if _MARKUP.search(content[:SEARCHED_BYTES].decode("latin-1")) else MediaType.TEXT


def opens_as_html(content: str | bytes, openings: Collection[str], comments: bool = True) -> bool:
    """Whether content opens as HTML, behind a byte order mark, blanks, XML declarations and comments.

    Args:
        content: the content, or its first `LOOKED_AT` characters. Bytes are UTF-16 where a byte order mark says so, else UTF-8.
        openings: what HTML begins with, in lower case; a blank, a line end, ``/`` or ``>`` stands behind it.
        comments: whether a comment alone is HTML. A comment behind an XML declaration is not: that may be of any kind of XML.

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
    """What stands behind declarations and comments; nothing where one does not end."""
    while end := next((end for begin, end in _BEFORE.items() if head.startswith(begin)), ""):
        head = head.partition(end)[2].lstrip(_BLANK)
    return head
