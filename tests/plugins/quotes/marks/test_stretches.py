"""Which words stand in quotation marks."""

from __future__ import annotations

import pytest

from support.quotations import quotes

LINE = "The harbour will close for good on Friday,"


def texts(text: str, language: str | None = None) -> list[str]:
    return [quote.text for quote in quotes(text, language)]


@pytest.mark.parametrize(("left", "right"), [("“", "”"), ('"', '"'), ("''", "''"), ("``", "''"), ("«", "»"), ("«\u00a0", "\u00a0»"),
                                             ("»", "«"), ("„", "“"), ("„", "”"), ("‘", "’"), ("'", "'"), ("「", "」")])
def test_every_style_of_marks_is_read_and_stays_outside(left: str, right: str) -> None:
    assert texts(f"{left}{LINE}{right} said Ann Example.") == [LINE]


def test_apostrophes_and_plural_owners_close_nothing() -> None:
    text = "‘I don’t know what the workers’ council decided that night,’ said Ann Example. It wasn’t clear."
    assert texts(text) == ["I don’t know what the workers’ council decided that night,"]


def test_feet_and_inches_are_no_marks() -> None:
    assert texts('At 6\'2" the keeper is the tallest. "He can reach everything up there," said Ann Example.') == [
        "He can reach everything up there,"]


def test_an_elision_opens_no_quotation() -> None:
    assert texts("It was rock 'n' roll in the '90s, and 'twas fun, said Ann Example.") == []


def test_inner_marks_make_no_quotation_of_their_own() -> None:
    assert texts("“He told me ‘go home now’ and I left,” said Ann Example.") == ["He told me ‘go home now’ and I left,"]
    assert texts("‘He told me “go home now” and I left,’ said Ann Example.") == ["He told me “go home now” and I left,"]
    assert texts("“He told me “go home now” and I left,” said Ann Example.") == ["He told me “go home now” and I left,"]


def test_three_straight_marks_close_the_inner_and_the_outer_quotation() -> None:
    assert texts("''We call it 'the long night,''' said Ann Example.") == ["We call it 'the long night,'"]


def test_an_unclosed_mark_does_not_swallow_the_next_quotation() -> None:
    text = "“It rained all day, she said.\nThe pier stayed open.\n“We were lucky this time,” said Ann Example."
    assert texts(text)[-1] == "We were lucky this time,"


def test_a_lone_mark_is_nothing() -> None:
    assert texts('The " key sticks.') == []
    assert texts("Nothing ” here.") == []


def test_paragraphs_of_one_speech_are_one_utterance() -> None:
    first, second, third = quotes(
        "“We waited for the tide,” said Ann Example. “Then the engine failed.\n"
        "“Nobody panicked on board.\n“The coast guard came at noon.”")[1:]
    assert [first.text, second.text, third.text] == [
        "Then the engine failed.", "Nobody panicked on board.", "The coast guard came at noon."]
    assert {quote.speaker for quote in (first, second, third)} == {"Ann Example"}
    assert len({quote.utterance for quote in (first, second, third)}) == 1
    assert [quote.part for quote in (first, second, third)] == [1, 2, 3]


def test_new_speakers_begin_new_utterances() -> None:
    found = quotes("“It rained all day,” said Ann Example.\n“It hardly rained,” said Bob Sample.")
    assert [(quote.utterance, quote.part) for quote in found] == [(0, 0), (1, 0)]


def test_another_language_gets_marks_and_no_speaker() -> None:
    found = quotes("„Vi hadde ikke noe valg“, sa Anna Eksempel.", language="no")
    assert [quote.text for quote in found] == ["Vi hadde ikke noe valg"]
    assert found[0].speaker is None
    assert found[0].cue is None
    assert quotes(f"“{LINE}” said Ann Example.", language="en")[0].speaker == "Ann Example"


@pytest.mark.parametrize(("text", "quoted"), [
    ("'It was '76 and rock 'n' roll ruled,' Ann Example said.", ["It was '76 and rock 'n' roll ruled,"]),
    ("Ann Example said: 'The Samples' dog bit me', and left.", ["The Samples' dog bit me"]),
    ("'I'm goin' home now,' Ann Example said. 'Don't wait.'", ["I'm goin' home now,", "Don't wait."]),
    ("The crews’ plan was ‘good for us’ and the boats’ owners found it ‘too dear,’ Ann Example said.", ["good for us", "too dear,"]),
])
def test_apostrophes_do_not_close_single_marks(text: str, quoted: list[str]) -> None:
    assert [quote.text for quote in quotes(text)] == quoted


@pytest.mark.parametrize("text", ["“No,” said Ann Example.", "“Thank you,” Ann Example said.", "Ann Example told the crews: “It’s over.”",
                                  "Ann Example said: “It’s over.”"])
def test_short_speech_is_direct(text: str) -> None:
    assert [quote.kind for quote in quotes(text)] == ["direct"]


@pytest.mark.parametrize(("text", "quoted"), [
    ('"The screen is 12" wide," said Sam Ross.', ['The screen is 12" wide,']),
    ('"It is 12" by 14" wide," said Sam Ross. "I measured it."', ['It is 12" by 14" wide,', "I measured it."]),
    ('"We were 12" said Sam Ross.', ["We were 12"]),
    ("The union said 'players' wages' would fall.", ["players' wages"]),
])
def test_inches_and_owners_inside_marks(text: str, quoted: list[str]) -> None:
    assert [quote.text for quote in quotes(text)] == quoted
