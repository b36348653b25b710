"""Documents and labels for the tests of the cleaning plugins."""

from __future__ import annotations

from copydesk import Block, BlockKind, Document, Label, MediaType, Page, Pipeline, Reason
from copydesk_plugins.extract import extract_text
from copydesk_plugins.label import clean_bylines, clean_headline, clean_images, clean_text_layout

PARAGRAPHS = (
    "The ferry company said on Monday that it would cancel the night crossing from October, since too few people use it in winter.",
    "Islanders had asked for a longer trial, and the council is to hear them next week, according to a letter that the mayor sent out.",
    "“We were promised three winters,” said Ada Lund, who runs the bakery at the pier. “We have had one, and it was a mild one.”",
    "The company lost 40,000 euros on the route last year, its accounts show, and it expects to lose as much again if nothing changes.",
)
STORY = "\n\n".join(PARAGRAPHS)
MENU = "\n\n".join(["Menu", "Home", "World", "Business", "Arts & Culture", "Obituaries", "Log in", "Search"])
HEAD = "Ferry crews vote to strike from Monday"
DECK = "The night boat has lost money for years. Islanders say nobody asked them."


def scrape(text: str) -> Document:
    """The document of a plain-text page."""
    document = extract_text.Plugin(extract_text.Plugin.Settings()).extract(Page(text.encode(), MediaType.TEXT))
    assert document is not None
    return document


def kept(plugin: clean_text_layout.Plugin, source: str) -> list[str]:
    """The lines of a plain-text page that the layout votes to keep."""
    document = scrape(source)
    return [document.blocks[label.block].text for label in plugin.label_blocks(document) if label.reason == Reason.ARTICLE]


def html_document(*blocks: Block, title: str = "", **facts: object) -> Document:
    """A document as the HTML extractor makes it, with these blocks renumbered."""
    from dataclasses import replace

    numbered = tuple(replace(block, index=index) for index, block in enumerate(blocks))
    return Document(Page(b"<p>"), numbered, title=title, **facts)  # type: ignore[arg-type]  # facts are Document's own fields


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, *tokens: str, level: int = 0) -> Block:
    """A block of an HTML page."""
    return Block(0, kind, text, path=("p",), tokens=tokens, own_tokens=tokens, level=level)


def reasons(labels: list[Label], index: int, least: float = 0.5) -> set[str]:
    """The reasons of the whole-block labels of some weight on one block."""
    return {str(label.reason) for label in labels if label.block == index and label.start is None and label.weight >= least}


def labelled(labels: list[Label], document: Document, least: float = 0.5) -> dict[str, set[str]]:
    """The same for all blocks, by their texts; blocks without such labels are left out."""
    found = {item.text: reasons(labels, item.index, least) - {Reason.ARTICLE} for item in document.blocks}
    return {text: names for text, names in found.items() if names}


def furniture(document: Document) -> dict[str, set[str]]:
    """What headline, bylines and images say of the blocks, by their texts."""
    plugins = (clean_headline.Plugin(), clean_bylines.Plugin(), clean_images.Plugin())
    return labelled([label for plugin in plugins for label in plugin.label_blocks(document)], document)


def body_and_removed(pipeline: Pipeline, text: str) -> tuple[str, dict[str, str]]:
    """The body of a plain-text page, and the reason of each removed passage."""
    outcome = pipeline.process(Page(text.encode(), MediaType.TEXT))
    assert outcome.article is not None, outcome.reject
    return outcome.article.body, {removal.text: removal.reason for removal in outcome.article.removals}


LINES = [
    *PARAGRAPHS, "Subscribe now for one euro a month", "Sign up for our morning newsletter.", "Support independent, local journalism.",
    "Share", "You have two free articles left this month.", "$5 a month", "© 2024 The Pier Post",
    "船員たちは金曜日に船を離れた。船員たちは金曜日に。"]
"""Lines of articles, and some that rules hit."""
