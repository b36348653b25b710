"""Documents: rows of links, and what is made of a document once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from copydesk import (
    Block,
    BlockKind,
    Document,
    MediaType,
    Page,
    count_words,
    fold_text,
    parse_html,
)
from copydesk.model.document import LEAST_RUN
from support.html_pages import read

TEXT = "The crews of the ferries left their ships on Friday, and nobody knows when they will be back, the union said."


def linked(index: int, density: float, words: int = 2) -> Block:
    return Block(index, BlockKind.LIST_ITEM, "word " * (words - 1) + "word", link_density=density)


def test_a_menu_is_frame_and_a_story_is_not() -> None:
    menu = "".join(f"<li><a href='/{name}'>{name.title()}</a></li>" for name in ("world", "sport", "arts", "obituaries"))
    story = f"<h1>Ferries stop</h1><p><a href='/miller'>Anna Miller</a></p><p>{TEXT}</p>"
    page = parse_html(Page(f"<nav><ul>{menu}</ul></nav>{story}".encode()))
    assert {page.blocks[index].text for index in page.frame} == {"World", "Sport", "Arts", "Obituaries"}


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 0.9, 1.0]), st.integers(1, 40)), max_size=30))
def test_only_rows_of_short_links_are_frame(shapes: list[tuple[float, int]]) -> None:
    document = Document(Page(b""), tuple(linked(index, *shape) for index, shape in enumerate(shapes)))
    could = [density >= 0.9 and words <= 20 for density, words in shapes]
    for index in range(len(shapes)):
        first = last = index
        while first > 0 and could[first - 1]:
            first -= 1
        while last + 1 < len(shapes) and could[last + 1]:
            last += 1
        assert (index in document.frame) == (could[index] and last - first + 1 >= LEAST_RUN)


def test_a_document_holds_what_was_made_of_it_by_function() -> None:
    document, other = Document(Page(b""), ()), Document(Page(b""), ())
    calls: list[Document] = []

    def note(given: Document) -> int:
        calls.append(given)
        return len(calls)

    assert (document.once(note), document.once(note), other.once(note), document.once(note)) == (1, 1, 2, 1)
    assert [each is document for each in calls] == [True, False]


@given(st.lists(st.text(min_size=1), max_size=6))
def test_folded_texts_and_word_counts_are_those_of_the_blocks(found: list[str]) -> None:
    blocks = tuple(Block(index, BlockKind.PARAGRAPH, text) for index, text in enumerate(found))
    document = Document(Page(b"x", MediaType.TEXT), blocks)
    asked = Document(Page(b"x", MediaType.TEXT), blocks)
    for _ in range(2):
        assert asked.folded == tuple(map(fold_text, found))
        assert asked.word_counts == tuple(map(count_words, found))
    assert asked == document
    assert repr(asked) == repr(document)


def test_a_document_with_other_blocks_has_facts_of_its_own() -> None:
    document = read("<p>One two<p>Three")
    assert (document.folded, document.word_counts) == (("one two", "three"), (2, 1))
    other = replace(document, blocks=document.blocks[1:])
    assert (other.folded, other.word_counts) == (("three",), (1,))
