import pytest

from copydesk import Block, BlockKind, Document, Field, Label, MediaType, Page, Reason
from copydesk_plugins.describe.meta_wire import Plugin
from copydesk_plugins.describe.wire.wire_credits import Wire

WIRE = Wire()
PLUGIN = Plugin()


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


def document(*texts: str) -> Document:
    blocks = tuple(Block(index, BlockKind.PARAGRAPH, text) for index, text in enumerate(texts))
    return Document(Page(b"", MediaType.TEXT), blocks)


def credits_of(page: Document, *labels: Label) -> set[object]:
    return {claim.value for claim in PLUGIN.propose_metadata(page, labels) if claim.field == Field.CREDIT_TEXT}


def test_photo_credits_never_count() -> None:
    page = document("Photo by AP", "The ferry stopped on Monday and will sail again on Friday.")
    assert credits_of(page, Label(0, Reason.IMAGE_CREDIT, "x", 0.9)) == set()


def test_a_credit_block_is_kept_by_its_claims() -> None:
    page = document("The ferry stopped on Monday.",
                    "This story was reported by The Associated Press. AP writer Ann Lee in Rome contributed to this report.")
    claims = list(PLUGIN.propose_metadata(page, (Label(1, Reason.CREDIT, "x", 0.9),)))
    assert {(claim.field, claim.blocks) for claim in claims} == {(Field.CREDIT_TEXT, (1,)), (Field.CONTRIBUTORS, (1,))}


def test_byline_of_an_agency() -> None:
    assert credits_of(document("By ANN LEE, Associated Press", "The ferry stopped on Monday.")) == {"The Associated Press"}


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


def test_credit_span_inside_a_paragraph() -> None:
    text = "The ferry stopped on Monday. (Reporting by Tess Owen; Editing by Ivo Lang)"
    label = Label(0, Reason.CREDIT, "x", 0.9, text.index("("), len(text))
    claims = [claim for claim in PLUGIN.propose_metadata(document(text), (label,)) if claim.field == Field.CONTRIBUTORS]
    assert [(person.name, person.role) for person in claims[0].value] == [("Tess Owen", "reporting"), ("Ivo Lang", "editing")]  # type: ignore[union-attr]
    assert claims[0].blocks == (0,)


def test_a_byline_deep_in_the_text_does_not_beat_the_dateline() -> None:
    waiting = (f"The ferry waited in port {number}." for number in range(9))
    texts = ["OSLO (Reuters) - The ferry stopped on Monday.", *waiting, "Associated Press.", "It sails again on Friday."]
    claims = [claim for claim in PLUGIN.propose_metadata(document(*texts), (Label(10, Reason.BYLINE, "x", 0.9),))
              if claim.field == Field.CREDIT_TEXT]
    assert min(claims, key=lambda claim: claim.rank).value == "Reuters"


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


def test_a_standing_feature_of_an_agency() -> None:
    page = document("Today in History", "Today is Friday, May 3, the 124th day of 2024. There are 242 days left in the year.", "In 1494 …")
    assert credits_of(page) == {"The Associated Press"}


@pytest.mark.parametrize(("mark", "text", "agencies"), [
    ("___", "The mayor told The Associated Press so.", {"The Associated Press"}), ("___", "The mayor said so.", set()),
    ("* * *", "The mayor told The Associated Press so.", set())])
def test_the_mark_of_an_agency_between_the_parts(mark: str, text: str, agencies: set[str]) -> None:
    assert credits_of(document("The ferry stopped on Monday.", text, mark, "It will sail again on Friday.")) == agencies


def test_an_agency_in_brackets_alone_is_no_dateline() -> None:
    assert WIRE.dateline("(ANSA).") is None
    assert WIRE.dateline("(ANSA) - ROMA, 18 OTT - Il ponte resta chiuso.") is not None


def test_a_credit_right_behind_the_story_is_its_sign_off() -> None:
    page = document("Die Brücke bleibt bis Ende des Monats gesperrt.", "Die Fähre fährt weiter.", "— dpa")
    labels = (Label(0, Reason.ARTICLE, "x", 0.9), Label(1, Reason.ARTICLE, "x", 0.9), Label(2, Reason.CREDIT, "x", 0.9))
    found = [claim.value for claim in PLUGIN.propose_metadata(page, labels) if claim.field == Field.CREDIT_TEXT]
    assert found == ["Deutsche Presse-Agentur"]


@pytest.mark.parametrize(("line", "agencies"), [
    ("Con información de EFE", {"Agencia EFE"}), ("Avec AFP", {"Agence France-Presse"}), ("More from AFP and others", set())])
def test_a_credit_behind_the_story_that_is_labelled_as_something_else(line: str, agencies: set[str]) -> None:
    page = document("The ferry stopped on Monday.", "It will sail again on Friday.", line, "Menu", "Home", "Search")
    labels = (*(Label(index, Reason.ARTICLE, "x", 0.9) for index in (0, 1)), Label(2, Reason.BOILERPLATE, "x", 0.9))
    assert credits_of(page, *labels) == agencies
