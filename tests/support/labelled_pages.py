"""Pages for the model of blocks, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk import Document, Label, Page, Reason, parse_html
from copydesk_plugins.label.label_model import Plugin

STORY = [
    "The harbour board voted on Monday to close the old fish market, which has stood on the east quay for ninety years.",
    "Traders said they had been given six weeks to move their stalls and that no place had been found for most of them.",
    "“We will sell from the boats if we have to,” said Inger Dahl, whose family has had a stall there since the market opened.",
    "The board plans to let the hall to a hotel, and expects the rent to pay for the repair of the breakwater.",
]
NAV = "<nav><ul><li><a href=/>Home</a></li><li><a href=/s>Sport</a></li><li><a href=/w>Weather</a></li></ul></nav>"
FOOT = "<footer><p>Published by the Quay Press.</p></footer>"
PLUGIN = Plugin(Plugin.Settings(second_opinion="off"))


def page(body: str, title: str = "Fish market to close") -> Document:
    """An HTML page with a title."""
    return parse_html(Page(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()))


def labels(document: Document, **values: object) -> list[Label]:
    """What the plugin says of a page, without a second opinion unless the settings ask for one."""
    return list((Plugin(Plugin.Settings.model_validate(values)) if values else PLUGIN).label_blocks(document))


def votes(found: Sequence[Label]) -> list[Label]:
    """The labels that say whether a block is of the article."""
    return [label for label in found if label.rule.startswith(("model:", "second-opinion:", "dense-", "outside-"))]


def kept(document: Document, found: Sequence[Label]) -> list[str]:
    """The texts that the votes keep."""
    return [document.blocks[label.block].text for label in votes(found) if label.reason == Reason.ARTICLE]


def paragraphs(*texts: str, tag: str = "p") -> str:
    """Elements, one a text."""
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)
