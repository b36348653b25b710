"""Nothing invented, nothing lost: of any page, body, metadata and removals together hold the text of every block, and the body no more."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import MediaType, Page, Pipeline, Settings, stages, words

PIPELINE = Pipeline(Settings.model_validate({"content": {"page_types": ["all"]}}))

SENTENCES = [
    "The council of Varde has closed the bridge over the sound until the end of the month, and nobody knows why.",
    "“We have looked under every stone,” said the mayor, Una Brand, who has held the office since the last flood.",
    "In the harbour the fishermen wait for the ice to go, as they do every spring, with their nets on the wall.",
    "The rain fell. The river rose by eleven centimetres in one night, which the old gauge could no longer show.",
]
SCRAPS = [
    "Subscribe now for $1 a week", "You have read 3 of 5 free articles this month.", "Read more: A lighthouse changes hands", "___",
    "* * *", "By Hanne Moe", "Feb. 3, 2026", "10 p.m.", "Photo: Bo Lund/AP", "© 2026 Example Press. All rights reserved.", "Comments",
    "Advertisement", "Donate today to support our journalism.", "VARDE (AP) — The bridge is shut.", "Share this article on Facebook",
    "Sign up for our newsletter", "Associated Press writer Ida Moen contributed to this report.", "A village counts its bridges",
    "More stories like this", "مرحبا", "橋が閉じた。",
]
TEXT = st.sampled_from([*SENTENCES, *SCRAPS]) | st.text("ab .,“”'|_-\u00a0é", max_size=30)
NAMES = st.sampled_from(["", "article-body", "related", "newsletter-box", "caption", "byline", "social-share", "ad", "pull-quote", "dek"])


def element(tag: str, name: str, inner: str) -> str:
    return f'<{tag} class="{name}">{inner}</{tag}>' if name else f"<{tag}>{inner}</{tag}>"


LINKED = st.builds('<a href="/x">{}</a>'.format, TEXT)
LEAF = st.builds(element, st.sampled_from(["p", "p", "p", "div", "h2", "blockquote", "figcaption", "li"]), NAMES, TEXT | LINKED)
AROUND = st.sampled_from(["div", "section", "article", "aside", "nav", "ul", "figure", "footer"])
TREE = st.recursive(LEAF, lambda inner: st.builds(element, AROUND, NAMES, st.lists(inner, max_size=6).map("".join)), max_leaves=25)
HTML = st.lists(TREE, min_size=1, max_size=6).map(
    lambda parts: f"<html lang=en><head><title>A village counts its bridges</title></head><body>{''.join(parts)}</body></html>")
LINES = st.lists(TEXT, min_size=1, max_size=25).map("\n\n".join)


def in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words of a part stand in a whole in the same order."""
    rest = iter(whole)
    return all(word in rest for word in part)


def held(page: Page) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Words of the page's blocks, of the body, of the removals."""
    document = stages.extract(PIPELINE.plugins, page)
    labels = stages.label(PIPELINE.plugins, document)
    metadata, claims = stages.describe(PIPELINE.plugins, document, labels)
    article = stages.clean(document, labels, metadata, claims)
    assert [article.body[span.start:span.end] for span in article.paragraphs] == (article.body.split("\n\n") if article.body else [])
    blocks = Counter(word for block in document.blocks for word in words(block.text))
    removed = Counter(word for removal in article.removals for word in words(removal.text))
    assert all(removal.reason and removal.rule and removal.plugin for removal in article.removals)
    for span in article.paragraphs:
        paragraph = words(article.body[span.start:span.end])
        assert any(in_order(paragraph, words(block.text)) for block in document.blocks)
    return blocks, Counter(words(article.body)), removed


@settings(max_examples=150, deadline=None)
@given(HTML)
def test_html(source: str) -> None:
    blocks, body, removed = held(Page(source.encode()))
    assert body + removed == blocks


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_text(source: str) -> None:
    blocks, body, removed = held(Page(source.encode(), media_type=MediaType.TEXT))
    assert body + removed == blocks
