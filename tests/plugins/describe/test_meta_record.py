"""What a record states becomes claims, behind the page's own structured data and before its other places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copydesk import Claim, Document, Field, MediaType, Page, Pipeline, Settings
from copydesk_plugins.describe.meta_record import Plugin
from support.metadata_pages import html, ld, scrape

PLUGIN = Plugin()
STATED = (("headline", "Ferry strike"), ("date_published", "2026-03-14"), ("byline", "By Anna Miller and Li Wei"),
          ("description", "A &amp; B"), ("publisher", "The Harbor Times"), ("in_language", "en-GB"))


def claims(document: Document, *stated: tuple[str, str]) -> list[Claim]:
    return list(PLUGIN.propose_metadata(replace(document, page=replace(document.page, stated=stated))))


def test_each_thing_stated_is_a_claim() -> None:
    found = {claim.field: claim for claim in claims(html(), *STATED)}
    assert found[Field.HEADLINE].value == "Ferry strike"
    assert found[Field.DATE_PUBLISHED].value.local == "2026-03-14"  # type: ignore[union-attr]  # a date
    assert found[Field.BYLINE].value == "By Anna Miller and Li Wei"
    assert [person.name for person in found[Field.AUTHORS].value] == ["Anna Miller", "Li Wei"]  # type: ignore[union-attr]  # people
    assert found[Field.DESCRIPTION].value == "A & B"
    assert found[Field.PUBLISHER].value == "The Harbor Times"
    assert found[Field.IN_LANGUAGE].value == "en"
    assert {claim.evidence for claim in found.values()} == {f"record:{name}" for name, _ in STATED}
    late = {Field.BYLINE: 36, Field.AUTHORS: 36, Field.PUBLISHER: 19}
    assert {name: claim.rank for name, claim in found.items()} == {name: late.get(name, 15) for name in found}


def test_a_text_has_nothing_better() -> None:
    assert {claim.rank for claim in claims(scrape("Ferry strike\n\nA body of text."), *STATED)} == {10}


@pytest.mark.parametrize(("name", "text"), [
    ("date_published", "2024-02-31"), ("date_published", "yesterday"), ("in_language", "english"), ("in_language", "eng"),
    ("headline", " "), ("byline", ""), ("unknown", "x"), ("canonical_url", "https://x.example/")])
def test_what_says_nothing_is_no_claim(name: str, text: str) -> None:
    assert claims(html(), (name, text)) == []


def test_a_date_in_words() -> None:
    (claim,) = claims(html(), ("date_published", "March 14, 2026"))
    assert claim.value.local == "2026-03-14"  # type: ignore[union-attr]  # a date


LINE = "<p>The crews of the ferries left their ships on Friday, the union said.</p>"
BODY = f"<article><h1>Ferry crews walk out</h1>{LINE * 6}</article>"


def test_the_pages_own_structured_data_goes_first() -> None:
    head = ld({"@type": "NewsArticle", "headline": "Ferry crews walk out", "datePublished": "2024-03-05T10:00:00Z"})
    page = Page(f"<html><head>{head}</head><body>{BODY}</body></html>".encode(), url="https://news.example/a",
                stated=(("headline", "ferry-strike-slug"), ("date_published", "2024-03-06"), ("publisher", "The Harbor Times")))
    article = Pipeline(Settings()).process(page).article
    assert article is not None
    assert (article.metadata.headline, article.metadata.publisher) == ("Ferry crews walk out", "The Harbor Times")
    assert article.metadata.date_published is not None
    assert article.metadata.date_published.local == "2024-03-05T10:00:00+00:00"


def test_the_pages_own_byline_and_publisher_go_first() -> None:
    head = ld({"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "The Harbor Times"}})
    byline = '<p class="byline">By Anna Miller, maritime correspondent</p>'
    page = Page(f"<html><head>{head}</head><body>{BODY.replace('</h1>', f'</h1>{byline}')}</body></html>".encode(),
                url="https://news.example/a", stated=(("byline", "miller_a"), ("publisher", "news.example")))
    article = Pipeline(Settings()).process(page).article
    assert article is not None
    assert (article.metadata.byline, article.metadata.publisher) == ("By Anna Miller, maritime correspondent", "The Harbor Times")


def test_a_records_byline_and_publisher_stand_in_where_the_page_has_none() -> None:
    page = Page(f"<html><body>{BODY}</body></html>".encode(), url="https://news.example/a", stated=STATED)
    article = Pipeline(Settings()).process(page).article
    assert article is not None
    assert (article.metadata.byline, article.metadata.publisher) == ("By Anna Miller and Li Wei", "The Harbor Times")


def test_a_texts_record_is_believed() -> None:
    body = "\n\n".join(["The crews of the ferries left their ships on Friday, the union said in a statement to the paper."] * 4)
    page = Page(body.encode(), MediaType.TEXT, url="https://news.example/a", stated=STATED)
    article = Pipeline(Settings()).process(page).article
    assert article is not None
    assert (article.metadata.headline, article.metadata.byline) == ("Ferry strike", "By Anna Miller and Li Wei")
    assert article.metadata.date_published is not None
