"""Reported clauses, with and without a few marked words in them."""

from __future__ import annotations

import pytest

from copydesk import QuoteKind
from support.quotations import quotes


@pytest.mark.parametrize(("text", "clause"), [
    ("Ann Example said that the pier would open in June.", "that the pier would open in June"),
    ("Ann Example said on Monday that the pier would open in June.", "that the pier would open in June"),
    ("Ann Example told reporters that the pier would open in June.", "that the pier would open in June"),
    ("Ann Example said the pier would open in June and asked for patience.", "the pier would open in June"),
    ("Ann Example said the pier would open in June, a date that nobody believes.", "the pier would open in June"),
    ("Ann Example said there was no money for the pier.", "there was no money for the pier"),
    ("Ann Example asked whether the pier would open in June.", "whether the pier would open in June"),
    ("Ann Example promised to open the pier in June.", "to open the pier in June"),
    ("Ann Example asked a judge to open the pier.", "a judge to open the pier"),
    ("Ann Example told the crews to open the pier.", "to open the pier"),
    ("Ann Example criticized the new pier, which opened in June.", "the new pier"),
    ("Ann Example called for a new pier before the winter.", "a new pier"),
    ("The pier will open in June, Ann Example said.", "The pier will open in June"),
    ("But the pier will open in June, Ann Example said on Monday.", "the pier will open in June"),
    ("The pier will open in June, according to Ann Example.", "The pier will open in June"),
    ("According to Ann Example, the pier will open in June.", "the pier will open in June"),
    ("In Salem, Ann Example said the pier would open in June.", "the pier would open in June"),
])
def test_what_a_verb_reports(text: str, clause: str) -> None:
    assert quotes(text) == []
    found = quotes(text, indirect=True)
    assert [(quote.text, quote.kind, quote.speaker) for quote in found][:1] == [(clause, QuoteKind.INDIRECT, "Ann Example")]


def test_a_tag_in_the_middle_leaves_two_pieces() -> None:
    found = quotes("The old pier, Ann Example said, will open in June.", indirect=True)
    assert [quote.text for quote in found] == ["The old pier", "will open in June"]
    assert {quote.speaker for quote in found} == {"Ann Example"}


@pytest.mark.parametrize("text", [
    "Ann Example used a hammer to open the pier.",
    "Ann Example began the work on the pier in June.",
    "“The pier is closed,” said Ann Example, the director of the port.",
    "“The pier is closed,” Ann Example said in a statement.",
    "Two men died in the shooting at the pier in June.",
])
def test_no_clause_is_reported(text: str) -> None:
    assert [quote for quote in quotes(text, indirect=True) if quote.kind is QuoteKind.INDIRECT] == []


def test_the_clause_around_marked_words() -> None:
    text = "Ann Example warned that the bay could turn into a “sea of broken boats” by noon, and left."
    found = quotes(text)
    assert [(quote.text, quote.kind) for quote in found] == [("sea of broken boats", QuoteKind.MIXED)]
    assert text[found[0].clause_start:found[0].clause_end] == "that the bay could turn into a “sea of broken boats” by noon"
    assert [quote.kind for quote in quotes(text, indirect=True)] == [QuoteKind.MIXED]


def test_indirect_speech_only_on_request() -> None:
    text = "Ann Example said that the pier would open in June. According to police, nobody was hurt."
    assert quotes(text) == []
    found = quotes(text, indirect=True)
    assert [(quote.text, quote.speaker) for quote in found] == [
        ("that the pier would open in June", "Ann Example"), ("nobody was hurt", "police")]
    assert {quote.kind for quote in found} == {QuoteKind.INDIRECT}
