"""Learned corrections to the run of lines: what they may not touch, and what they are for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk_plugins.label import clean_text_layout
from copydesk_plugins.label.text_lines import line_model
from support.cleaning import MENU, PARAGRAPHS, STORY, kept

SUBJECTS = ("The harbour board", "A teacher from the north quay", "Mayor Ilse Brandt", "The union of the ferry crews",
            "Nobody on the island")
VERBS = ("said on Monday that", "has known for years that", "told a meeting in the old school that", "did not expect that",
         "wrote to say that")
CLAUSES = ("the night boat would stop in October", "forty jobs depend on the route", "the council had no money left for the pier",
           "prices of tickets would rise by a tenth", "the islanders had never been asked about it")
ENDS = (".", ", and few believe it.", ", according to a letter seen by this paper.", "; others disagree.", ", the minutes show.")
sentence = st.builds("{} {} {}{}".format, *map(st.sampled_from, (SUBJECTS, VERBS, CLAUSES, ENDS)))
quotation = st.builds("“{} {} {},” she said.".format, *map(st.sampled_from, (SUBJECTS, VERBS, CLAUSES)))
paragraph = st.builds(" ".join, st.lists(sentence | quotation, min_size=1, max_size=5))


@pytest.fixture(scope="module")
def plugin() -> clean_text_layout.Plugin:
    return clean_text_layout.Plugin()


@settings(max_examples=60, deadline=None)
@given(st.lists(paragraph, min_size=3, max_size=40), st.sampled_from(["\n\n", "\n"]))
def test_an_article_alone_comes_out_whole(plugin: clean_text_layout.Plugin, paragraphs: list[str], between: str) -> None:
    assert kept(plugin, between.join(paragraphs)) == paragraphs


@settings(max_examples=60, deadline=None)
@given(st.lists(paragraph, min_size=3, max_size=40), st.data())
def test_an_article_that_breaks_off_comes_out_whole(plugin: clean_text_layout.Plugin, paragraphs: list[str], data: st.DataObject) -> None:
    words = paragraphs[-1].split()
    cut = " ".join(words[:data.draw(st.integers(min(len(words), 12), len(words)))])
    assert kept(plugin, "\n\n".join([*paragraphs[:-1], cut])) == [*paragraphs[:-1], cut]


@settings(max_examples=40, deadline=None)
@given(st.lists(paragraph, min_size=6, max_size=30, unique=True), st.data())
def test_subheads_of_an_article_alone_stay(plugin: clean_text_layout.Plugin, paragraphs: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(2, len(paragraphs) - 2))
    source = [*paragraphs[:place], "What the islanders want", *paragraphs[place:]]
    assert kept(plugin, "\n\n".join(source)) == source


@pytest.mark.parametrize("lines", [
    ["One two three", "Four five six"], ["Eggs", "Flour, 200 g", "Milk", "Salt"] * 3, ["Ann Marsh, Oost", "Bo Lund, Hamn"] * 8])
def test_text_without_sentences_is_kept_whole(plugin: clean_text_layout.Plugin, lines: list[str]) -> None:
    assert kept(plugin, "\n\n".join(lines)) == lines


def test_a_list_with_figures_belongs_to_the_text_that_leads_to_it(plugin: clean_text_layout.Plugin) -> None:
    dates = [f"{day} October, {town}, the ferry hall at the {side} quay" for day, town, side in
             zip(range(3, 21, 2), ("Hamn", "Oost", "Vik") * 3, ("north", "south", "old") * 3, strict=True)]
    assert kept(plugin, "\n\n".join([MENU, STORY, *dates, "Most read", "Weather", "Tides"])) == [*PARAGRAPHS, *dates]


@given(st.lists(st.floats(-30, 30), max_size=60))
def test_decoding_keeps_no_line_at_a_loss(scores: list[float]) -> None:
    found = line_model.decode(scores)
    assert len(found) == len(scores)
    assert sum(score for score, wanted in zip(scores, found, strict=True) if wanted) >= 0.0
    if scores and max(scores) > 0.0:
        assert any(found)


@given(st.lists(st.sampled_from([*PARAGRAPHS, "Menu", "Most read", "A pier in the rain", "3 comments", "©"]), min_size=1, max_size=60),
       st.data())
def test_any_lines_give_one_decision_each(lines: list[str], data: st.DataObject) -> None:
    other = st.sampled_from(["short", "end", "scrap", "phrase", "comments"])
    kinds = ["sentence" if line in PARAGRAPHS else data.draw(other) for line in lines]
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start + 1, len(lines)))
    found = line_model.keep(line_model.WeighedLines(lines, kinds, start, end), line_model.weights_of())[0]
    assert len(found) == len(lines)
    running = sum(len(line.split()) for line, kind in zip(lines[start:end], kinds[start:end], strict=True) if kind == "sentence")
    assert any(found) or (running < 2 * line_model.LEAST_RUN and "sentence" in kinds)


def test_weights_are_few_and_small() -> None:
    weights = line_model.weights_of()
    assert "bias" in weights
    assert len(weights) < 1500
    assert all(abs(weight) < 5 for weight in weights.values())
