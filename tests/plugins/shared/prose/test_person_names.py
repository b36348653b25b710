import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Person
from copydesk_plugins.shared.prose.person_names import Names, authors, proper_case

NAMES = Names()


@pytest.mark.parametrize(("text", "wanted"), [
    ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
    ("Von Karla Busch und Jan Ohm", ["Karla Busch", "Jan Ohm"]),
    ("Par Odile Roy et Luc Petit", ["Odile Roy", "Luc Petit"]),
    ("Por Ana Ruiz y Juan Gil", ["Ana Ruiz", "Juan Gil"]),
    ("Ann Lee, Bo Ek & Cy Day", ["Ann Lee", "Bo Ek", "Cy Day"]),
    ("ANN O'LEARY", ["Ann O'Leary"]),
    ("Ann Lee <ann@example.com> @annlee", ["Ann Lee"]),
    ("Ann Lee, Ann Lee", ["Ann Lee"]),
    ("Dr. Ann Lee", ["Ann Lee"]),
    ("Ann Lee, Senior Reporter", ["Ann Lee"]),
    ("https://example.com/author/ann-lee", []),
    ("ann-lee", []),
    ("admin", []),
    ("Staff report", []),
    ("Lee, Ann", ["Ann Lee"]),
    ("María José de la Cruz", ["María José de la Cruz"]),
    ("Ann Lee and 3 others", ["Ann Lee"]), ("Ann Lee et 2 autres", ["Ann Lee"]), ("Karla Busch und 2 weitere", ["Karla Busch"]),
    ("Von unserem Korrespondenten Jan Ohm", ["Jan Ohm"]), ("Lee, Ann, Ek, Bo", ["Ann Lee", "Bo Ek"]),
    ("José Ortega y Gasset", ["José Ortega y Gasset"]),
    ("Busch, Karla and Ohm, Jan", ["Karla Busch", "Jan Ohm"]),
    ("van der Berg, Jan", ["Jan van der Berg"]),
    ("O'Neil, Jane A.", ["Jane A. O'Neil"]),
    ("Ann Lee, London", ["Ann Lee"]),
    ("Ann Lee, Washington, D.C.", ["Ann Lee"]),
    ("Ann Lee, MD", ["Ann Lee"]),
    ("Ann Lee, Ph.D., and Bo Ek", ["Ann Lee", "Bo Ek"]),
    ("Martin Roe, Jr.", ["Martin Roe Jr."]),
    ("Ann Lee + 3 more", ["Ann Lee"]),
    ("Иван Петров и Анна Смирнова", ["Иван Петров", "Анна Смирнова"]),
    ("Published by Ann Lee on 12 May 2020", ["Ann Lee"]),
    ("Written by: Ann Lee; Edited by: Bo Ek", ["Ann Lee"]),
    ("Guest column by Ann Lee", ["Ann Lee"]),
    ("Associated Press Aug. 15", ["The Associated Press"]),
    ("Ann Lee, 15. Oktober 2024", ["Ann Lee"]),
    ("ann_lee", []), ("annlee7x", []), ("annlee", []), ("<script>alert(1)</script>", []),
    ("undefined undefined", []),
    ("Ann Lee\x1b[31m", []),
    ("{{user.name}}", []),
])
def test_splitting(text: str, wanted: list[str]) -> None:
    assert [person.name for person in NAMES.split(text)] == wanted


def test_roles_places_and_agencies_belong_to_the_person_before() -> None:
    assert NAMES.split("By Ann Lee, Associated Press") == (Person("Ann Lee", organization="The Associated Press"),)
    assert NAMES.split("Ann Lee, Chief Correspondent")[0].role == "Chief Correspondent"
    assert NAMES.split("Von Karla Busch in Rostock")[0].location == "Rostock"


def test_an_agency_alone_is_a_body() -> None:
    assert NAMES.split("dpa") == (Person("Deutsche Presse-Agentur", organization="Deutsche Presse-Agentur"),)
    assert authors(NAMES.split("Ann Lee und dpa")) == (Person("Ann Lee"),)


def test_a_ministry_is_a_body() -> None:
    assert NAMES.split("Ministry of Finance") == (Person("Ministry of Finance", organization="Ministry of Finance"),)


def test_proper_case_touches_capitals_only() -> None:
    assert proper_case("ANN MCLEAN") == "Ann McLean"
    assert proper_case("Ann van Dyk") == "Ann van Dyk"


@given(st.text(max_size=300))
def test_never_raises_and_names_are_bounded(text: str) -> None:
    assert all(2 <= len(person.name) <= 60 for person in NAMES.split(text))


@pytest.mark.parametrize(("text", "wanted"), [
    ("Written by Tess Owen, Political Editor and Siân ap Rhys, BBC Wales", [("Tess Owen", ""), ("Siân ap Rhys", "BBC Wales")]),
    ("By TESS OWEN Associated Press", [("Tess Owen", "The Associated Press")]),
    ("By Tess Owen, Reuters, and Ivo Lang, AP", [("Tess Owen", "Reuters"), ("Ivo Lang", "The Associated Press")]),
    ("By Tess Owen, with reporting by Ivo Lang in Ludlow", [("Tess Owen", "")]),
    ("TESS OWEN Staff Reporter", [("Tess Owen", "")]), ("By Staff", []), ("Edited by Ivo Lang", []),
    ("AFP and staff reporters", [("Agence France-Presse", "Agence France-Presse")]),
])
def test_names_and_their_bodies(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(person.name, person.organization) for person in Names().split(text)] == wanted


def test_place_behind_at() -> None:
    assert [(person.name, person.location) for person in Names().split("Tess Owen at Mill Lane")] == [("Tess Owen", "Mill Lane")]


def test_whom_a_name_writes_for() -> None:
    assert NAMES.split("Ann Lee for Reuters") == (Person("Ann Lee", organization="Reuters"),)
    assert NAMES.split("Ann Lee in Oslo") == (Person("Ann Lee", location="Oslo"),)


def test_an_agency_behind_two_names_is_that_of_both() -> None:
    assert NAMES.split("Ann Lee and Bo Ek, Associated Press") == tuple(
        Person(name, organization="The Associated Press") for name in ("Ann Lee", "Bo Ek"))
