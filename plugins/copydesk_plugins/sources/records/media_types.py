"""Tells what a response is by its Content-Type, or by its first bytes where the type says nothing.

Web archives and the sources of records share this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from copydesk import MediaType, opens_as_html
from copydesk_plugins.shared.facts.loading import load

SNIFFED = 1_445
"""How many bytes are looked at (WHATWG MIME Sniffing)."""
_CHARSET = re.compile(r";[ \t]{0,8}charset[ \t]{0,8}=[ \t]{0,8}[\"']?([A-Za-z0-9._:-]{1,40})[\"']?[ \t]{0,8}(?:;|$)", re.I)
"""The charset parameter of a Content-Type."""
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks."""
_PDF = b"%PDF-"
"""How a PDF begins; its first bytes could pass for text."""


class ResponseKind(StrEnum):
    """What a response is: a page (``HTML``, ``TEXT``), a type that is never a page (``NEVER``), another one, or not known."""

    HTML = "html"
    TEXT = "text"
    UNKNOWN = "unknown"
    NEVER = "never"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MediaTypes:
    """The types and openings that ``data/media_types.toml`` lists.

    Attributes:
        kinds: what each listed type is.
        never: top-level types that are never a page, such as ``image``.
        openings: how HTML begins, in lower case.
        binary: the bytes that no text has.
        no_codings: names of content codings that change nothing, such as ``identity``.
    """

    kinds: dict[str, ResponseKind]
    never: frozenset[str]
    openings: tuple[str, ...]
    binary: bytes
    no_codings: frozenset[str]

    @classmethod
    def of(cls, fragments: bool = False) -> MediaTypes:
        """Read the data file. With ``fragments``, openings of a mere piece of a page count as openings of HTML too."""
        data = load("media_types")
        openings = (*data["sniff"]["openings"], *(data["sniff"]["fragments"] if fragments else ()))
        listed = {**data["pages"], ResponseKind.NEVER.value: data["never"]["types"]}
        return cls({name: ResponseKind(kind) for kind, names in listed.items() for name in names}, frozenset(data["never"]["top"]),
                   openings, bytes(data["sniff"]["binary"]), frozenset(data["codings"]["none"]))

    def kind(self, content_type: str) -> ResponseKind:
        """What a Content-Type says.

        >>> types = MediaTypes.of()
        >>> [types.kind(each).value for each in ("Text/HTML; charset=utf-8", "image/png", "application/pdf", "")]
        ['html', 'never', 'other', 'unknown']
        """
        name = essence(content_type)
        found = self.kinds.get(name)
        if found is not None:
            return found
        return ResponseKind.NEVER if name.partition("/")[0] in self.never else ResponseKind.OTHER

    def is_html(self, content: str | bytes) -> bool:
        """Whether content opens as HTML."""
        return opens_as_html(content, self.openings)

    def sniffed(self, content: bytes) -> MediaType | None:
        """HTML or text, by the first bytes of a body; None when it is neither."""
        if self.is_html(content[:SNIFFED]):
            return MediaType.HTML
        head = content[:SNIFFED].removeprefix(_UTF8_MARK)
        if head.lstrip().startswith(b"<?xml"):
            return None
        if content.startswith(_UTF16_MARKS):
            return MediaType.TEXT
        return MediaType.TEXT if content.strip() and head.translate(None, self.binary) == head and not head.startswith(_PDF) else None


def essence(content_type: str) -> str:
    """The media type without its parameters, in lower case.

    >>> essence("Text/HTML ; charset=x")
    'text/html'
    """
    return content_type.partition(";")[0].partition(",")[0].strip().lower()


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type names, None when it names none that could be one.

    >>> charset_of('text/html; Charset="UTF-8"'), charset_of("text/html; charset=\\xff"), charset_of("text/html")
    ('UTF-8', None, None)
    """
    found = _CHARSET.search(content_type)
    return found.group(1) if found else None
