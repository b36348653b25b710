"""Names of speakers: full forms, families, titles, roles, types."""

from __future__ import annotations

import pytest

from support.quotations import only, quotes


def test_short_forms_become_the_fullest_name() -> None:
    found = quotes("Ann Example met the press.\n“We waited,” Ms. Example said.\n“We left,” said Example.")
    assert [quote.speaker for quote in found] == ["Ann Example", "Ann Example"]
    assert [quote.speaker_text for quote in found] == ["Example", "Example"]


def test_the_family_name_may_come_first() -> None:
    assert quotes("Song Dae, an analyst, spoke first.\n“It is a show of force,” Mr. Song said.")[0].speaker == "Song Dae"


def test_an_address_tells_two_people_of_one_name_apart() -> None:
    text = "Mrs. Dora Sample and Mr. Carl Sample run the port.\n“We waited,” Mrs. Sample said.\n“We left,” Mr. Sample said."
    assert [quote.speaker for quote in quotes(text)] == ["Dora Sample", "Carl Sample"]


def test_roles_stand_beside_the_name() -> None:
    found = only("Asked about it, NATO Secretary-General Ann Example said, “We cannot confirm this.”")
    assert (found.speaker, found.speaker_role, found.speaker_type) == ("Ann Example", "NATO Secretary-General", "person")
    assert only("“It is late,” said Ann Example, professor of law at the college.").speaker_role == "professor of law at the college"


def test_organisations_speak() -> None:
    found = only("“The pier is closed,” the Harbour Safety Agency said.")
    assert (found.speaker, found.speaker_type) == ("Harbour Safety Agency", "organization")


@pytest.mark.parametrize(("text", "role"), [
    ("Police chief Ann Example said the pier was “closed for now.”", "Police chief"),
    ("Her sister Ann Example said: “The pier is closed.”", "sister"),
    ("Ann Example, whose brother Carl Sample left in May, said “the pier is closed.”", None),
    ("Ann Example, who was the head of the port, said “the pier is closed.”", None),
])
def test_a_role_is_made_of_whole_words(text: str, role: str | None) -> None:
    assert only(text).speaker_role == role


def test_names_may_hold_an_article_of_their_own() -> None:
    text = "The minister’s spokesman Nadir al-Beispiel said “it is late now.” Mr. Beispiel said: “It is.”\n“Yes,” al-Beispiel said."
    assert [(quote.speaker, quote.speaker_type) for quote in quotes(text)] == [("Nadir al-Beispiel", "person")] * 3


@pytest.mark.parametrize(("title", "name"), [
    ("PM ", "PM Ann Example"),
    ("Sheikh ", "Sheikh Nadir bin Omar Al Beispiel"),
    ("Secretary of State ", "Secretary of State Ann Example"),
    ("Secretary of Home Affairs ", "Secretary of Home Affairs Nadir Beispiel"),
    ("Speaker of the House ", "Speaker of the House Nadir Beispiel"),
])
def test_titles_are_no_part_of_a_name(title: str, name: str) -> None:
    found = only(f"{name} said “the pier is closed.”")
    assert found.speaker == name.removeprefix(title)
    assert (found.speaker_type, found.speaker_role) == ("person", title.strip())


@pytest.mark.parametrize(("text", "kind"), [
    ("The crews met Tarrow. “The pier is closed,” said Tarrow.", "unknown"),
    ("The coach was calm. “The pier is closed,” the Norwegian said.", "unknown"),
    ("The crews met the HPA. “The pier is closed,” the HPA said.", "organization"),
    ("“The pier is closed,” the Harbour Safety Agency said.", "organization"),
])
def test_a_lone_word_tells_no_type(text: str, kind: str) -> None:
    assert only(text).speaker_type == kind
