"""Headline, standfirst, byline, date, dateline, credit, caption, image credit and author note, in HTML and in text."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import Block, BlockKind, MediaType, Outcome, Page, Pipeline, Reason, Settings, fold_text
from copydesk.testing.golden.cases import golden_cases, golden_result
from copydesk_plugins.label import clean_bylines, clean_headline, clean_images
from copydesk_plugins.shared.lines.lines import Lines
from plugins.clean_support import PARAGRAPHS, STORY, block, html_document, labelled, scrape

LINES = Lines()
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
HEAD = "Ferry crews vote to strike from Monday"
DECK = "The night boat has lost money for years. Islanders say nobody asked them."


def found(document: object) -> dict[str, set[str]]:
    plugins = (clean_headline.Plugin(), clean_bylines.Plugin(), clean_images.Plugin())
    labels = [label for plugin in plugins for label in plugin.label_blocks(document)]  # type: ignore[arg-type]
    return labelled(labels, document)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Published Oct. 18, 2024",
        "Updated 5 hours ago",
        "3 min read",
        "Nov. 19, 2019 8:03 am ET",
        "Sat 2 Mar 2024 17.00 CET",
        "13/06/2014",
        "Stand: 18.10.2024, 09:30 Uhr",
        "Publié le 3 mai 2024 à 14h20",
        "Posted: Fri 6:45 PM, Feb 16, 2018",
    ],
)
def test_date_lines(text: str) -> None:
    assert LINES.is_date(text)


@pytest.mark.parametrize(
    "text", ["March on the capital", "Sunday roast", "1984", "May", "Mark May 5 in your diary", "In May 2024 it rained.", "Five days"]
)
def test_no_date_lines(text: str) -> None:
    assert not LINES.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Ann Example",
        "BY ANN EXAMPLE AND BO LUND",
        "Bo Lund, Staff writer",
        "The Associated Press",
        "Reuters Staff",
        "Von Anna Beispiel",
        "Ann Example - Nov 19, 2019, 10:31 pm",
        "By Ann Example | Quay Media",
        "Par Jeanne de la Tour",
        "Story by Ann Example • 3h ago",
        "Ann Example in Oost and Bo Lund in Rome",
        "From our own correspondent in Oost",
        "Staff and wire reports",
        "From wire services",
        "By the Quay Post Editorial Board",
        "ANN EXAMPLE Staff Reporter ann@quaypost.example",
        "By Ann Example, Associated Press",
    ],
)
def test_bylines(text: str) -> None:
    assert LINES.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Monday, the river had risen.",
        "By the time help came it was over.",
        "By 2030 Europe wants none",
        "Lund said, as a reporter looked on.",
        "Von der Küste kommt kein Schiff mehr",
        "Ann Example",
        "Quay Post Press Correspondent",
        "By the River Thames",
        "The agency",
        "Fire in Oost and flood in Rome",
        "PA",
    ],
)
def test_no_bylines(text: str) -> None:
    assert not LINES.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "This story was reported by The Associated Press. AP writer Bo Lund in Oslo contributed to this report.",
        "Reporting by Bo Lund",
        "(Reporting by Bo Lund in Oslo; Editing by Ann Example)",
        "With files from The Canadian Press",
        "(c) AFP",
        "Additional reporting by Bo Lund",
        "Associated Press writers Bo Lund in Oslo and Ann Example in Rome contributed to this report.",
        "With inputs from agencies",
        "— AP",
        "This report contains material from AFP and Reuters.",
        "With AFP, dpa",
    ],
)
def test_credits(text: str) -> None:
    assert LINES.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "The senator contributed to the bill and later regretted it.",
        "This report by the auditor was damning.",
        "AP Moller, the shipping group, ordered twelve tankers.",
        "Reporting by the numbers is hard.",
        "Source: File",
        "This report contains three errors.",
    ],
)
def test_no_credits(text: str) -> None:
    assert not LINES.is_credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Bo Lund/Sputnik/AP/File",
        "Photo: Bo Lund",
        "(AP Photo/Bo Lund)",
        "Bo Lund | Getty Images",
        "Image Credit: Quay Media",
        "REUTERS/Bo Lund/File Photo",
        "Illustration by Ann Example",
        "Getty Images",
        "(Bo Lund / Quay Post)",
        "© Bo Lund",
        "Bo Lund/NurPhoto",
    ],
)
def test_image_credits(text: str) -> None:
    assert LINES.is_image_credit(text)


@pytest.mark.parametrize(
    "text", ["Photo finish in the derby", "Reuters reported on Monday.", "Credit Suisse falls again", "Image is all, he says.",
             "By Bo Lund, Associated Press", "With AFP, dpa", "© Quay Post Media"]
)
def test_no_image_credits(text: str) -> None:
    assert not LINES.is_image_credit(text)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("LONDON (AP) — Police", "LONDON (AP) — "),
        ("BERLIN, Oct 18 (Reuters) - The", "BERLIN, Oct 18 (Reuters) - "),
        ("(Reuters) - The", "(Reuters) - "),
        ("SALEM, Ore. (AP) — The", "SALEM, Ore. (AP) — "),
        ("LONDON (Associated Press) — Police", "LONDON (Associated Press) — "),
        ("VIENNA — The", "VIENNA — "),
        ("The man - who", ""),
        ("He (AP) - x", ""),
    ],
)
def test_dateline_at_the_start(text: str, dateline: str) -> None:
    assert text[: LINES.dateline_end(text)] == dateline


def test_text_scrape_from_headline_to_body() -> None:
    source = (
        f"{HEAD}\n\n{DECK}\n\n|\nBo Lund/AFP/File\nThe night boat leaves the pier in Oost, on May 3.\n\n{STORY}\n\nWith files from Reuters"
    )
    assert found(scrape(source)) == {
        HEAD: {"headline"},
        DECK: {"standfirst"},
        "Bo Lund/AFP/File": {"image_credit"},
        "The night boat leaves the pier in Oost, on May 3.": {"caption"},
        "With files from Reuters": {"credit"},
    }


def test_byline_over_two_lines() -> None:
    assert found(scrape(f"{HEAD}\n\n{DECK}\n\nBy\n\nAnn Example\n\n{STORY}")) == {
        HEAD: {"headline"},
        DECK: {"standfirst"},
        "By": {"byline"},
        "Ann Example": {"byline"},
    }


def test_first_paragraph_of_a_scrape_is_no_standfirst() -> None:
    assert found(scrape(f"{HEAD}\n\n{DECK}\n\n{STORY}")) == {HEAD: {"headline"}}


def test_page_title_with_the_sites_name_gives_way_to_the_headline_itself() -> None:
    labels = found(scrape(f"{HEAD} | Quay Post\n\nHome\n\n{HEAD}\n\nBy Ann Example\n\nMay 3, 2024\n\n{STORY}"))
    assert labels == {f"{HEAD} | Quay Post": {"navigation"}, HEAD: {"headline"}, "By Ann Example": {"byline"}, "May 3, 2024": {"date"}}


def test_html_headline_is_found_by_title_meta_and_json_ld() -> None:
    body = [block(text) for text in PARAGRAPHS]
    heading = block(HEAD, BlockKind.HEADING, level=1)
    for facts in ({"title": f"{HEAD} - Quay Post"}, {"meta": {"og:title": (HEAD,)}}, {"json_ld": ({"headline": HEAD},)}):
        assert "headline" in found(html_document(heading, *body, **facts))[HEAD]
    other = html_document(block("Weather for the weekend", BlockKind.HEADING, level=2), *body, title=HEAD)
    assert found(other) == {}


def test_html_standfirst_by_mark_up_or_description() -> None:
    heading = block(HEAD, BlockKind.HEADING, level=1)
    body = [Block(0, BlockKind.PARAGRAPH, text, path=("article", "p")) for text in PARAGRAPHS]
    marked = html_document(heading, block(DECK, BlockKind.PARAGRAPH, "article-standfirst"), *body, title=HEAD)
    described = html_document(
        heading, Block(0, BlockKind.HEADING, DECK, path=("h2",), level=2), *body, title=HEAD, meta={"og:description": (DECK,)}
    )
    lead = html_document(heading, *body, title=HEAD, meta={"og:description": (PARAGRAPHS[0],)})
    assert found(marked)[DECK] == {"standfirst"}
    assert found(described)[DECK] == {"standfirst"}
    assert PARAGRAPHS[0] not in found(lead)


def test_html_captions_and_credits_by_mark_up() -> None:
    document = html_document(
        block("A boat at dawn, from the quay", BlockKind.CAPTION),
        block("Bo Lund", BlockKind.PARAGRAPH, "photo-credit"),
        block("Another boat at noon", BlockKind.PARAGRAPH, "wp-caption-text"),
        *[block(text) for text in PARAGRAPHS],
    )
    assert found(document) == {
        "A boat at dawn, from the quay": {"caption"},
        "Bo Lund": {"image_credit"},
        "Another boat at noon": {"caption"},
    }


def test_note_on_the_author_leaves_only_behind_the_text() -> None:
    note = "Ann Example is a reporter who covers the coast for the Quay Post."
    assert found(scrape(f"{STORY}\n\n{note}"))[note] == {"author_bio"}
    assert found(scrape(f"{note}\n\n{STORY}")) == {}


def test_datelines_and_inner_credits_are_spans() -> None:
    document = scrape(f"OOST (AP) — {PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]} (Reporting by Bo Lund; Editing by Ann Example)")
    spans = [
        (label.reason, document.blocks[label.block].text[label.start : label.end])
        for label in clean_bylines.Plugin().label_blocks(document)
        if label.start is not None
    ]
    assert spans == [(Reason.DATELINE, "OOST (AP) — "), (Reason.CREDIT, "(Reporting by Bo Lund; Editing by Ann Example)")]


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


@pytest.mark.parametrize(("text", "name"), [("Ann Example", True), ("Jean de la Tour", True), ("Middle East", False), ("World News", False),
                                            ("Ann", False), ("Ann example", False), ("May 2024", False), ("Staff Writer", False)])
def test_names_and_sections(text: str, name: bool) -> None:
    assert LINES.is_person(text) is name


def test_one_caption_a_credit_and_no_line_that_says_who_or_when() -> None:
    single = "\n".join([HEAD, "By Ann Example", "May 3, 2024", "Photo: Bo Lund", *PARAGRAPHS])
    assert found(scrape(single)) == {
        HEAD: {"headline"}, "By Ann Example": {"byline"}, "May 3, 2024": {"date"}, "Photo: Bo Lund": {"image_credit"}}
    both = f"{HEAD}\n\nBoats in Oost on Monday\nPhoto: Bo Lund\nMore boats in Oost\n\n{STORY}"
    assert sum("caption" in reasons for reasons in found(scrape(both)).values()) <= 1


def test_credit_inside_a_caption_is_a_span() -> None:
    text = "Boats in the harbour of Oost on Monday. Photo: Bo Lund/Getty"
    labels = list(clean_images.Plugin().label_blocks(html_document(block(text, BlockKind.CAPTION))))
    spans = [text[label.start : label.end] for label in labels if label.reason == Reason.IMAGE_CREDIT]
    assert spans == ["Photo: Bo Lund/Getty"]
    plain = list(clean_images.Plugin().label_blocks(html_document(block("Boats in Oost", BlockKind.CAPTION))))
    assert [label.start for label in plain] == [None]


def test_sole_heading_is_the_headline_when_the_title_says_something_else() -> None:
    body = [block(text) for text in PARAGRAPHS]
    heading = block(HEAD, BlockKind.HEADING, level=1)
    other = block("Weather", BlockKind.HEADING, level=1)
    assert found(html_document(heading, *body, title="Night boat: what we know | Quay Post"))[HEAD] == {"headline", "duplicate"}
    site = block("Quay Post", BlockKind.HEADING, level=1)
    assert found(html_document(site, *body, title="Night boat: what we know - The Quay Post", meta={"og:site_name": ("Quay Post",)})) == {}
    menu = Block(0, BlockKind.HEADING, HEAD, path=("nav", "h1"), level=1)
    assert found(html_document(menu, *body, title="Night boat")) == {}
    assert found(html_document(*body, heading, title="Night boat")) == {}
    assert HEAD in found(html_document(other, heading, *body, title="Night boat"))


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


@pytest.mark.parametrize("line", ["Ann Example", "Ann Example in Oost"])
def test_lone_name_below_the_headline_is_the_byline(line: str) -> None:
    assert found(scrape(f"{HEAD}\n\n{line}\n\nMay 3, 2024\n\n{STORY}"))[line] == {"byline"}
    assert line not in found(scrape(f"{HEAD}\n\n{line}\n\nBy Bo Lund\n\n{STORY}"))
    assert line not in found(scrape(f"{HEAD}\n\nHome\n\nNews\n\n{line}\n\nMay 3, 2024\n\n{STORY}"))


@pytest.mark.parametrize("second", ["By Ann Example", "Story by Ann Example • 3h ago", "Ann Example", "From our correspondent in Oost"])
def test_short_headline_is_the_first_line_and_never_the_byline(second: str) -> None:
    labels = found(scrape(f"Pool closes\n{second}\n{STORY}"))
    assert labels["Pool closes"] == {"headline"}
    assert "headline" not in labels[second]
