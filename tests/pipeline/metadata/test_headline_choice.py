"""Which headline is chosen, and what is cut from it."""

from __future__ import annotations

import pytest

from copydesk.metadata.choice import explained
from copydesk.metadata.headline_choice import strip_site
from copydesk.model.document import Document
from copydesk.model.metadata import Claim, Field
from copydesk.model.page import Page
from support.claims import PAGE, choose


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


def test_what_another_title_ends_before_is_a_suffix_even_without_blanks() -> None:
    assert strip_site("Bridge closed-Politics|Harbor", ["Bridge closed"], None, None) == "Bridge closed"
    assert strip_site("Bridge-closed", ["Bridge over the Corve"], None, None) == "Bridge-closed"


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
