from dataclasses import replace
from datetime import UTC, datetime

import pytest

from copydesk.metadata.choice import choose_metadata, explained
from copydesk.metadata.dates import parse_when
from copydesk.metadata.headline_choice import strip_site
from copydesk.model.document import Block, BlockKind, Document
from copydesk.model.metadata import Claim, ClaimValue, Field, Image, Metadata, Person
from copydesk.model.page import Page

PAGE = Page(b"", url="https://www.example.com/a/storm", date_captured=datetime(2024, 11, 1, tzinfo=UTC))


def choose(*claims: Claim, page: Page = PAGE) -> Metadata:
    return choose_metadata(Document(page, ()), claims)


def date(text: str, evidence: str = "meta:date", rank: int = 20, field: str = Field.DATE_PUBLISHED) -> Claim:
    when = parse_when(text)
    assert when is not None
    return Claim(field, when, evidence, rank)


def local(metadata: Metadata) -> str | None:
    return metadata.date_published.local if metadata.date_published else None


def test_nothing_gives_nothing() -> None:
    empty = choose(page=Page(b""))
    assert empty == Metadata()


@pytest.mark.parametrize("text", ["2024-11-20", "1989-05-01", "2031-01-01T10:00:00Z"])
def test_implausible_dates_are_not_chosen(text: str) -> None:
    assert local(choose(date(text, rank=10))) is None
    assert local(choose(date(text, rank=10), date("2024-10-18", rank=45))) == "2024-10-18"


def test_a_more_exact_claim_of_the_same_day_wins() -> None:
    found = choose(date("2024-10-18", "json-ld:x", 10), date("2024-10-18T09:30:00+02:00", rank=20), date("2024-10-17T08:00:00Z", rank=15))
    assert local(found) == "2024-10-18T09:30:00+02:00"


def test_a_more_exact_claim_of_another_day_does_not() -> None:
    assert local(choose(date("2024-10-18", rank=10), date("2024-10-12T09:30:00+02:00", rank=20))) == "2024-10-18"


def test_modified_before_published_is_dropped() -> None:
    published, early = date("2024-10-18T09:30:00Z"), date("2024-10-17T09:30:00Z", field=Field.DATE_MODIFIED)
    assert choose(published, early).date_modified is None
    late = date("2024-10-19T09:30:00Z", field=Field.DATE_MODIFIED)
    assert choose(published, early, late).date_modified == late.value


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


@pytest.mark.parametrize(("title", "publisher", "wanted"), [
    ("Bridge closed - Harbor Times", "The Harbor Times", "Bridge closed"),
    ("Bridge closed | News | Harbor Times", "Harbor Times", "Bridge closed | News"),
    ("Harbor Times – Bridge closed", "Harbor Times", "Bridge closed"),
    ("Storm - what we know", "Harbor Times", "Storm - what we know"),
    ("Harbor Times", "Harbor Times", "Harbor Times"),
])
def test_site_names_are_cut(title: str, publisher: str, wanted: str) -> None:
    assert strip_site(title, [], publisher, None) == wanted


def test_headline_agreement_counts_kinds_of_places_not_repetitions() -> None:
    alone = Claim(Field.HEADLINE, "Storm closes bridge", "json-ld:NewsArticle.headline", 10)
    repeated = [Claim(Field.HEADLINE, "Bridge shut", evidence, 15) for evidence in ("h1", "label:headline:0", "title")]
    assert choose(alone, *repeated).headline == "Storm closes bridge"
    agreed = [Claim(Field.HEADLINE, "Bridge shut", evidence, 11) for evidence in ("meta:og:title", "h1")]
    found = choose(alone, *agreed)
    assert found.headline == "Bridge shut"
    assert set(agreed) <= set(found.chosen)


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


def test_what_another_title_ends_before_is_a_suffix_even_without_blanks() -> None:
    assert strip_site("Bridge closed-Politics|Harbor", ["Bridge closed"], None, None) == "Bridge closed"
    assert strip_site("Bridge-closed", ["Bridge over the Corve"], None, None) == "Bridge-closed"


@pytest.mark.parametrize("shown", ["2024-10-17T22:28:35-05:00", "2024-10-17T22:28"])
def test_a_moment_in_utc_is_written_as_the_page_writes_it(shown: str) -> None:
    found = choose(date("2024-10-18T03:28:35+00:00", "json-ld:NewsArticle.datePublished", 10), date(shown, "text:dated-line:9", 32))
    assert local(found) == "2024-10-17T22:28:35-05:00"
    assert found.date_published is not None
    assert found.date_published.instant == datetime(2024, 10, 18, 3, 28, 35, tzinfo=UTC)
    assert len([claim for claim in found.chosen if claim.field == Field.DATE_PUBLISHED]) == 2


@pytest.mark.parametrize("shown", ["2024-10-17T22:31", "2024-10-16T03:28:35+00:00", "2024-10-16", "2024-10-19"])
def test_another_moment_says_nothing_of_the_offset(shown: str) -> None:
    found = choose(date("2024-10-18T03:28:35+00:00", "json-ld:NewsArticle.datePublished", 10), date(shown, "text:dated-line:9", 32))
    assert local(found) == "2024-10-18T03:28:35+00:00"


def test_the_day_that_readers_are_shown_beside_a_moment_in_utc_is_that_of_the_page() -> None:
    found = choose(date("2024-10-18T03:28:35+00:00", "json-ld:NewsArticle.datePublished", 10), date("2024-10-17", "text:dated-line:9", 32))
    assert local(found) == "2024-10-17"
    assert found.date_published is not None
    assert found.date_published.instant == datetime(2024, 10, 18, 3, 28, 35, tzinfo=UTC)


def test_a_visible_date_that_confirms_the_head_goes_before_structured_data() -> None:
    stated = date("2024-10-03T10:25:00+00:00", "json-ld:NewsArticle.datePublished", 10)
    head = date("2024-10-06T14:25:00+00:00", "meta:article:published_time", 20)
    assert local(choose(stated, head, date("2024-10-06", "text:dated-line:9", 32))) == head.value.local  # type: ignore[union-attr]  # a When
    assert local(choose(stated, head)) == stated.value.local  # type: ignore[union-attr]  # a When


def test_a_name_of_the_publishers_words_is_no_person() -> None:
    claims = [Claim(Field.PUBLISHER, "Harbor News", "meta:og:site_name"), Claim(Field.AUTHORS, (Person("Harbor D"),), "json-ld:x", 10),
              Claim(Field.AUTHORS, (Person("Una Brand"),), "text:name-opening:3", 38)]
    assert [person.name for person in choose(*claims).authors] == ["Una Brand"]


@pytest.mark.parametrize(("changed", "day"), [("2024-10-18T09:00:00+00:00", "2019-03-04"), ("2024-10-20T09:00:00+00:00", "2024-10-18"),
                                              (None, "2024-10-18")])
def test_a_story_dated_anew_when_it_was_touched_keeps_the_day_of_its_address(changed: str | None, day: str) -> None:
    claims = [date("2024-10-18T09:00:00+00:00", "json-ld:NewsArticle.datePublished", 10), date("2019-03-04", "url:path", 45)]
    claims += [date(changed, "json-ld:NewsArticle.dateModified", 10, Field.DATE_MODIFIED)] if changed else []
    assert local(choose(*claims))[:10] == day
    assert local(choose(claims[0], date("2024-10-16", "url:path", 45), *claims[2:]))[:10] == "2024-10-18"


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


def test_a_headline_that_is_the_windows_title_says_so() -> None:
    titles = [Claim(Field.HEADLINE, "Pier to reopen: all you need to know", evidence, rank)
              for evidence, rank in (("title", 20), ("title:2", 21))]
    metadata, reasons = explained(Document(Page(b""), ()), (*titles, Claim(Field.HEADLINE, "Pier reopens", "h1", 22)))
    assert metadata.headline == "Pier reopens"
    assert reasons == dict.fromkeys((0, 1), "the window's title says the same, and that counts against it")


def test_a_headline_that_fewer_places_bear_out_says_so() -> None:
    agreed = [Claim(Field.HEADLINE, "Pier reopens", evidence, 15) for evidence in ("h1", "json-ld:headline", "meta:og:title")]
    given = (Claim(Field.HEADLINE, "Ferries back", "meta:twitter:title", 14), *agreed)
    metadata, lost = explained(Document(PAGE, ()), given)
    assert metadata.headline == "Pier reopens"
    assert lost == {0: "more kinds of places on the page agree on another text"}
