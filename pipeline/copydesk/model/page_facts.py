"""Elements of a page that documents hold or find: links of the head, times, and the elements that a CSS selector matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A ``<link>`` element of the page.

    Attributes:
        rel: one value of its ``rel`` attribute, in lower case.
        href: its ``href`` attribute as written.
        hreflang: its ``hreflang`` attribute; empty when it has none.
    """

    rel: str
    href: str
    hreflang: str = ""


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A ``<time>`` element of the page.

    Attributes:
        datetime: its ``datetime`` attribute; empty when it has none.
        text: its text, with white space normalised.
        tokens: the lower-cased class, id, role, itemprop and data-testid words of the element and its ancestors, innermost first.
        itemprop: its ``itemprop`` attribute in lower case; empty when it has none.
        block: the index of the block that its text belongs to; None when it has no text.
    """

    datetime: str
    text: str
    tokens: tuple[str, ...] = ()
    itemprop: str = ""
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """An element that `Document.css` finds.

    Attributes:
        tag: the name of the element.
        text: its text, with white space normalised.
        attributes: its attributes by name. One without a value has an empty one.
    """

    tag: str
    text: str
    attributes: Mapping[str, str]
