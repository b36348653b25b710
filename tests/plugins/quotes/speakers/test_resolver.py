"""Which person is meant: namesakes, initials, pronouns that name nobody, who was asked."""

from __future__ import annotations

import pytest

from support.quotations import only, quotes


@pytest.mark.parametrize("who", ["they", "it", "you", "we", "I", "someone", "everybody", "others"])
def test_a_pronoun_that_names_nobody_stays_as_it_stands(who: str) -> None:
    found = only(f"“The pier is closed,” {who} said.")
    assert (found.speaker, found.speaker_text, found.speaker_type) == (who, who, "unknown")
    assert found.confidence <= 0.5


@pytest.mark.parametrize("text", [
    "President Carl Sample and first lady Ann Sample came to the port. “We are glad to be here,” Sample said.",
    "Carl Sample and Ann Sample run the port. “We are glad to be here,” Sample said.",
])
def test_a_name_of_two_people_is_doubtful(text: str) -> None:
    found = only(text)
    assert (found.speaker, found.speaker_text) == ("Carl Sample", "Sample")
    assert found.confidence <= 0.5


def test_the_title_or_the_gender_decides_between_two_of_a_name() -> None:
    intro = "President Carl Sample and Senator Ann Sample came to the port."
    for title, name in (("President", "Carl Sample"), ("Senator", "Ann Sample")):
        found = only(f"{intro} “We are glad to be here,” {title} Sample said.")
        assert found.speaker == name
        assert found.confidence > 0.9


def test_the_more_prominent_of_two_is_meant() -> None:
    text = ("Carl Sample opened the port. Carl Sample built it. Carl Sample had wanted it long. Carl Sample came with Ann Sample. "
            "“We are glad to be here,” Sample said.")
    found = only(text)
    assert found.speaker == "Carl Sample"
    assert found.confidence > 0.9


@pytest.mark.parametrize("names", [("J.K. Example", "J. K. Example"), ("J. K. Example", "J.K. Example")])
def test_initials_with_and_without_blanks_are_one_name(names: tuple[str, str]) -> None:
    found = quotes(f"“I am glad,” {names[0]} said.\n“I am not,” {names[1]} said.\n“I am,” Example said.")
    assert {(quote.speaker, quote.speaker_type) for quote in found} == {(names[0], "person")}


@pytest.mark.parametrize(("text", "speakers"), [
    ("The minister, Ann Lee, who has been accused by Ben Jones of “lying”, said: “I resign.”", ["Ben Jones", "Ann Lee"]),
    ("Ben Jones accused Ann Lee of “lying to the court,” a claim she called “nonsense”.", ["Ben Jones", "Ann Lee"]),
    ("Carla Dunn met Ann Lee. Ann Lee, whom she called “a cruel woman”, left.", ["Carla Dunn"]),
    ("Mark Webb asked Carla Dunn if she was well. “I am fine,” she replied.", ["Carla Dunn"]),
    ("Mark Webb asked Carla Dunn if she was well.\n“I am fine,” she replied.", ["Carla Dunn"]),
    ("Lawyer Tim Moss asked the witness: “Did you see it?” “I did not see it,” she replied.", ["Tim Moss", "the witness"]),
    ("Researchers led by Mark Webb wrote that the ice was “gone for good”.", ["Researchers"]),
    ("Researchers in Leeds, led by Mark Webb, wrote that the ice was “gone for good”.", ["Researchers in Leeds"]),
    ("Researchers led by Mark Webb wrote: “The ice is gone.”", ["Researchers"]),
    ("Carla Dunn heard Mark Webb shout “get out of here now”.", ["Mark Webb"]),
    ("Carla Dunn said the title of “Dune” was “perfect”.", ["Carla Dunn"]),
    ("The crews came home. “I can't believe it, said Joe Brand. “It is awful.”", ["Joe Brand"]),
])
def test_who_is_meant(text: str, speakers: list[str]) -> None:
    assert [quote.speaker for quote in quotes(text)] == speakers


def test_an_address_speaks_against_who_was_asked() -> None:
    text = "Mr. Mark Webb asked Mr. Carl Dunn about Ms. Ann Lee. “I am fine,” she replied."
    assert [quote.speaker for quote in quotes(text)] == ["Ann Lee"]
