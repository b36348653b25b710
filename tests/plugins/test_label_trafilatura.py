from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, BlockKind, Document, Label, MediaType, Page, Reason, parse_html
from copydesk_plugins import _density
from copydesk_plugins._align import shares
from copydesk_plugins.label_trafilatura import Plugin

STORY = [
    "The harbour board voted on Monday to close the old fish market, which has stood on the east quay for ninety years.",
    "Traders said they had been given six weeks to move their stalls and that no place had been found for most of them.",
    "“We will sell from the boats if we have to,” said Inger Dahl, whose family has had a stall there since the market opened.",
    "The board plans to let the hall to a hotel, and expects the rent to pay for the repair of the breakwater.",
]
PAGE = f"""<html><head><title>Fish market to close</title></head><body>
<nav><ul><li><a href=/>Home</a></li><li><a href=/s>Sport</a></li></ul></nav>
<main><h1>Fish market to close</h1>{"".join(f"<p>{text}</p>" for text in STORY)}</main>
<footer><p>Published by the Quay Press.</p></footer></body></html>"""


def labels(source: str, **values: object) -> tuple[Document, list[Label]]:
    document = parse_html(Page(source.encode()))
    return document, list(Plugin(Plugin.Settings.model_validate(values)).label_blocks(document))


def kept(document: Document, found: Sequence[Label]) -> list[str]:
    return [document.blocks[label.block].text for label in found if label.reason == Reason.ARTICLE]


def test_votes_on_every_block() -> None:
    document, found = labels(PAGE)
    assert [label.block for label in found] == list(range(len(document.blocks)))
    assert set(STORY) <= set(kept(document, found))
    assert {(label.reason, label.weight) for label in found} == {("article", 0.6), ("boilerplate", 0.65)}
    assert "Sport" not in kept(document, found)


def test_off_has_no_opinion() -> None:
    assert labels(PAGE, mode="off")[1] == []


def test_plain_text_is_not_its_business() -> None:
    document = Document(Page(b"x", MediaType.TEXT), (Block(0, BlockKind.PARAGRAPH, STORY[0]),))
    assert list(Plugin(Plugin.Settings()).label_blocks(document)) == []


def test_a_page_too_large_for_it_falls_back_on_density() -> None:
    document, found = labels(PAGE, most_blocks=2)
    assert {label.rule for label in found} == {"dense-container", "outside-dense-container"}
    assert kept(document, found) == STORY


def test_no_votes_when_nothing_is_found() -> None:
    assert labels("<nav><a href=/>Home</a></nav>")[1] == []


def test_an_exception_is_contained(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise AssertionError("an odd page")

    monkeypatch.setattr("trafilatura.extract", broken)
    document, found = labels(PAGE)
    assert kept(document, found) == STORY


def test_its_log_is_silent_and_its_level_is_put_back(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("trafilatura")
    logger.setLevel(logging.INFO)
    try:
        labels("<html></html><p>x")
        assert not [record for record in caplog.records if record.name.startswith("trafilatura")]
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(logging.NOTSET)


def test_paragraphs_like_the_kept_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trafilatura.extract", lambda *_, **__: "\n".join(STORY[:2]))
    document, found = labels("<div class=story>" + "".join(f"<p>{text}</p>" for text in STORY)
                             + '</div><div class=more><p>' + STORY[0].replace("market", "lottery") + "</p></div>")
    assert kept(document, found) == STORY
    assert [label.rule for label in found] == ["kept", "kept", "like-kept", "like-kept", "left-out"]


# alignment

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


# density

def test_density_takes_the_container_with_most_running_text() -> None:
    document = parse_html(Page(f"""<div class=teasers><p>{STORY[0]}</p></div>
        <div class=body><p>{STORY[1]}</p><p>Short one.</p><h3>Heading</h3><p>{STORY[2]}</p></div>
        <p><a href=/>{STORY[3]}</a></p>""".encode()))
    found = sorted(_density.body_blocks(document.blocks))
    assert [document.blocks[index].text for index in found] == [STORY[1], "Short one.", "Heading", STORY[2]]


def test_density_without_long_paragraphs_is_empty() -> None:
    assert _density.body_blocks(parse_html(Page(b"<p>Short.</p>")).blocks) == frozenset()
