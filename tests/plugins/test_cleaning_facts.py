"""What the cleaning plugins ask of a page once, and what they skip, against the same said the slow way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, BlockKind, Document, Page, fold_text, words
from copydesk_plugins.label import clean_phrases
from copydesk_plugins.shared.facts.agencies import ARTICLE, SUFFIX, Agencies
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.lines import BYLINE_WORDS, CREDIT_WORDS, _short, lines_of
from copydesk_plugins.shared.lines.template_marks import Marks, marked
from copydesk_plugins.shared.phrases.needed_words import WORD
from copydesk_plugins.shared.phrases.rules import phrases_of
from copydesk_plugins.shared.prose import sentences
from plugins.clean_support import PARAGRAPHS, html_document, scrape

LINES = [
    *PARAGRAPHS, "Subscribe now for one euro a month", "Sign up for our morning newsletter.", "Support independent, local journalism.",
    "Share", "You have two free articles left this month.", "$5 a month", "© 2024 The Pier Post",
    "船員たちは金曜日に船を離れた。船員たちは金曜日に。"]
TEXTS = st.lists(st.sampled_from([
    "A word", "3.5", "U.S", ".", "!", "?!", "...", "....", " ", "  ", '"', "’", ")", "end", "a. ", "b.) ", "one, two ", "é", "x" * 90,
    "sentence that goes on for a while "]), max_size=30).map("".join)
SENTENCE = re.compile(r"[^.!?]{1,600}[.!?]{1,3}[\"'”’)]{0,2}(?= |$)")
TOKENS = st.lists(st.sampled_from([
    "byline", "article-author", "post_date", "caption", "photo-credit", "x", "byline-name", "credit", "date", ""]), max_size=14).map(tuple)


def page(*lines: str) -> Document:
    """An HTML page of paragraphs."""
    return html_document(*(Block(0, BlockKind.PARAGRAPH, line) for line in lines))


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=60), max_size=8))
def test_sentences_and_hits_of_a_page_are_those_of_its_blocks(lines: list[str]) -> None:
    document, phrases = page(*lines), phrases_of("en")
    assert document.once(sentences.sentences) == tuple(map(sentences.is_sentence, lines))
    assert document.once(phrases.on) == {index: hits for index, line in enumerate(lines) if (hits := phrases.hits(line))}


def test_rows_of_links_and_tables_have_no_hits() -> None:
    offer = "Subscribe now for one euro a month"
    links = [Block(0, BlockKind.PARAGRAPH, offer, link_density=1.0)] * 4
    document = html_document(Block(0, BlockKind.PARAGRAPH, PARAGRAPHS[0]), *links, Block(0, BlockKind.TABLE_ROW, offer),
                             Block(0, BlockKind.PARAGRAPH, offer))
    assert list(document.once(phrases_of("en").on)) == [6]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=60), max_size=6).map(" ".join))
def test_rules_are_looked_at_where_a_word_of_what_they_need_opens_one_of_the_text(text: str) -> None:
    phrases, folded = phrases_of("en", "de"), fold_text(text)
    wanted = set()
    for place, rule in enumerate(phrases.rules):
        for need in rule.needs:
            parts = [f"{word[0]} " if word.end() < len(need) else word[0] for word in WORD.finditer(need)]
            telling = max(parts, key=len) if parts else None
            if need in folded if telling is None else any(f"{word} ".startswith(telling) for word in words(folded)):
                wanted.add(place)
    assert phrases.needs.met(folded) == wanted


@given(TEXTS)
def test_sentences_are_told_apart_as_one_pattern_says_it(text: str) -> None:
    """The pattern takes time in the square of the length where full stops end no sentence; what is shipped does not."""
    found = [match.span() for match in SENTENCE.finditer(text[:600])]
    assert list(clean_phrases._sentences(text[:600])) == found


@given(TOKENS, st.integers(0, 10), st.sampled_from(["byline", "date", "caption", "image_credit", "bio"]))
def test_marks_are_those_of_the_first_tokens(tokens: tuple[str, ...], most: int, what: str) -> None:
    markup = load("furniture")["markup"]
    document = html_document(Block(0, BlockKind.PARAGRAPH, "By Ann Marsh", tokens=tokens), Block(0, BlockKind.PARAGRAPH, "x"))
    said = any({token, *re.split("[-_]", token)} & set(markup[what]) for token in tokens[:most])
    marks = document.once(Marks(markup).on)
    assert marked(marks[0], what, most) == said
    assert not marks[1]


@given(st.text(max_size=200) | st.sampled_from([" ".join("a" * n) for n in (27, 28, 29, 79, 80, 81)]))
def test_short_lines_are_short_by_their_words(text: str) -> None:
    for most in (BYLINE_WORDS, CREDIT_WORDS):
        assert _short(text, most) == _short(text, most, sentences.count_words(text)) == (sentences.count_words(text) <= most)


AGENCIES = Agencies()
NAMES = [form for entry in load("agencies")["agency"] for form in (entry["name"], *entry["names"], *entry["codes"])]


@pytest.mark.parametrize("form", ["{}".format, "the {}".format, "The {} news agency".format, "({})".format, "{}.".format, "—{}".format,
                                  str.upper])
def test_agencies_are_found_in_any_form(form: Callable[[str], str]) -> None:
    for name in NAMES:
        text = form(name)
        folded = fold_text(text.strip(" .,;:()[]—–-/")).removeprefix(ARTICLE).removesuffix(SUFFIX)
        known = {fold_text(each).removeprefix(ARTICLE).removesuffix(SUFFIX) for entry in load("agencies")["agency"]
                 for each in (entry["name"], *entry["names"])}
        assert folded not in known or AGENCIES.full_name(text) is not None, text


@given(st.text(max_size=12))
def test_other_names_are_no_agencies(text: str) -> None:
    assert AGENCIES.full_name(f"Pier {text}") is None
    assert AGENCIES.full_name(f"é{text}") is None


def test_lines_of_a_scrape_have_no_marks() -> None:
    assert not any(scrape("\n\n".join(PARAGRAPHS)).once(lines_of().marks.on))


def test_a_document_holds_what_was_made_of_it_by_function() -> None:
    document, other = Document(Page(b""), ()), Document(Page(b""), ())
    calls: list[Document] = []

    def note(given: Document) -> int:
        calls.append(given)
        return len(calls)

    assert (document.once(note), document.once(note), other.once(note), document.once(note)) == (1, 1, 2, 1)
    assert [each is document for each in calls] == [True, False]
