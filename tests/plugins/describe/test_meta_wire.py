from __future__ import annotations

import pytest

from copydesk import Field, Label, Reason
from support.wire_stories import PLUGIN, credits_of, document


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


def test_a_standing_feature_of_an_agency() -> None:
    page = document("Today in History", "Today is Friday, May 3, the 124th day of 2024. There are 242 days left in the year.", "In 1494 …")
    assert credits_of(page) == {"The Associated Press"}


@pytest.mark.parametrize(("mark", "text", "agencies"), [
    ("___", "The mayor told The Associated Press so.", {"The Associated Press"}), ("___", "The mayor said so.", set()),
    ("* * *", "The mayor told The Associated Press so.", set())])
def test_the_mark_of_an_agency_between_the_parts(mark: str, text: str, agencies: set[str]) -> None:
    assert credits_of(document("The ferry stopped on Monday.", text, mark, "It will sail again on Friday.")) == agencies


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
