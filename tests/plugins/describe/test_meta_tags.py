import pytest

from copydesk import Field
from copydesk_plugins.describe.meta_tags import Plugin
from support.metadata_pages import html, values

PLUGIN = Plugin()


def names(page: object) -> list[list[str]]:
    return [[person.name for person in value] for value, _ in values(PLUGIN, page, Field.AUTHORS)]  # type: ignore[arg-type,attr-defined]


def test_open_graph_and_heading_are_claims_of_their_own() -> None:
    page = html('<meta property="og:title" content="Bridge shut"><title>Bridge shut - Harbor Times</title>')
    assert {evidence for _, evidence in values(PLUGIN, page, Field.HEADLINE)} == {"meta:og:title", "h1", "title"}


def test_canonical_and_og_url_as_written() -> None:
    page = html('<link rel="canonical" href="/a/storm"><meta property="og:url" content="https://www.example.com/a/storm">')
    assert values(PLUGIN, page, Field.CANONICAL_URL) == [
        ("/a/storm", "link:canonical"), ("https://www.example.com/a/storm", "meta:og:url")]


def test_the_author_of_a_comment_is_none_of_the_storys() -> None:
    comment = '<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Tro Ller</span></div>'
    assert names(html(body=f"<h1>Storm closes bridge</h1>{comment}")) == []
    assert names(html(body=f'<h1>Storm closes bridge</h1><span itemprop="author">Ann Lee</span>{comment}')) == [["Ann Lee"]]


@pytest.mark.parametrize(("stated", "wanted"), [
    ("© 2024 The Harbor Times. All rights reserved.", ["The Harbor Times"]), ("Copyright 2019-2024 by Harbor", ["Harbor"]),
    ("20 Minuten", ["20 Minuten"]), ("1843 Magazine", ["1843 Magazine"]), ("@harbor", []), ("https://harbor.example/", []), ("2024", []),
    ("Copyright 2024", []),
])
def test_publisher_is_a_name(stated: str, wanted: list[str]) -> None:
    assert [value for value, _ in values(PLUGIN, html(f'<meta name="copyright" content="{stated}">'), Field.PUBLISHER)] == wanted


def test_keywords_once_each_whatever_their_case() -> None:
    (found, _), = values(PLUGIN, html('<meta name="keywords" content="Storm, bridge, storm">'), Field.KEYWORDS)
    assert found == ("Storm", "bridge")


def test_dates_by_name() -> None:
    page = html('<meta property="article:published_time" content="2024-10-18T09:30:00+02:00"><meta name="date" content="2024-10-20">'
                '<meta property="article:modified_time" content="2024-10-19T09:30:00+02:00">')
    assert [value.local[:10] for value, _ in values(PLUGIN, page, Field.DATE_PUBLISHED)] == [  # type: ignore[attr-defined]
        "2024-10-18", "2024-10-20"]
    assert values(PLUGIN, page, Field.DATE_MODIFIED)[0][1] == "meta:article:modified_time"


def test_author_links_near_the_headline_only() -> None:
    story = '<h1>Storm closes bridge</h1><p>By <a rel="author" href="/x">Ann Lee</a></p>' + "<p>Rain fell.</p>" * 40
    page = html(body=f'{story}<p><a rel="author" href="/y">Bo Ek</a></p>')
    assert names(page) == [["Ann Lee"]]


def test_slugs_and_addresses_are_no_authors() -> None:
    page = html('<meta property="article:author" content="https://social.example/harbortimes"><meta name="author" content="admin">')
    assert names(page) == []


def test_access_and_sections() -> None:
    page = html('<meta name="article:content_tier" content="locked"><meta property="article:section" content="World">'
                '<meta name="keywords" content="storm, bridge, storm">')
    assert values(PLUGIN, page, Field.IS_ACCESSIBLE_FOR_FREE) == [(False, "meta:article:content_tier")]
    assert values(PLUGIN, page, Field.ARTICLE_SECTION)[0][0] == ("World",)
    assert values(PLUGIN, page, Field.KEYWORDS)[0][0] == ("storm", "bridge")
    assert values(PLUGIN, html(), Field.IS_ACCESSIBLE_FOR_FREE) == []


def test_language_attribute() -> None:
    assert values(PLUGIN, html(lang="de-AT"), Field.IN_LANGUAGE)[0] == ("de", "html:lang")
