"""Blocks of plain-text scrapes."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import BlockKind, MediaType, Page, PageError, normalise
from copydesk_plugins.extract import extract_text
from support.cleaning import PARAGRAPHS, scrape


def texts(source: str) -> list[str]:
    return [block.text for block in scrape(source).blocks]


def test_paragraphs_are_separated_by_blank_lines() -> None:
    assert texts("One two.\n\n\n  Three four. \n") == ["One two.", "Three four."]


def test_each_line_is_a_block_where_there_are_no_blank_lines() -> None:
    assert texts("\n".join(PARAGRAPHS)) == list(PARAGRAPHS)


def test_credit_and_caption_on_adjacent_lines_are_two_blocks_with_their_lines() -> None:
    blocks = scrape("Head line here\n\n|\nAnn Lee/AFP\nA crane lifts the bell in Oost.\n\nText follows.").blocks
    assert [(block.text, block.line) for block in blocks[1:4]] == [("|", 3), ("Ann Lee/AFP", 4), ("A crane lifts the bell in Oost.", 5)]


@pytest.mark.parametrize("width", [50, 66, 72, 100])
def test_hard_wrapped_paragraphs_are_joined(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS)
    assert texts(wrapped) == list(PARAGRAPHS)


def test_hard_wrapped_text_without_blank_lines_keeps_its_paragraphs() -> None:
    wrapped = "\n".join(textwrap.fill(paragraph, 60) for paragraph in PARAGRAPHS)
    assert texts(wrapped) == list(PARAGRAPHS)


def test_short_lines_are_not_taken_for_wrapped_text() -> None:
    menu = ["Home page of the paper", "World", "Politics and government", "Sport", "Weather in the whole country today", "Video"]
    assert texts("\n".join(menu)) == menu


def test_bullets_become_list_items_without_their_mark() -> None:
    first, second = scrape("• Milk and bread\n- Eggs").blocks
    assert (first.kind, first.text, second.kind, second.text) == (BlockKind.LIST_ITEM, "Milk and bread", BlockKind.LIST_ITEM, "Eggs")


def test_first_line_is_the_title_only_when_it_reads_as_one() -> None:
    assert scrape("Ferry strike ends. What now?\n\nText.").title == "Ferry strike ends. What now?"
    assert scrape(PARAGRAPHS[0] + "\n\n" + PARAGRAPHS[1]).title == ""


def test_declared_encoding_is_used() -> None:
    page = Page("Grüße aus Köln\n\nEs regnete.".encode("latin-1"), MediaType.TEXT, charset="iso-8859-1")
    document = extract_text.Plugin(extract_text.Plugin.Settings()).extract(page)
    assert document is not None
    assert document.blocks[0].text == "Grüße aus Köln"


def test_html_is_left_to_others() -> None:
    assert extract_text.Plugin(extract_text.Plugin.Settings()).extract(Page(b"<p>x</p>")) is None


def test_too_many_blocks_are_refused_with_the_limit_named() -> None:
    plugin = extract_text.Plugin(extract_text.Plugin.Settings(blocks=3))
    with pytest.raises(PageError) as error:
        plugin.extract(Page(b"a\n\nb\n\nc\n\nd", MediaType.TEXT))
    assert error.value.code == "limit_blocks"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=200), max_size=30))
def test_no_text_is_lost_and_blocks_are_numbered(lines: list[str]) -> None:
    source = "\n".join(lines)
    blocks = extract_text.make_blocks(source)
    assert [block.index for block in blocks] == list(range(len(blocks)))
    assert all(block.text and block.text == normalise(block.text) for block in blocks)
    kept = "".join("".join(block.text.split()) for block in blocks)
    wanted = "".join(
        "".join(normalise(extract_text.BULLET.sub("", line.strip(), count=1) if extract_text.BULLET.match(line.strip()) else line).split())
        for line in lines
    )
    assert kept == wanted
