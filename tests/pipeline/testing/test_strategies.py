"""Strategies for property-based tests make what the pipeline itself would accept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Article, Document, Label, Pipeline
from copydesk.plugins import validation
from copydesk.stages import label as labelling
from copydesk.stages.quotes import find_quotes
from copydesk.testing import strategies

PIPELINE = Pipeline()


@settings(max_examples=40)
@given(strategies.documents())
def test_documents_are_documents(found: Document) -> None:
    assert validation.document_fault(found) is None
    assert labelling.label(PIPELINE.plugins, found) is not None


@settings(max_examples=40)
@given(strategies.articles())
def test_articles_have_their_paragraphs_in_their_body(found: Article) -> None:
    assert found.paragraphs
    assert all(found.body[span.start:span.end].strip() for span in found.paragraphs)
    assert isinstance(find_quotes(PIPELINE.plugins, found, True), tuple)


@settings(max_examples=40)
@given(strategies.documents(), st.data())
def test_labels_are_of_their_document(found: Document, data: st.DataObject) -> None:
    labels: tuple[Label, ...] = data.draw(strategies.labels_of(found))
    assert all(0 <= label.block < len(found.blocks) for label in labels)
