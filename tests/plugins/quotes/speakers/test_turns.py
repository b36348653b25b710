"""Turns of speech: dialogues of two."""

from __future__ import annotations

from support.quotations import quotes

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
