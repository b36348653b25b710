"""Speakers by layout: signatures behind quotations, names before a colon in transcripts."""

import pytest

from plugins.quote_kit import only, quotes

SPEECH = "The pier is closed and the boats are gone."


@pytest.mark.parametrize("dash", ["―", "—", "–", "-", "--"])
def test_a_dash_and_a_name_behind_a_quotation_sign_it(dash: str) -> None:
    found = only(f"“{SPEECH}” {dash} Ann Example")
    assert (found.text, found.speaker, found.pattern) == (SPEECH, "Ann Example", "signed")
    assert only(f"“{SPEECH}”{dash} Ann Example, teacher").speaker == "Ann Example"
    assert only(f"“{SPEECH}”\n{dash} Ann Example.").speaker == "Ann Example"


def test_a_dash_and_more_words_sign_nothing() -> None:
    assert only(f"“{SPEECH}” — Ann Example had heard it all before.").pattern != "signed"
    assert only(f"“{SPEECH}”\n- Ann Example was not there to hear it.").pattern != "signed"


def test_names_before_a_colon_tell_who_speaks() -> None:
    first, second = quotes(f"Ann Example spoke to Bob Sample.\n“SAMPLE: Is the pier open?\n“EXAMPLE: {SPEECH}”")
    assert (first.text, first.speaker, first.pattern) == ("Is the pier open?", "Bob Sample", "transcript")
    assert (second.text, second.speaker) == (SPEECH, "Ann Example")
    assert first.utterance != second.utterance


def test_one_name_before_a_colon_is_no_transcript() -> None:
    found = only(f"“Ann Example: {SPEECH}” said Bob Sample.")
    assert (found.text, found.speaker) == (f"Ann Example: {SPEECH}", "Bob Sample")


@pytest.mark.parametrize("note", ["(Laughter.)", "[applause]", "(CROSSTALK)."])
def test_a_note_in_brackets_is_no_quotation(note: str) -> None:
    assert quotes(f"“{note}” said Ann Example.") == []


def test_a_headline_in_capitals_may_hold_a_quotation() -> None:
    assert [quote.text for quote in quotes("Port Director Calls Pier ‘The Shame Of The Whole Coast’ On Friday")] == [
        "The Shame Of The Whole Coast"]
    assert quotes("Ann Example went to see “The Shame Of The Coast” on Friday.") == []


def test_what_somebody_is_known_as_is_no_quotation() -> None:
    assert quotes("Bob Sample, the pilot known as “the Grey Heron,” retired in May.") == []


def test_questions_and_answers_with_marks() -> None:
    found = quotes("Q. “Why did you leave?”\nA. “I was tired.”\nQ: “When was that?”\nA: “It was in May.”")
    assert [(quote.text, quote.speaker) for quote in found] == [
        ("Why did you leave?", None), ("I was tired.", None), ("When was that?", None), ("It was in May.", None)]
    found = quotes("“Q: Why did you leave?”\n“A: I was tired of it.”")
    assert [(quote.text, quote.speaker) for quote in found] == [("Why did you leave?", None), ("I was tired of it.", None)]
