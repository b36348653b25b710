"""Chooses the page among the values of a record: HTML or text, as one value, as a list of paragraphs, or in base64."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from copydesk import MediaType
from copydesk_plugins.sources.records.media_types import MediaTypes

HTML, TEXT, EITHER, CODED = "html", "text", "either", "base64"
CONTENT = (HTML, TEXT, EITHER)
"""The parts that may be the page. A value listed under `CODED` is also listed under one of these."""
OTHER = "neither HTML nor text"
"""What messages call a value that is neither (an image, for example)."""
_SPACE = b" \t\r\n\x0b\x0c"
"""Bytes that may stand between the characters of base64."""
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (Mapping, "an object"), ((str, bytes), "blank"), (list, "a list"), (bool, "true or false"), ((int, float), "a number"),
    (type(None), "null"))
"""What messages call a value, by its type; the first that fits."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Chooses the page of a record.

    Attributes:
        types: knows how HTML and text begin.
    """

    types: MediaTypes

    def chosen(self, parts: Mapping[str, list[Any]]) -> tuple[str | bytes, MediaType] | None:
        """The page among the parts; None when there is neither HTML nor text. HTML comes before text; a text that opens as HTML is HTML."""
        coded, decoded = parts.get(CODED, ()), None
        for value in parts.get(HTML, ()):
            html = joined(value)
            if html is not None and any(value is each for each in coded):
                read = self._decoded(html)
                if not isinstance(read, str):
                    if read[1] is MediaType.HTML:
                        return read
                    decoded = decoded or read
            elif html is not None:
                return html, MediaType.HTML
        either, text = _first(parts.get(EITHER, ())), _first(parts.get(TEXT, ()))
        if either is not None and (text is None or self.types.is_html(either)):
            text = either
        if text is not None and self.types.is_html(text):
            return text, MediaType.HTML
        return decoded or (None if text is None else (text, MediaType.TEXT))

    def _decoded(self, value: str | bytes) -> tuple[str | bytes, MediaType] | str:
        """The page that a value holds, in base64 or as it is (HTML, or bytes of text); without a page, what the value is, in words."""
        if self.types.is_html(value):
            return value, MediaType.HTML
        try:
            found = base64.b64decode((value.encode() if isinstance(value, str) else value).translate(None, _SPACE), validate=True)
        except ValueError:  # b64decode raises it, and so does encode() for a lone surrogate
            if isinstance(value, str):
                return "no base64"
            found = value
        media = self.types.sniffed(found)
        if media is None:
            return "base64 that holds no page" if not found.strip() else OTHER
        return found, media

    def wanting(self, value: object) -> str:
        """What the value of a base64 field is, in words, for a message that it holds no page."""
        content = joined(value)
        read = kind(value) if content is None else self._decoded(content)
        return read if isinstance(read, str) else "a page"


def joined(value: object) -> str | bytes | None:
    """Text, bytes, or a list of texts as paragraphs; None for what is blank or anything else.

    >>> joined(["One.", None, "Two."]), joined(["One.", 2]), joined(" ")
    ('One.\\n\\nTwo.', None, None)
    """
    if isinstance(value, list):
        texts = [each for each in value if each is not None]
        value = "\n\n".join(each for each in texts if each.strip()) if all(isinstance(each, str) for each in texts) else None
    return value if isinstance(value, str | bytes) and value and not value.isspace() else None


def kind(value: object) -> str:
    """What messages call a value that holds no text.

    >>> kind({}), kind([1]), kind(" "), kind(5)
    ('an object', 'a list', 'blank', 'a number')
    """
    return next((name for types, name in _KINDS if isinstance(value, types)), f"a {type(value).__name__}")


def _first(values: Iterable[object]) -> str | bytes | None:
    """The first value that holds a page."""
    return next((found for value in values if (found := joined(value)) is not None), None)
