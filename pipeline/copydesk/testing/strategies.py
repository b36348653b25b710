"""Hypothesis strategies for pages, documents and articles, of bounded size and sometimes hostile.

They need ``pip install copydesk[testing]``. Tags and class names follow those of news sites in general; sentences and scraps were written
for copydesk.
"""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from copydesk.html.parser import parse
from copydesk.model.article import Article
from copydesk.model.document import Document
from copydesk.model.labels import Label
from copydesk.model.page import MediaType, Page
from copydesk.testing.fixtures import builders
from copydesk.testing.fixtures.texts import HEADLINE, NAMES, SCRAPS, SENTENCES

LONGEST_TEXT = 30
"""Characters of a text that breaks careless code."""
MOST_LINES = 25
"""Lines of a plain-text page."""
MOST_LEAVES = 25
"""Innermost elements of one top element of an HTML page."""
MOST_PARTS = 6
"""Top elements of an HTML page, and children of an element."""
MOST_PARAGRAPHS = 12
"""Paragraphs of an article."""
MOST_LABELS = 20
"""Labels of a document."""
HOSTILE = "\x00\x1b\u202e\u200b\ufeff\ud800<>&\"'“”«»„|\u00a0é橋م"
"""Characters that break careless code: control characters, bidirectional marks, a lone surrogate, mark-up, quotation marks."""
LEAVES = ("p", "p", "p", "div", "h2", "blockquote", "figcaption", "li")
"""Tags of innermost elements; paragraphs are the most frequent."""
AROUND = ("div", "section", "article", "aside", "nav", "ul", "figure", "footer")
"""Tags of elements that hold other elements."""


def texts() -> st.SearchStrategy[str]:
    """Texts of a block: a sentence, a scrap of a page, or up to 30 characters that break careless code."""
    return st.sampled_from([*SENTENCES, *SCRAPS]) | st.text("ab .,_-" + HOSTILE, max_size=LONGEST_TEXT)


def text_pages() -> st.SearchStrategy[Page]:
    """Plain-text pages of 1 to 25 lines."""
    lines = st.lists(texts(), min_size=1, max_size=MOST_LINES).map("\n\n".join)
    return lines.map(lambda text: builders.page(text.replace("\ud800", "?"), media_type=MediaType.TEXT))


def html_pages() -> st.SearchStrategy[Page]:
    """HTML pages of up to 150 elements, nested, with the class names that news sites give."""
    return html_sources().map(lambda source: builders.page(source, media_type=MediaType.HTML))


@cache
def html_sources() -> st.SearchStrategy[str]:
    """The HTML source of such pages."""
    text = texts().map(_escaped)
    leaf = st.builds(_element, st.sampled_from(LEAVES), st.sampled_from(NAMES), text | text.map('<a href="/x">{}</a>'.format))
    tree = st.recursive(leaf, _around, max_leaves=MOST_LEAVES)
    return st.lists(tree, min_size=1, max_size=MOST_PARTS).map(
        lambda parts: f"<html lang=en><head><title>{HEADLINE}</title></head><body>{''.join(parts)}</body></html>")


def documents() -> st.SearchStrategy[Document]:
    """The documents that the core's parser makes of `html_pages`."""
    return html_pages().map(parse)


def articles() -> st.SearchStrategy[Article]:
    """Articles of 1 to 12 paragraphs, with or without a headline and a language (English or German)."""
    paragraph = texts().map(lambda text: " ".join(text.split()).replace("\ud800", "?")).filter(bool)
    return st.builds(lambda parts, told: builders.article(*parts, **told), st.lists(paragraph, min_size=1, max_size=MOST_PARAGRAPHS),
                     st.fixed_dictionaries({}, optional={"headline": st.just(HEADLINE), "in_language": st.sampled_from(["en", "de"])}))


def labels_of(document: Document) -> st.SearchStrategy[tuple[Label, ...]]:
    """Up to 20 labels that a plugin may give the blocks of a document; none when the document has no blocks."""
    if not document.blocks:
        return st.just(())
    label = st.builds(Label, st.integers(0, len(document.blocks) - 1), st.sampled_from(["article", "paywall", "related", "byline"]),
                      st.just("strategy"), st.floats(0.01, 1.0))
    return st.lists(label, max_size=MOST_LABELS).map(tuple)


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(_element, st.sampled_from(AROUND), st.sampled_from(NAMES), st.lists(inner, max_size=MOST_PARTS).map("".join))


def _element(tag: str, name: str, inner: str) -> str:
    return f'<{tag} class="{name}">{inner}</{tag}>' if name else f"<{tag}>{inner}</{tag}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\ud800", "&#xD800;")
