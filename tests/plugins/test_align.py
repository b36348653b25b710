"""Alignment of a text with the blocks of its page, and the densest container."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk import Page, parse_html
from copydesk_plugins.label.block_model import dense_container
from copydesk_plugins.label.block_model.alignment import shares

STORY = [
    "The harbour board voted on Monday to close the old fish market, which has stood on the east quay for ninety years.",
    "Traders said they had been given six weeks to move their stalls and that no place had been found for most of them.",
    "“We will sell from the boats if we have to,” said Inger Dahl, whose family has had a stall there since the market opened.",
    "The board plans to let the hall to a hotel, and expects the rent to pay for the repair of the breakwater.",
]


def test_a_repeated_text_is_found_where_its_neighbours_are() -> None:
    teaser = ["Market", STORY[0], "Sport", "Weather"]
    assert shares([*teaser, "Fish market to close", *STORY, STORY[0]], "\n".join(["Fish market to close", *STORY])) == [
        0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]


def test_short_blocks_need_a_line_of_their_own() -> None:
    assert shares(["Monday", "Summary"], STORY[0] + "\nSummary") == [0.0, 1.0]


def test_a_block_with_words_missing_in_the_output_has_a_share() -> None:
    (share,) = shares([STORY[0]], STORY[0].replace("on Monday ", ""))
    assert 0.6 < share < 1.0


def test_no_words() -> None:
    assert shares(["", "…", "a"], "") == [0.0, 0.0, 0.0]
    assert shares([], STORY[0]) == []


def test_a_line_that_comes_often_is_found_each_time() -> None:
    assert shares(["again"] * 20 + ["once more"], "again\n" * 20 + "once more") == [1.0] * 21


@given(st.lists(st.tuples(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8), st.booleans()), max_size=20))
def test_shares_are_bounded_and_blocks_of_a_repetition_free_page_are_found(blocks: list[tuple[list[str], bool]]) -> None:
    texts = [" ".join(words) for words, _ in blocks]
    some = "\n".join(text for text, (_, keep) in zip(texts, blocks, strict=True) if keep)
    assert all(0.0 <= share <= 1.0 for share in shares(texts, some))
    numbered = [" ".join(f"{word}{index}x{at}" for at, word in enumerate(words)) for index, (words, _) in enumerate(blocks)]
    output = "\n".join(text for text, (_, keep) in zip(numbered, blocks, strict=True) if keep)
    assert shares(numbered, output) == [float(keep) for _, keep in blocks]


def test_density_takes_the_container_with_most_running_text() -> None:
    document = parse_html(Page(f"""<div class=teasers><p>{STORY[0]}</p></div>
        <div class=body><p>{STORY[1]}</p><p>Short one.</p><h3>Heading</h3><p>{STORY[2]}</p></div>
        <p><a href=/>{STORY[3]}</a></p>""".encode()))
    found = sorted(dense_container.body_blocks(document.blocks))
    assert [document.blocks[index].text for index in found] == [STORY[1], "Short one.", "Heading", STORY[2]]


def test_density_without_long_paragraphs_is_empty() -> None:
    assert dense_container.body_blocks(parse_html(Page(b"<p>Short.</p>")).blocks) == frozenset()
