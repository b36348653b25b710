import pytest

from copydesk import Field, Image, Label, Person, Reason
from copydesk_plugins.describe.meta_labels import Plugin
from support.metadata_pages import html, scrape, values

PLUGIN = Plugin()
PAGE = scrape("Storm closes bridge\n\nThe ferry still sails.\n\nBy Ann Lee and Bo Ek\n\nA. Photographer/AP\n\n"
              "The bridge on Monday.\n\nIt rained on Monday in the city.")


def label(block: int, reason: str, weight: float = 0.9) -> Label:
    return Label(block, reason, "test", weight)


def claims(field: str, *labels: Label) -> list[tuple[object, tuple[int, ...]]]:
    return [(claim.value, claim.blocks) for claim in PLUGIN.propose_metadata(PAGE, labels) if claim.field == field]


def test_standfirst_is_description() -> None:
    assert claims(Field.DESCRIPTION, label(1, Reason.STANDFIRST)) == [("The ferry still sails.", (1,))]


def test_byline_is_kept_raw_and_read() -> None:
    assert claims(Field.BYLINE, label(2, Reason.BYLINE)) == [("By Ann Lee and Bo Ek", (2,))]
    assert claims(Field.AUTHORS, label(2, Reason.BYLINE)) == [((Person("Ann Lee"), Person("Bo Ek")), (2,))]


def test_caption_pairs_with_the_credit_beside_it() -> None:
    found = claims(Field.IMAGES, label(3, Reason.IMAGE_CREDIT), label(4, Reason.CAPTION))
    assert found == [((Image("The bridge on Monday.", "A. Photographer/AP"),), (3, 4))]


def test_weak_labels_say_nothing() -> None:
    assert claims(Field.DESCRIPTION, label(1, Reason.STANDFIRST, 0.3)) == []


def test_a_wall_behind_little_text_is_not_free() -> None:
    walled = (label(4, Reason.ARTICLE, 0.6), label(5, Reason.PAYWALL))
    assert values(PLUGIN, PAGE, Field.IS_ACCESSIBLE_FOR_FREE, *walled) == [(False, "label:paywall:5")]
    assert values(PLUGIN, PAGE, Field.IS_ACCESSIBLE_FOR_FREE, label(5, Reason.ARTICLE)) == []


def test_credit_inside_a_caption() -> None:
    text = "The keeper on Monday. Photo: Tess Owen/Example"
    page = scrape(f"Lighthouse sold\n\n{text}\n\nThe lighthouse has a new owner, and he did not have to move far.")
    index = next(block.index for block in page.blocks if block.text == text)
    labels = (Label(index, Reason.CAPTION, "x", 0.9), Label(index, Reason.IMAGE_CREDIT, "x", 0.9, 22, len(text)))
    assert [value for value, _ in values(PLUGIN, page, Field.IMAGES, *labels)] == [
        (Image("The keeper on Monday.", "Photo: Tess Owen/Example"),)]


LONG = "The bridge over the sound stays closed until the end of the month, and nobody in the town hall will say where the money went."


def test_names_in_elements_of_their_own_are_told_apart() -> None:
    names = "".join(f'<span class="simple">{name}</span> ' for name in ("Ann Lee", "Bo Erik Ek", "Una Brand"))
    document = html(body=f'<h1>Storm closes bridge</h1><div class="article-byline">{names}</div><p>{LONG}</p>')
    byline = next(block.index for block in document.blocks if block.text.startswith("Ann"))
    (people, _), = values(PLUGIN, document, Field.AUTHORS, label(byline, Reason.BYLINE))
    assert people == (Person("Ann Lee"), Person("Bo Erik Ek"), Person("Una Brand"))


def test_a_name_set_off_before_or_behind_the_text_may_be_the_author() -> None:
    for body, where in ((f"<p><strong>UNA BRAND</strong></p><p>{LONG}</p><p>{LONG}</p>", "opening"),
                        (f"<p>{LONG}</p><p>{LONG}</p><p><strong>Una Brand</strong></p>", "ending")):
        document = html(body=f"<h1>Storm closes bridge</h1><div>{body}</div>")
        text = [label(block.index, Reason.ARTICLE, 0.6) for block in document.blocks if block.text == LONG]
        (people, evidence), = values(PLUGIN, document, Field.AUTHORS, *text)
        assert people == (Person("Una Brand"),)
        assert evidence.startswith(f"text:name-{where}")


def test_a_name_in_plain_type_beside_the_text_is_none() -> None:
    document = html(body=f"<h1>Storm closes bridge</h1><div><p>Una Brand</p><p>{LONG}</p></div>")
    text = [label(block.index, Reason.ARTICLE, 0.6) for block in document.blocks if block.text == LONG]
    assert values(PLUGIN, document, Field.AUTHORS, *text) == []


SCRAPE = """Menu

Storm closes bridge

{lines}

The bridge over the sound was closed on Monday evening, after a storm had torn a sign from its northern tower, the town said.

It stays closed until engineers have looked at the cables, which is to take them until the end of the week at least, weather allowing."""


@pytest.mark.parametrize(("lines", "names"), [
    ("Ann Lee\n\nOctober 18, 2024", ["Ann Lee"]), ("By Ann Lee", ["Ann Lee"]), ("Ann LeeNews Reporter\n\nOctober 18, 2024", ["Ann Lee"]),
    ("Author of the article:\n\nAnn Lee", ["Ann Lee"]), ("Ann Lee\n\nSenior Reporter", ["Ann Lee"]), ("Ann Lee", []),
    ("World News\n\nOctober 18, 2024", []), ("Ann Lee · October 18, 2024", ["Ann Lee"])])
def test_names_below_the_headline_of_a_scrape(lines: str, names: list[str]) -> None:
    page = scrape(SCRAPE.format(lines=lines))
    first = next(block.index for block in page.blocks if block.text.startswith("The bridge"))
    found = values(PLUGIN, page, Field.AUTHORS, label(1, Reason.HEADLINE), *(label(index, Reason.ARTICLE) for index in (first, first + 1)))
    assert [person.name for people, _ in found[:1] for person in people] == names  # type: ignore[attr-defined]
