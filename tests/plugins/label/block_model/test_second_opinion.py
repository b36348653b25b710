"""The second opinion: when it is asked, what it may change, and that it is silent."""

from __future__ import annotations

import logging

import pytest

from copydesk_plugins.label.block_model import second_opinion
from copydesk_plugins.label.block_model.second_opinion import SecondOpinion
from support.labelled_pages import NAV, STORY, kept, labels, page, paragraphs, votes


def test_off_never_asks_and_always_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def extract(text: str, **_: object) -> str:
        asked.append(text)
        return "\n".join(STORY)

    monkeypatch.setattr("trafilatura.extract", extract)
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    labels(document, second_opinion="off")
    labels(document, second_opinion="unsure", confidence=0.0)
    assert not asked
    found = labels(document, second_opinion="always")
    assert len(asked) == 1
    assert {label.rule.partition(":")[0] for label in votes(found)} == {"second-opinion"}
    labels(document, confidence=1.0)
    assert len(asked) == 2


def test_a_second_opinion_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise AssertionError("an odd page")

    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    first = kept(document, labels(document))
    monkeypatch.setattr("trafilatura.extract", broken)
    assert kept(document, labels(document, second_opinion="always")) == first
    assert SecondOpinion(0.5, 2).kept(document) == set()


def test_its_log_is_silent_and_its_level_is_put_back(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("trafilatura")
    logger.setLevel(logging.INFO)
    asked: list[str] = []

    def complains(*_: object, **__: object) -> None:
        logger.error("an odd page")
        asked.append("extract")

    monkeypatch.setattr("trafilatura.extract", complains)
    try:
        SecondOpinion(0.5, 100).kept(page("<p>x"))
        assert asked
        assert not [record for record in caplog.records if record.name.startswith("trafilatura")]
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(logging.NOTSET)


def test_paragraphs_like_the_kept_ones_are_kept() -> None:
    document = page("<div class=story>" + paragraphs(*STORY) + '</div><div class=more><p>' + STORY[0] + "</p></div>")
    assert second_opinion.alike(document.blocks, {0, 1}) == {2, 3}


def test_a_second_opinion_that_is_none_is_not_named() -> None:
    document = page(f"{NAV}<main>{paragraphs(*STORY)}</main>")
    found = labels(document, second_opinion="always", most_blocks=1)
    assert {label.rule.partition(":")[0] for label in votes(found)} == {"model"}
