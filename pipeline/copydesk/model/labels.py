"""Labels, in which plugins say what a block is, and verdicts, in which the core decides about the block."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """What a block is. Plugins may use other reasons of the same form (``[a-z][a-z_]*``).

    ``ARTICLE`` votes to keep the block: the core compares its weight with the evidence of all other reasons, which vote to remove it.
    """

    ARTICLE = "article"
    HEADLINE = "headline"
    STANDFIRST = "standfirst"  # the summary between headline and text
    BYLINE = "byline"
    DATELINE = "dateline"  # place, and often agency and date, at the opening of the text
    CREDIT = "credit"  # the agency or wire service that the article comes from
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
    DUPLICATE = "duplicate"  # the same text stands elsewhere on the page
    BOILERPLATE = "boilerplate"  # around the article, of no kind that has a reason of its own


KEPT_IN_METADATA = frozenset({
    Reason.HEADLINE, Reason.STANDFIRST, Reason.BYLINE, Reason.DATELINE, Reason.CREDIT, Reason.CAPTION,
    Reason.IMAGE_CREDIT,
})
"""Blocks with these reasons leave the body only when the metadata keeps their content."""


@dataclass(frozen=True, slots=True)
class Label:
    """A plugin's statement about a block, or about a part of its text.

    Attributes:
        block: the index of the block in the document.
        reason: what the text is (`Reason`, or a plugin's own reason).
        rule: the name of the rule that says so.
        weight: how sure the rule is, above 0 and at most 1.
        start: the first code point of the part in the block's text; None for the whole block.
        end: the code point behind the part; None for the whole block.
        plugin: the plugin that gave the label. The core fills it in.
        chance: 0 to 1, the probability that the block belongs to the article; None when the plugin cannot tell. It decides nothing: the
            core computes the article's ``confidence`` from it.
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
    """What the core decided about a block.

    Attributes:
        block: the index of the block in the document.
        removed: whether the block leaves the body.
        reason: why it leaves; ``article`` when it stays.
        score: how clear the decision is: the evidence for it minus the evidence against it.
        label: the label behind the removal; None when the block stays.
        spans: labels of parts that are cut out of a block that stays.
    """

    block: int
    removed: bool
    reason: str
    score: float
    label: Label | None
    spans: tuple[Label, ...] = ()
