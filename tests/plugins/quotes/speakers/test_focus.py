"""Whom a pronoun means: the person in focus, of the right gender."""

from __future__ import annotations

from support.quotations import only, quotes


def test_a_pronoun_means_the_person_in_focus() -> None:
    found = quotes("Ann Example opened the port. She said “we are glad to be back at work.”")
    assert (found[0].speaker, found[0].speaker_text, found[0].speaker_type) == ("Ann Example", "She", "person")


def test_gender_words_of_the_text_rule_people_out() -> None:
    text = "Mr. Carl Sample and Ms. Ann Example toured the port. Mr. Sample left early.\n“It was a long day,” she said."
    assert quotes(text)[0].speaker == "Ann Example"


def test_an_unknown_pronoun_names_nobody() -> None:
    found = only("“It was a long day,” he said.")
    assert found.speaker is None
    assert found.confidence == 0.0


def test_nobody_is_both_he_and_she() -> None:
    found = quotes("Ann Example spoke to Carl Sample.\n“He was late,” she said.\n“She was early,” he said.\n“I was not late,” she said.")
    assert [quote.speaker for quote in found] == ["Ann Example", "Carl Sample", "Ann Example"]
