"""Datelines, sign-offs and contributors: what one line says of agencies and people."""

from __future__ import annotations

import pytest

from copydesk_plugins.describe.wire.wire_credits import Wire
from support.wire_stories import credits_of, document

WIRE = Wire()


@pytest.mark.parametrize(("text", "agency"), [
    ("OSLO (AP) — The ferry stopped.", "The Associated Press"),
    ("OSLO, May 3 (Reuters) - The ferry stopped.", "Reuters"),
    ("SALEM, Ore., Dec. 8 (UPI) — The ferry stopped.", "United Press International"),
    ("Rostock (dpa) - Die Fähre hielt.", "Deutsche Presse-Agentur"),
    ("Wien/Linz (APA/dpa) – Die Fähre hielt.", "Austria Presse Agentur"),
    ("Oslo (AFP) – The ferry stopped.", "Agence France-Presse"),
    ("BOSTON — The ferry stopped.", None),
])
def test_datelines(text: str, agency: str | None) -> None:
    found = WIRE.dateline(text)
    assert found is not None
    assert found.agency == agency
    assert text.startswith(found.text)


@pytest.mark.parametrize("text", [
    "The minister told Reuters that the ferry had stopped.", "An official (AP file photo) said so.",
    "He spoke to the AP (and to others) on Monday.",
    "According to officials (AP reported) the ferry stopped.",
])
def test_mentions_are_no_credits(text: str) -> None:
    found = WIRE.dateline(text)
    assert found is None or found.agency is None
    assert WIRE.credit(text) is None
    assert WIRE.byline(text) is None


def test_contributors_with_place() -> None:
    found = WIRE.credit("AP writers Ann Lee in Rome and Bo Ek in Oslo contributed to this report.")
    assert found is not None
    assert found.agency == "The Associated Press"
    assert [(person.name, person.location, person.organization) for person in found.people] == [
        ("Ann Lee", "Rome", "The Associated Press"), ("Bo Ek", "Oslo", "The Associated Press")]


def test_credit_line_in_other_words() -> None:
    found = WIRE.credit("This article was written by Agence France-Presse.")
    assert found is not None
    assert found.agency == "Agence France-Presse"


def test_sign_off_has_roles() -> None:
    found = WIRE.credit("(Reporting by Ann Lee in Rome; Additional reporting by Bo Ek; Editing by Cy Day)")
    assert found is not None
    assert found.agency == "Reuters"
    assert [(person.name, person.role) for person in found.people] == [
        ("Ann Lee", "reporting"), ("Bo Ek", "reporting"), ("Cy Day", "editing")]


def test_with_files_from() -> None:
    found = WIRE.credit("With files from The Canadian Press")
    assert found is not None
    assert found.agency == "The Canadian Press"


@pytest.mark.parametrize("text", ["A" * 100_000, "(AP) " * 20_000, "and Ann Lee in Rome " * 5_000, "By " * 30_000])
def test_hostile_lines_give_nothing(text: str) -> None:
    assert WIRE.credit(text) is None
    assert WIRE.byline(text) is None


@pytest.mark.parametrize(("text", "agency"), [
    ("With AFP, dpa", "Agence France-Presse"), ("With Reuters", "Reuters"), ("With Reuters on its side, the union won.", None),
    ("This report contains material from AFP and Reuters.", "Agence France-Presse"), ("This report contains errors, said Reuters.", None)])
def test_material_of_agencies(text: str, agency: str | None) -> None:
    found = WIRE.credit(text)
    assert (found.agency if found else None) == agency


@pytest.mark.parametrize("text", ["Written by Tess Owen", "Written by Tess Owen, Political Editor and Ivo Lang, BBC Wales"])
def test_a_written_by_line_is_no_sign_off(text: str) -> None:
    assert WIRE.credit(text) is None


def test_roles_and_bodies_are_no_contributors() -> None:
    found = WIRE.credit("(Reporting by Tess Owen, Political Editor and BBC Wales; Editing by Siân ap Rhys)")
    assert found is not None
    assert [person.name for person in found.people] == ["Tess Owen", "Siân ap Rhys"]


@pytest.mark.parametrize(("text", "agency"), [
    ("MADRID, 3 May. (EUROPA PRESS) - El ferry paró.", "Europa Press"), ("Oslo – (AP) – The ferry stopped.", "The Associated Press"),
    ("OSLO (AP) The ferry stopped.", "The Associated Press"), ("NEW DELHI: (PTI) The ferry stopped.", "Press Trust of India"),
    ("(ANSA) - ROMA, 3 MAG - Il traghetto.", "ANSA"), ("Roma, 3 mag. (askanews) – Il traghetto.", "askanews"),
    ("Lisboa, 3 mai 2024 (Lusa) – O barco parou.", "Lusa"), ("Paris, 3 mai (AFP) - Le bac est à quai.", "Agence France-Presse"),
    ("Kiel (dpa/lno) - Die Fähre hielt.", "Deutsche Presse-Agentur"),
])
def test_datelines_of_six_languages(text: str, agency: str) -> None:
    found = WIRE.dateline(text)
    assert found is not None
    assert found.agency == agency


@pytest.mark.parametrize(("text", "agency"), [
    ("(dpa/lno)", "Deutsche Presse-Agentur"), ("jab/dpa", "Deutsche Presse-Agentur"), ("© 2024 AFP", "Agence France-Presse"),
    ("© dpa-infocom, dpa:240503-99-1/3", "Deutsche Presse-Agentur"), ("Riproduzione riservata © Copyright ANSA", "ANSA"),
    ("The Associated Press", "The Associated Press"), ("Photo: AP", None), ("Foto: dpa", None), ("© AFP / Ann Lee", None),
    ("The union of dpa", None),
])
def test_last_lines_that_credit(text: str, agency: str | None) -> None:
    page = document("The ferry stopped on Monday and will sail again on Friday.", text, *["And another line that says a little more."] * 2)
    assert credits_of(page) == set()
    assert WIRE.closing(text) == agency


@pytest.mark.parametrize("text", [
    "(Reportage de Jean Dupont, édité par Anne Roy)", "(Bericht von Hans Meier, redigiert von Anna Roth)",
    "(Reportagem de Ana Sousa; Edição de José Silva)", "(Reporte de Ana Ruiz; Editado por Juan Paz)"])
def test_sign_offs_of_other_languages(text: str) -> None:
    found = WIRE.credit(text)
    assert found is not None
    assert (found.agency, [person.role for person in found.people]) == ("Reuters", ["reporting", "editing"])


@pytest.mark.parametrize("text", ["Reuters contributed to this report.", "Harbor Times and Reuters contributed", "Contributing: Reuters"])
def test_an_agency_that_helped_is_a_contributor(text: str) -> None:
    found = WIRE.credit(text)
    assert found is not None
    assert (found.agency, [(person.name, person.role) for person in found.people]) == (None, [("Reuters", "contributing")])


def test_an_agency_in_brackets_alone_is_no_dateline() -> None:
    assert WIRE.dateline("(ANSA).") is None
    assert WIRE.dateline("(ANSA) - ROMA, 18 OTT - Il ponte resta chiuso.") is not None
