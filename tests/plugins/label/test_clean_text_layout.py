"""Where the article stands in a plain-text scrape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk_plugins.label import clean_text_layout
from copydesk_plugins.label.clean_text_layout import LineKind, Run, article_run
from support.cleaning import MENU, PARAGRAPHS, STORY, block, html_document, kept, scrape

LINKS = "\n\n".join(["Most read", "Five harbours to see before they silt up", "The baker of the night boat", "Weather", "Tides"])


@pytest.fixture(scope="module")
def plugin() -> clean_text_layout.Plugin:
    return clean_text_layout.Plugin()


def test_menus_before_and_links_behind_are_left_out(plugin: clean_text_layout.Plugin) -> None:
    assert kept(plugin, f"{MENU}\n\n{STORY}\n\n{LINKS}") == list(PARAGRAPHS)


def test_every_block_gets_one_label_and_a_rule(plugin: clean_text_layout.Plugin) -> None:
    document = scrape(f"{MENU}\n\n{STORY}\n\n{LINKS}")
    labels = list(plugin.label_blocks(document))
    assert [label.block for label in labels] == list(range(len(document.blocks)))
    assert all(label.rule for label in labels)


def test_subheads_and_short_last_sentence_belong_to_the_article(plugin: clean_text_layout.Plugin) -> None:
    source = "\n\n".join([*PARAGRAPHS[:2], "What the islanders want", *PARAGRAPHS[2:], "Nobody has called since."])
    assert kept(plugin, source) == source.split("\n\n")


def test_a_last_paragraph_that_breaks_off_belongs_to_the_article(plugin: clean_text_layout.Plugin) -> None:
    cut = "The company said in a letter to its passengers that it would offer fewer crossings in the"
    assert kept(plugin, f"{STORY}\n\n{cut}") == [*PARAGRAPHS, cut]


@pytest.mark.parametrize("last", ["Home World Business Arts Sport Weather Obituaries Puzzles Jobs Property Cars Archive Contact",
                                  "Five harbours to see before they silt up"])
def test_a_last_line_of_a_menu_does_not(plugin: clean_text_layout.Plugin, last: str) -> None:
    assert kept(plugin, f"{STORY}\n\n{last}") == list(PARAGRAPHS)


@pytest.mark.parametrize("leftover", ["|", "Share", "Advertisement", "Copy link", "View image in fullscreen", "3 / 14"])
def test_leftovers_inside_the_article_are_named(plugin: clean_text_layout.Plugin, leftover: str) -> None:
    source = "\n\n".join([*PARAGRAPHS[:2], leftover, *PARAGRAPHS[2:]])
    assert kept(plugin, source) == list(PARAGRAPHS)


def test_readers_comments_are_not_the_article(plugin: clean_text_layout.Plugin) -> None:
    comments = [text.replace("ferry", "boat").replace("company", "firm") for text in PARAGRAPHS]
    assert kept(plugin, "\n\n".join([*PARAGRAPHS, "[ 12 comments ]", *comments])) == list(PARAGRAPHS)


def test_number_of_comments_above_the_article_ends_nothing(plugin: clean_text_layout.Plugin) -> None:
    assert kept(plugin, f"3 comments\n\n{STORY}") == list(PARAGRAPHS)


def test_article_stands_below_the_repeat_of_its_title(plugin: clean_text_layout.Plugin) -> None:
    teasers = [
        f"The {thing} of the island has been sold to a buyer from the mainland, who wants to turn it into a hotel, people say."
        for thing in ("lighthouse", "brewery", "school", "old mill", "railway", "harbour office")
    ]
    title = "Ferry crews vote to strike from Monday"
    source = "\n\n".join([f"{title} - Quay Post", "News", *teasers, title, *PARAGRAPHS])
    assert kept(plugin, source) == list(PARAGRAPHS)


def test_html_is_left_to_others(plugin: clean_text_layout.Plugin) -> None:
    assert list(plugin.label_blocks(html_document(block("Menu")))) == []


def test_text_of_headlines_only_keeps_all() -> None:
    assert article_run(["One two", "Three four"], [LineKind.SHORT, LineKind.SHORT]) == Run(0, 2)


@given(st.lists(st.sampled_from(list(LineKind)), max_size=60), st.data())
def test_run_lies_inside_the_text_and_begins_and_ends_on_text(kinds: list[LineKind], data: st.DataObject) -> None:
    heads = data.draw(st.lists(st.integers(0, max(0, len(kinds) - 1)), max_size=3)) if kinds else []
    texts = [PARAGRAPHS[0] if kind is LineKind.SENTENCE else "a scrap" for kind in kinds]
    run = article_run(texts, kinds, heads)
    assert 0 <= run.start <= run.end <= len(kinds)
    if LineKind.SENTENCE in kinds:
        assert kinds[run.start] is LineKind.SENTENCE
        assert kinds[run.end - 1] is LineKind.SENTENCE


@pytest.mark.parametrize("salutation", ["Dear Reader,", "Dear Neighbours and friends,", "To our readers:"])
def test_salutation_opens_the_article_it_stands_above(plugin: clean_text_layout.Plugin, salutation: str) -> None:
    assert kept(plugin, f"{MENU}\n\n{salutation}\n\n{STORY}") == [salutation, *PARAGRAPHS]


def test_line_that_is_no_salutation_stays_outside(plugin: clean_text_layout.Plugin) -> None:
    assert kept(plugin, f"{MENU}\n\nDear old harbour towns of the north\n\n{STORY}") == list(PARAGRAPHS)
