"""The headline and the standfirst, in HTML and in text."""

from __future__ import annotations

import pytest

from copydesk import Block, BlockKind, Outcome, Pipeline, fold_text
from copydesk.testing.golden.cases import golden_cases, golden_result
from support.cleaning import DECK, HEAD, PARAGRAPHS, STORY, block, furniture, html_document, scrape
from support.places import GOLDEN


def test_text_scrape_from_headline_to_body() -> None:
    source = (
        f"{HEAD}\n\n{DECK}\n\n|\nBo Lund/AFP/File\nThe night boat leaves the pier in Oost, on May 3.\n\n{STORY}\n\nWith files from Reuters"
    )
    assert furniture(scrape(source)) == {
        HEAD: {"headline"},
        DECK: {"standfirst"},
        "Bo Lund/AFP/File": {"image_credit"},
        "The night boat leaves the pier in Oost, on May 3.": {"caption"},
        "With files from Reuters": {"credit"},
    }


def test_first_paragraph_of_a_scrape_is_no_standfirst() -> None:
    assert furniture(scrape(f"{HEAD}\n\n{DECK}\n\n{STORY}")) == {HEAD: {"headline"}}


def test_page_title_with_the_sites_name_gives_way_to_the_headline_itself() -> None:
    labels = furniture(scrape(f"{HEAD} | Quay Post\n\nHome\n\n{HEAD}\n\nBy Ann Example\n\nMay 3, 2024\n\n{STORY}"))
    assert labels == {f"{HEAD} | Quay Post": {"navigation"}, HEAD: {"headline"}, "By Ann Example": {"byline"}, "May 3, 2024": {"date"}}


def test_html_headline_is_found_by_title_meta_and_json_ld() -> None:
    body = [block(text) for text in PARAGRAPHS]
    heading = block(HEAD, BlockKind.HEADING, level=1)
    for facts in ({"title": f"{HEAD} - Quay Post"}, {"meta": {"og:title": (HEAD,)}}, {"json_ld": ({"headline": HEAD},)}):
        assert "headline" in furniture(html_document(heading, *body, **facts))[HEAD]
    other = html_document(block("Weather for the weekend", BlockKind.HEADING, level=2), *body, title=HEAD)
    assert furniture(other) == {}


def test_html_standfirst_by_mark_up_or_description() -> None:
    heading = block(HEAD, BlockKind.HEADING, level=1)
    body = [Block(0, BlockKind.PARAGRAPH, text, path=("article", "p")) for text in PARAGRAPHS]
    marked = html_document(heading, block(DECK, BlockKind.PARAGRAPH, "article-standfirst"), *body, title=HEAD)
    described = html_document(
        heading, Block(0, BlockKind.HEADING, DECK, path=("h2",), level=2), *body, title=HEAD, meta={"og:description": (DECK,)}
    )
    lead = html_document(heading, *body, title=HEAD, meta={"og:description": (PARAGRAPHS[0],)})
    assert furniture(marked)[DECK] == {"standfirst"}
    assert furniture(described)[DECK] == {"standfirst"}
    assert PARAGRAPHS[0] not in furniture(lead)


def test_sole_heading_is_the_headline_when_the_title_says_something_else() -> None:
    body = [block(text) for text in PARAGRAPHS]
    heading = block(HEAD, BlockKind.HEADING, level=1)
    other = block("Weather", BlockKind.HEADING, level=1)
    assert furniture(html_document(heading, *body, title="Night boat: what we know | Quay Post"))[HEAD] == {"headline", "duplicate"}
    site = block("Quay Post", BlockKind.HEADING, level=1)
    named = html_document(site, *body, title="Night boat: what we know - The Quay Post", meta={"og:site_name": ("Quay Post",)})
    assert furniture(named) == {}
    menu = Block(0, BlockKind.HEADING, HEAD, path=("nav", "h1"), level=1)
    assert furniture(html_document(menu, *body, title="Night boat")) == {}
    assert furniture(html_document(*body, heading, title="Night boat")) == {}
    assert HEAD in furniture(html_document(other, heading, *body, title="Night boat"))


def test_no_golden_body_starts_with_its_headline() -> None:
    pipeline = Pipeline()
    checked = 0
    for case in golden_cases(GOLDEN):
        outcome = golden_result(case, pipeline)
        if isinstance(outcome, Outcome) and outcome.article and outcome.article.metadata.headline:
            checked += 1
            first = fold_text(outcome.article.body.partition("\n\n")[0])
            assert first != fold_text(outcome.article.metadata.headline), case.name
    assert checked > 30


@pytest.mark.parametrize("second", ["By Ann Example", "Story by Ann Example • 3h ago", "Ann Example", "From our correspondent in Oost"])
def test_short_headline_is_the_first_line_and_never_the_byline(second: str) -> None:
    labels = furniture(scrape(f"Pool closes\n{second}\n{STORY}"))
    assert labels["Pool closes"] == {"headline"}
    assert "headline" not in labels[second]
