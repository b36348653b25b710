"""Builders and strategies make what the pipeline itself would accept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Article, Block, BlockKind, Document, Label, MediaType, Page, Pipeline
from copydesk.plugins import validation
from copydesk.stages import label as labelling
from copydesk.stages.quotes import find_quotes
from copydesk.testing import strategies
from copydesk.testing.fixtures.builders import article, document, page

PIPELINE = Pipeline()


def test_a_page_is_what_its_content_is() -> None:
    assert page("<html><p>Rain.</p></html>").media_type is MediaType.HTML
    assert page("Rain.\n\nIt fell.").media_type is MediaType.TEXT
    assert page(b"\xff").content == b"\xff"
    assert page("x", date_captured=datetime(2026, 3, 14, tzinfo=UTC), stated={"headline": "Rain"}).stated == (("headline", "Rain"),)
    with pytest.raises(ValueError, match="no time zone"):
        page("x", date_captured=datetime(2026, 3, 14))  # that is what is refused


def test_a_document_numbers_its_blocks() -> None:
    made = document("Rain.", Block(7, BlockKind.HEADING, "Pier", level=2), meta={"og:title": "Rain"}, title="Pier")
    assert [(block.index, block.kind, block.text) for block in made.blocks] == [
        (0, BlockKind.PARAGRAPH, "Rain."), (1, BlockKind.HEADING, "Pier")]
    assert made.first_meta("og:title") == "Rain"
    assert validation.document_fault(made) is None


@pytest.mark.parametrize("wrong", [{"headlin": "x"}, {"headline": 3}, {"authors": (3,)}])
def test_an_article_of_wrong_fields_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        article("Rain.", **wrong)


def test_an_article_has_paragraphs_people_and_dates() -> None:
    made = article("Rain fell.", "It stopped.", authors=("Ann Lee",), date_published="2026-03-14", url="https://example.org/rain")
    assert [made.body[span.start:span.end] for span in made.paragraphs] == ["Rain fell.", "It stopped."]
    assert made.metadata.authors[0].name == "Ann Lee"
    assert made.metadata.date_published is not None
    assert made.metadata.date_published.local == "2026-03-14"
    assert made.article_id
    with pytest.raises(ValueError, match="no ISO 8601 date"):
        article("Rain.", date_published="soon")


@settings(max_examples=40)
@given(strategies.html_pages() | strategies.text_pages())
def test_pages_go_through_the_pipeline(found: Page) -> None:
    assert PIPELINE.process(found).status


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
