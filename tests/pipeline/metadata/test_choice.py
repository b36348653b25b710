"""One value for each field is chosen from what plugins claim; what is not chosen says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copydesk.metadata.choice import choose_metadata, explained
from copydesk.model.document import Block, BlockKind, Document
from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Metadata, Person
from copydesk.model.page import Page
from support.claims import PAGE, choose, date


def test_nothing_gives_nothing() -> None:
    empty = choose(page=Page(b""))
    assert empty == Metadata()


@pytest.mark.parametrize("url", [
    "https://elsewhere.com/a/storm", "javascript:alert(1)", "data:text/html,x", "http://127.0.0.1/a",
    "https://me@www.example.com/a/storm", "/"])
def test_canonicals_that_are_not_believed(url: str) -> None:
    found = choose(Claim(Field.CANONICAL_URL, url, "link:canonical", 12))
    assert found.canonical_url is None
    assert found.url == "https://www.example.com/a/storm"
    assert found.domain == "example.com"


def test_relative_canonical_is_resolved() -> None:
    assert choose(Claim(Field.CANONICAL_URL, "/b?utm_medium=x", "link:canonical")).canonical_url == "https://www.example.com/b"


def test_without_fetch_url_the_site_most_links_lead_to_is_home() -> None:
    block = Block(0, BlockKind.LIST_ITEM, "menu", hrefs=("https://home.example/a", "https://home.example/b"))
    claims = (Claim(Field.CANONICAL_URL, "https://sister.example/x", "link:canonical", 12),
              Claim(Field.CANONICAL_URL, "https://home.example/x", "meta:og:url", 14))
    assert choose_metadata(Document(Page(b""), (block,)), claims).canonical_url == "https://home.example/x"


def people(*names: str, organization: str = "") -> tuple[Person, ...]:
    return tuple(Person(name, organization=organization) for name in names)


def authors(*claims: tuple[int, ClaimValue]) -> tuple[str, ...]:
    made = [Claim(Field.AUTHORS, value, "meta:x", rank) for rank, value in claims]
    return tuple(person.name for person in choose(Claim(Field.PUBLISHER, "Harbor Times", "meta:og:site_name"), *made).authors)


def test_people_before_bodies() -> None:
    assert authors((10, people("Harbor Times")), (32, people("Ann Lee"))) == ("Ann Lee",)
    assert authors((10, people("Wire Desk", organization="Wire Desk")), (32, people("Ann Lee"))) == ("Ann Lee",)
    assert authors((10, people("Harbor Times"))) == ("Harbor Times",)


def test_a_fuller_list_of_the_same_people_wins() -> None:
    assert authors((10, people("Ann Lee")), (32, people("Bo Ek", "Ann Lee"))) == ("Bo Ek", "Ann Lee")
    assert authors((10, people("Ann Lee")), (32, people("Bo Ek", "Cy Day"))) == ("Ann Lee",)


def test_a_fuller_line_of_text_does_not() -> None:
    claims = [Claim(Field.AUTHORS, people("Ann Lee"), "json-ld:x", 10),
              Claim(Field.AUTHORS, people("Ann Lee", "Bo Ek"), "label:byline:3", 32)]
    assert choose(*claims).authors == people("Ann Lee")


def test_images_of_one_rank_are_united_and_all_chosen() -> None:
    claims = [Claim(Field.IMAGES, (Image(caption),), f"label:caption:{index}", 30, (index,)) for index, caption in enumerate(("A", "B"))]
    found = choose(*claims, replace(claims[0], value=(Image("C"),), rank=40))
    assert [image.caption for image in found.images] == ["A", "B"]
    assert {index for claim in found.chosen for index in claim.blocks} == {0, 1}


@pytest.mark.parametrize("hrefs", [(), ("https://home.example/a", "https://sister.example/a"), ("https://third.example/a",)])
def test_addresses_on_two_sites_that_nothing_settles_are_not_chosen(hrefs: tuple[str, ...]) -> None:
    block = Block(0, BlockKind.LIST_ITEM, "menu", hrefs=hrefs)
    claims = (Claim(Field.CANONICAL_URL, "https://sister.example/x", "link:canonical", 12),
              Claim(Field.CANONICAL_URL, "https://home.example/x", "meta:og:url", 14))
    assert choose_metadata(Document(Page(b""), (block,)), claims).canonical_url is None


def test_a_name_of_the_publishers_words_is_no_person() -> None:
    claims = [Claim(Field.PUBLISHER, "Harbor News", "meta:og:site_name"), Claim(Field.AUTHORS, (Person("Harbor D"),), "json-ld:x", 10),
              Claim(Field.AUTHORS, (Person("Una Brand"),), "text:name-opening:3", 38)]
    assert [person.name for person in choose(*claims).authors] == ["Una Brand"]


@pytest.mark.parametrize(("claims", "why"), [
    ([date("2024-10-18", rank=20), date("2031-01-01", rank=10)], "before 1990, or after the page was captured"),
    ([date("2024-10-18T09:30:00+02:00", rank=20), date("2024-10-18", rank=10)], "the same day, less exact"),
    ([date("2024-10-18", rank=10), date("2024-10-12", rank=20)], "less trusted: rank 20, the chosen one has 10"),
    ([date("2024-10-18", rank=10), date("2024-10-12", rank=10)], "another one came first"),
    ([date("2024-10-18", rank=10), date("2024-10-18", rank=20)], "the same value, from a place that is less trusted"),
    ([date("2024-10-18", rank=10), date("2024-10-17", rank=10, field=Field.DATE_MODIFIED)], "before the publication"),
    ([Claim(Field.CANONICAL_URL, "https://www.example.com/a/storm", "meta:og:url", 14),
      Claim(Field.CANONICAL_URL, "https://other.example/a/storm", "link:canonical", 12)], "of another site, or a site's front page"),
    ([Claim(Field.CANONICAL_URL, "https://www.example.com/a/storm", "meta:og:url", 14),
      Claim(Field.CANONICAL_URL, "javascript:alert(1)", "link:canonical", 12)], "no plain address on the public web"),
    ([Claim(Field.AUTHORS, (Person("Ann Lee"),), "meta:author", 20), Claim(Field.AUTHORS, (Person("example"),), "json-ld:author", 10)],
     "names no person, or only the publication"),
    ([Claim(Field.AUTHORS, (Person("Ann Lee"), Person("Bo Falk")), "meta:author", 20),
      Claim(Field.AUTHORS, (Person("Ann Lee"),), "json-ld:author", 10)], "another claim names all of these people and more"),
    ([Claim(Field.BYLINE, "By Ann Lee", "label:byline:2", 20), Claim(Field.BYLINE, " ", "meta:byline", 10)], "blank"),
])
def test_why_a_claim_lost_is_told(claims: list[Claim], why: str) -> None:
    """The first claim wins, the second loses."""
    given = tuple(claims)
    metadata, lost = explained(Document(PAGE, ()), given)
    assert metadata == choose(*given)
    assert lost == {1: why}
    assert given[0] in metadata.chosen
