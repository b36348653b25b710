"""Alignment of a text with the blocks of its page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk_plugins.label.block_model.alignment import shares
from support.labelled_pages import STORY


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
