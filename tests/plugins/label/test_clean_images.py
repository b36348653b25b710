"""Captions and credits of images, in HTML and in text."""

from __future__ import annotations

import pytest

from copydesk import BlockKind, MediaType, Page, Pipeline, Reason, Settings
from copydesk_plugins.label import clean_images
from support.cleaning import HEAD, PARAGRAPHS, STORY, block, furniture, html_document, scrape


def test_html_captions_and_credits_by_mark_up() -> None:
    document = html_document(
        block("A boat at dawn, from the quay", BlockKind.CAPTION),
        block("Bo Lund", BlockKind.PARAGRAPH, "photo-credit"),
        block("Another boat at noon", BlockKind.PARAGRAPH, "wp-caption-text"),
        *[block(text) for text in PARAGRAPHS],
    )
    assert furniture(document) == {
        "A boat at dawn, from the quay": {"caption"},
        "Bo Lund": {"image_credit"},
        "Another boat at noon": {"caption"},
    }


@pytest.mark.parametrize("signed", ["(Reuters)", "(AP)", "(AFP)."])
def test_an_agencys_name_at_the_end_of_the_story_makes_no_caption_of_it(signed: str) -> None:
    page = Page("\n\n".join([HEAD, *PARAGRAPHS, f"The company did not answer a call on Monday. {signed}"]).encode(), MediaType.TEXT)
    article = Pipeline(Settings()).process(page).article
    assert article is not None
    assert "did not answer a call" in article.body


def test_a_caption_signed_by_an_agency_is_one_still() -> None:
    text = "Boats are seen in the harbour of Oost on Monday. (Reuters)"
    (label,) = [label for label in clean_images.Plugin().label_blocks(html_document(block(text))) if label.reason == Reason.CAPTION]
    assert label.weight > 0.5


def test_one_caption_a_credit_and_no_line_that_says_who_or_when() -> None:
    single = "\n".join([HEAD, "By Ann Example", "May 3, 2024", "Photo: Bo Lund", *PARAGRAPHS])
    assert furniture(scrape(single)) == {
        HEAD: {"headline"}, "By Ann Example": {"byline"}, "May 3, 2024": {"date"}, "Photo: Bo Lund": {"image_credit"}}
    both = f"{HEAD}\n\nBoats in Oost on Monday\nPhoto: Bo Lund\nMore boats in Oost\n\n{STORY}"
    assert sum("caption" in reasons for reasons in furniture(scrape(both)).values()) <= 1


def test_credit_inside_a_caption_is_a_span() -> None:
    text = "Boats in the harbour of Oost on Monday. Photo: Bo Lund/Getty"
    labels = list(clean_images.Plugin().label_blocks(html_document(block(text, BlockKind.CAPTION))))
    spans = [text[label.start : label.end] for label in labels if label.reason == Reason.IMAGE_CREDIT]
    assert spans == ["Photo: Bo Lund/Getty"]
    plain = list(clean_images.Plugin().label_blocks(html_document(block("Boats in Oost", BlockKind.CAPTION))))
    assert [label.start for label in plain] == [None]
