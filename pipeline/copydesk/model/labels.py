"""What plugins say of blocks, and what the core makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why a block is not body text. Plugins may use other reasons of the same form (``[a-z][a-z_]*``).

    ``ARTICLE`` is the one reason that votes to keep: its weight is held against the best reason to remove.
    """

    ARTICLE = "article"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    CREDIT = "credit"
    CAPTION = "caption"
    IMAGE_CREDIT = "image_credit"
    PAYWALL = "paywall"
    SUBSCRIPTION = "subscription"
    DONATION = "donation"
    NEWSLETTER = "newsletter"
    PROMOTION = "promotion"
    RELATED = "related"
    NAVIGATION = "navigation"
    SHARE = "share"
    COPYRIGHT = "copyright"
    ADVERTISEMENT = "advertisement"
    COMMENTS = "comments"
    AUTHOR_BIO = "author_bio"
    DATE = "date"
    EMBED = "embed"
    DUPLICATE = "duplicate"
    BOILERPLATE = "boilerplate"


KEPT_IN_METADATA = frozenset({
    Reason.HEADLINE, Reason.STANDFIRST, Reason.BYLINE, Reason.DATELINE, Reason.CREDIT, Reason.CAPTION,
    Reason.IMAGE_CREDIT,
})
"""Reasons whose block leaves the body only when the metadata keeps its content."""


@dataclass(frozen=True, slots=True)
class Label:
    """A plugin's statement about a block, or about the characters ``start`` to ``end`` of its text.

    ``reason`` says what the text is (`Reason`), ``rule`` names the rule that says so, ``weight`` is how sure
    it is (above 0, at most 1). ``chance`` is the probability (0 to 1) that the block belongs to the article, from a plugin that
    can tell: it decides nothing, but the article's ``confidence`` is made of it. ``plugin`` is filled in by the core.
    """

    block: int
    reason: str
    rule: str
    weight: float
    start: int | None = None
    end: int | None = None
    plugin: str = ""
    chance: float | None = None


class Verdict(NamedTuple):
    """What the core decided about a block: the reason it leaves the body (None: it stays) and the label behind it."""

    block: int
    removed: bool
    reason: str
    score: float
    label: Label | None
    spans: tuple[Label, ...] = ()
