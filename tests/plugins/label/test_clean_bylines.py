"""Bylines, dates, datelines, credits and notes on the author, in HTML and in text."""

from __future__ import annotations

import pytest

from copydesk import Reason
from copydesk_plugins.label import clean_bylines
from support.cleaning import DECK, HEAD, PARAGRAPHS, STORY, furniture, scrape


def test_byline_over_two_lines() -> None:
    assert furniture(scrape(f"{HEAD}\n\n{DECK}\n\nBy\n\nAnn Example\n\n{STORY}")) == {
        HEAD: {"headline"},
        DECK: {"standfirst"},
        "By": {"byline"},
        "Ann Example": {"byline"},
    }


def test_note_on_the_author_leaves_only_behind_the_text() -> None:
    note = "Ann Example is a reporter who covers the coast for the Quay Post."
    assert furniture(scrape(f"{STORY}\n\n{note}"))[note] == {"author_bio"}
    assert furniture(scrape(f"{note}\n\n{STORY}")) == {}


def test_datelines_and_inner_credits_are_spans() -> None:
    document = scrape(f"OOST (AP) — {PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]} (Reporting by Bo Lund; Editing by Ann Example)")
    spans = [
        (label.reason, document.blocks[label.block].text[label.start : label.end])
        for label in clean_bylines.Plugin().label_blocks(document)
        if label.start is not None
    ]
    assert spans == [(Reason.DATELINE, "OOST (AP) — "), (Reason.CREDIT, "(Reporting by Bo Lund; Editing by Ann Example)")]


@pytest.mark.parametrize("line", ["Ann Example", "Ann Example in Oost"])
def test_lone_name_below_the_headline_is_the_byline(line: str) -> None:
    assert furniture(scrape(f"{HEAD}\n\n{line}\n\nMay 3, 2024\n\n{STORY}"))[line] == {"byline"}
    assert line not in furniture(scrape(f"{HEAD}\n\n{line}\n\nBy Bo Lund\n\n{STORY}"))
    assert line not in furniture(scrape(f"{HEAD}\n\nHome\n\nNews\n\n{line}\n\nMay 3, 2024\n\n{STORY}"))
