"""Turns of speech: dialogues of two, transcripts without marks, signed lines, sentences that equate a quotation with somebody's words."""

import pytest

from plugins.quote_kit import only, quotes

DIALOGUE = "Carla Dunn met Mark Webb.\n“Are you coming?” asked Carla Dunn.\n“I don’t know yet,” said Mark Webb.\n"


def test_a_dialogue_of_two_goes_on_in_turns() -> None:
    found = quotes(f"{DIALOGUE}“You should decide soon.”\n“Tomorrow, maybe.”")
    assert [quote.speaker for quote in found] == ["Carla Dunn", "Mark Webb"] * 2
    assert [quote.utterance for quote in found] == [0, 1, 2, 3]
    assert [quote.pattern for quote in found[2:]] == ["alternating"] * 2
    assert max(quote.confidence for quote in found[2:]) <= 0.5


def test_speech_without_a_tag_in_the_next_paragraph_is_an_utterance_of_its_own() -> None:
    first, second = quotes("“The pier is closed,” said Ann Example.\n“It will be open in May.”")
    assert (second.speaker, second.pattern) == ("Ann Example", "floating")
    assert first.utterance != second.utterance


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


@pytest.mark.parametrize(("text", "cue"), [
    ("“We have a deal” is how Carla Dunn put it.", "put"),
    ("“We have a deal,” is how Carla Dunn described it.", "described"),
    ("“We have a deal” — that was the message from Carla Dunn.", "message from"),
    ("“A very long day” was the verdict of Carla Dunn.", "verdict of"),
])
def test_a_quotation_that_is_somebodys_words(text: str, cue: str) -> None:
    found = only(text)
    assert (found.speaker, found.cue) == ("Carla Dunn", cue)


@pytest.mark.parametrize(("text", "quoted"), [
    ('"The screen is 12" wide," said Sam Ross.', ['The screen is 12" wide,']),
    ('"It is 12" by 14" wide," said Sam Ross. "I measured it."', ['It is 12" by 14" wide,', "I measured it."]),
    ('"We were 12" said Sam Ross.', ["We were 12"]),
    ("The union said 'players' wages' would fall.", ["players' wages"]),
])
def test_inches_and_owners_inside_marks(text: str, quoted: list[str]) -> None:
    assert [quote.text for quote in quotes(text)] == quoted
