"""Hypothesis strategies for pages, documents and articles: bounded, hostile now and then. They need ``pip install copydesk[testing]``.

Source of the ideas for tags and names: pages of news sites in general; sentences and scraps were written for this kit.
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

HOSTILE = "\x00\x1b\u202e\u200b\ufeff\ud800<>&\"'“”«»„|\u00a0é橋م"
LEAVES = ("p", "p", "p", "div", "h2", "blockquote", "figcaption", "li")
AROUND = ("div", "section", "article", "aside", "nav", "ul", "figure", "footer")


def texts() -> st.SearchStrategy[str]:
    """The text of a block: a sentence, a scrap of a page, now and then up to 30 characters that break careless code."""
    return st.sampled_from([*SENTENCES, *SCRAPS]) | st.text("ab .,_-" + HOSTILE, max_size=30)


def text_pages() -> st.SearchStrategy[Page]:
    """Plain-text scrapes of 1 to 25 lines."""
    lines = st.lists(texts(), min_size=1, max_size=25).map("\n\n".join)
    return lines.map(lambda text: builders.page(text.replace("\ud800", "?"), media_type=MediaType.TEXT))


def html_pages() -> st.SearchStrategy[Page]:
    """HTML pages of up to 150 elements, nested, with the class names that news sites give."""
    return html_sources().map(lambda source: builders.page(source, media_type=MediaType.HTML))


@cache
def html_sources() -> st.SearchStrategy[str]:
    """The source of such pages."""
    text = texts().map(_escaped)
    leaf = st.builds(_element, st.sampled_from(LEAVES), st.sampled_from(NAMES), text | text.map('<a href="/x">{}</a>'.format))
    tree = st.recursive(leaf, _around, max_leaves=25)
    return st.lists(tree, min_size=1, max_size=6).map(
        lambda parts: f"<html lang=en><head><title>{HEADLINE}</title></head><body>{''.join(parts)}</body></html>")


def documents() -> st.SearchStrategy[Document]:
    """The documents that the core's reader makes of `html_pages`."""
    return html_pages().map(parse)


def articles() -> st.SearchStrategy[Article]:
    """Articles of 1 to 12 paragraphs, in English or in a language that nobody told."""
    paragraph = texts().map(lambda text: " ".join(text.split()).replace("\ud800", "?")).filter(bool)
    return st.builds(lambda parts, told: builders.article(*parts, **told), st.lists(paragraph, min_size=1, max_size=12),
                     st.fixed_dictionaries({}, optional={"headline": st.just(HEADLINE), "in_language": st.sampled_from(["en", "de"])}))


def labels_of(document: Document) -> st.SearchStrategy[tuple[Label, ...]]:
    """Up to 20 labels that a plugin may give the blocks of a document; none where it has no blocks."""
    if not document.blocks:
        return st.just(())
    label = st.builds(Label, st.integers(0, len(document.blocks) - 1), st.sampled_from(["article", "paywall", "related", "byline"]),
                      st.just("strategy"), st.floats(0.01, 1.0))
    return st.lists(label, max_size=20).map(tuple)


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(_element, st.sampled_from(AROUND), st.sampled_from(NAMES), st.lists(inner, max_size=6).map("".join))


def _element(tag: str, name: str, inner: str) -> str:
    return f'<{tag} class="{name}">{inner}</{tag}>' if name else f"<{tag}>{inner}</{tag}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\ud800", "&#xD800;")
