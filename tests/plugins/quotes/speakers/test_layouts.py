"""Speakers by layout: signatures behind quotations, names before a colon in transcripts."""

from __future__ import annotations

import pytest

from support.quotations import only, quotes

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


def test_questions_and_answers_with_marks() -> None:
    found = quotes("Q. “Why did you leave?”\nA. “I was tired.”\nQ: “When was that?”\nA: “It was in May.”")
    assert [(quote.text, quote.speaker) for quote in found] == [
        ("Why did you leave?", None), ("I was tired.", None), ("When was that?", None), ("It was in May.", None)]
    found = quotes("“Q: Why did you leave?”\n“A: I was tired of it.”")
    assert [(quote.text, quote.speaker) for quote in found] == [("Why did you leave?", None), ("I was tired of it.", None)]


@pytest.mark.parametrize("labels", [("CARLA DUNN", "TIM MOSS"), ("Carla Dunn", "Tim Moss"), ("DUNN", "MOSS")])
def test_a_transcript_without_marks(labels: tuple[str, str]) -> None:
    ask, reply = labels
    found = quotes(f"Carla Dunn met the singer Tim Moss.\n{ask}: Why did you leave?\n{reply}: I was tired.\n{ask}: When was that?")
    assert [(quote.text, quote.speaker) for quote in found] == [
        ("Why did you leave?", "Carla Dunn"), ("I was tired.", "Tim Moss"), ("When was that?", "Carla Dunn")]
    assert {quote.pattern for quote in found} == {"transcript"}


@pytest.mark.parametrize("sign", [":", "."])
def test_questions_and_answers_without_marks(sign: str) -> None:
    found = quotes(f"Q{sign} Why did you leave?\nA{sign} I was tired.\nQ{sign} When was that?\nA{sign} It was in May.")
    assert [quote.text for quote in found] == ["Why did you leave?", "I was tired.", "When was that?", "It was in May."]
    assert {quote.speaker for quote in found} == {None}


@pytest.mark.parametrize("text", [
    "Carla Dunn: Why did you leave?\nTim Moss: I was tired.",
    "WHERE: The pier.\nWHEN: On Monday at noon.\nPRICE: Ten pounds.",
    "CORRECTION: The pier is open.\nIt was closed.\nCORRECTION: The pier is closed.\nCORRECTION: It is not.",
])
def test_a_layout_that_is_not_clear_is_no_transcript(text: str) -> None:
    assert quotes(text) == []


@pytest.mark.parametrize("line", ["Tim Moss, singer", "(Tim Moss, 54)", "Tim Moss, a singer from Leeds"])
def test_a_line_with_a_name_signs_the_quotation_before(line: str) -> None:
    found = only(f"“I was tired of the road and left.”\n{line}")
    assert (found.speaker, found.pattern) == ("Tim Moss", "signed")


def test_a_sentence_behind_a_quotation_signs_nothing() -> None:
    assert only("“I was tired of the road and left.”\nTim Moss, a singer, was not there.").pattern != "signed"
