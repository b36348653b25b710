"""Direct and mixed quotations, and words in marks that are no quotation."""

from __future__ import annotations

import pytest

from copydesk import QuoteKind
from support.quotations import only, quotes


@pytest.mark.parametrize("text", [
    "The so-called “ghost ferry” sails twice a day.",
    "Ann Example, author of “The Long Winter of the North Sea,” lives here.",
    "The crews watched “Harbour Nights” on television.",
    "Bob “Captain” Sample retired in May.",
    "The word “pier” comes from Latin.",
])
def test_titles_labels_and_nicknames_are_no_quotations(text: str) -> None:
    assert quotes(text) == []


def test_direct_and_mixed() -> None:
    assert only("Ann Example said “it would be wise to wait for the tide.”").kind is QuoteKind.DIRECT
    assert only("“It would be wise to wait,” said Ann Example.").kind is QuoteKind.DIRECT
    mixed = only("Ann Example warned that a storm could turn the bay into a “sea of broken boats.”")
    assert mixed.kind is QuoteKind.MIXED
    assert mixed.clause_start is not None
    assert mixed.clause_start < mixed.start < mixed.end <= (mixed.clause_end or 0)


@pytest.mark.parametrize("note", ["(Laughter.)", "[applause]", "(CROSSTALK)."])
def test_a_note_in_brackets_is_no_quotation(note: str) -> None:
    assert quotes(f"“{note}” said Ann Example.") == []


def test_a_headline_in_capitals_may_hold_a_quotation() -> None:
    assert [quote.text for quote in quotes("Port Director Calls Pier ‘The Shame Of The Whole Coast’ On Friday")] == [
        "The Shame Of The Whole Coast"]
    assert quotes("Ann Example went to see “The Shame Of The Coast” on Friday.") == []


def test_what_somebody_is_known_as_is_no_quotation() -> None:
    assert quotes("Bob Sample, the pilot known as “the Grey Heron,” retired in May.") == []


@pytest.mark.parametrize("text", [
    "She wrote the song “Let It Go” in May.",
    "Ann Lee wrote the song “Let It Go” in May.",
    "Ann Lee sang “Happy Birthday” to the crowd.",
    "Bob Moss was nicknamed “The Hammer.”",
    "Ms. Lee is nicknamed “The Hammer.”",
])
def test_titles_and_nicknames_are_no_speech(text: str) -> None:
    assert quotes(text) == []


def test_what_a_crowd_sings_or_somebody_writes_is_speech() -> None:
    assert [quote.speaker for quote in quotes("Ann Lee wrote: “The song is over.”\nBob Moss sang “we shall not be moved today”.")] == [
        "Ann Lee", "Bob Moss"]
