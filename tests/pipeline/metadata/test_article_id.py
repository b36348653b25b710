import re

import pytest

from copydesk.metadata.article_id import identity
from copydesk.model.metadata import Claim, Field, Metadata
from copydesk.model.page import Page

OWN = "https://example.com/world/storm"


def claim(url: str, evidence: str = "link:canonical") -> Claim:
    return Claim(Field.CANONICAL_URL, url, evidence)


def test_fetch_url_first_whatever_the_text() -> None:
    page = Page(b"", url=f"{OWN}?utm_source=feed#top")
    one = identity(page, Metadata(canonical_url="https://example.com/other"), (), "one text")
    assert one == identity(Page(b"", url=OWN), Metadata(), (), "another text")
    assert re.fullmatch(r"[0-9a-f]{32}", one)


def test_canonical_when_there_is_no_fetch_url() -> None:
    agreeing = (claim(OWN), claim(f"{OWN}/", "meta:og:url"), claim("http://www.example.com/world/storm", "json-ld:NewsArticle.url"))
    page, metadata = Page(b""), Metadata(canonical_url=OWN)
    assert identity(page, metadata, agreeing, "a") == identity(page, metadata, (), "b")


def test_contradicting_canonicals_leave_it_to_the_text() -> None:
    claims = (claim(OWN), claim("https://example.com/world/flood", "meta:og:url"))
    page, metadata = Page(b""), Metadata(canonical_url=OWN)
    assert identity(page, metadata, claims, "a") != identity(page, metadata, claims, "b")
    assert identity(page, metadata, claims, "a") == identity(page, Metadata(), (), "a")


def test_a_front_page_is_no_identity() -> None:
    metadata = Metadata(canonical_url="https://example.com/")
    assert identity(Page(b""), metadata, (), "a") != identity(Page(b""), metadata, (), "b")


def test_text_takes_the_headline_in() -> None:
    assert identity(Page(b""), Metadata(headline="One"), (), "a") != identity(Page(b""), Metadata(headline="Two"), (), "a")


@pytest.mark.parametrize("root", ["https://example.com", "https://example.com/", "http://www.example.com/index.html"])
def test_the_address_of_a_sites_entrance_is_no_identity(root: str) -> None:
    page = Page(b"", url=root)
    assert identity(page, Metadata(), (), "a") != identity(page, Metadata(), (), "b")
    assert identity(page, Metadata(canonical_url=OWN), (), "a") == identity(Page(b"", url=OWN), Metadata(), (), "b")
