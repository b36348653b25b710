"""The page among the values of a record: HTML or text, whole, in paragraphs, or in base64."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from copydesk import MediaType
from copydesk_plugins._markup import Markup

HTML, TEXT, EITHER, CODED = "html", "text", "either", "base64"
CONTENT = (HTML, TEXT, EITHER)
"""The parts that may be the page; values of `CODED` are among those of them."""
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (Mapping, "an object"), ((str, bytes), "blank"), (list, "a list"), (bool, "true or false"), ((int, float), "a number"),
    (type(None), "null"))


@dataclass(frozen=True, slots=True)
class Contents:
    """Chooses the page."""

    markup: Markup

    def chosen(self, parts: Mapping[str, list[Any]]) -> tuple[str | bytes, MediaType] | None:
        """The page among the parts: HTML before text; None when there is neither. A text that opens as HTML is HTML."""
        html = _first(parts.get(HTML, ()))
        if html is not None:
            coded = isinstance(html, str) and any(html is each for each in parts.get(CODED, ()))
            return (self._decoded(html) if coded else None) or html, MediaType.HTML
        either, text = _first(parts.get(EITHER, ())), _first(parts.get(TEXT, ()))
        if either is not None and (text is None or self.markup.opens(either)):
            text = either
        return None if text is None else (text, MediaType.HTML if self.markup.opens(text) else MediaType.TEXT)

    def _decoded(self, value: str | bytes) -> bytes | None:
        """The HTML that a value holds in base64; None when it is no base64, or what it holds does not open as HTML."""
        try:
            found = base64.b64decode(value, validate=True)
        except ValueError:
            return None
        return found if self.markup.opens(found) else None


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
    """What a value is that holds no text.

    >>> kind({}), kind([1]), kind(" "), kind(5)
    ('an object', 'a list', 'blank', 'a number')
    """
    return next((name for types, name in _KINDS if isinstance(value, types)), f"a {type(value).__name__}")


def _first(values: Iterable[object]) -> str | bytes | None:
    """The first value that holds a page."""
    return next((found for value in values if (found := joined(value)) is not None), None)
