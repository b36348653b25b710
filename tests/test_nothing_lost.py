"""Nothing invented, nothing lost: of any page, body, metadata and removals together hold the text of every block, and the body no more."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings

from copydesk import Page, Pipeline, Settings, words
from copydesk.stages import describe
from copydesk.stages.clean import clean
from copydesk.stages.extract import extract
from copydesk.stages.label import label
from copydesk.testing.strategies import html_pages, text_pages

PIPELINE = Pipeline(Settings.model_validate({"content": {"page_types": ["all"]}}))

def in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether the words of a part stand in a whole in the same order."""
    rest = iter(whole)
    return all(word in rest for word in part)


def held(page: Page) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Words of the page's blocks, of the body, of the removals."""
    document = extract(PIPELINE.plugins, page)
    labels = label(PIPELINE.plugins, document)
    metadata, claims = describe.describe(PIPELINE.plugins, document, labels)
    article, _ = clean(document, labels, metadata, claims)
    assert [article.body[span.start:span.end] for span in article.paragraphs] == (article.body.split("\n\n") if article.body else [])
    blocks = Counter(word for block in document.blocks for word in words(block.text))
    removed = Counter(word for removal in article.removals for word in words(removal.text))
    assert all(removal.reason and removal.rule and removal.plugin for removal in article.removals)
    for span in article.paragraphs:
        paragraph = words(article.body[span.start:span.end])
        assert any(in_order(paragraph, words(block.text)) for block in document.blocks)
    return blocks, Counter(words(article.body)), removed


@settings(max_examples=150, deadline=None)
@given(html_pages())
def test_html(page: Page) -> None:
    blocks, body, removed = held(page)
    assert body + removed == blocks


@settings(max_examples=100, deadline=None)
@given(text_pages())
def test_text(page: Page) -> None:
    blocks, body, removed = held(page)
    assert body + removed == blocks
