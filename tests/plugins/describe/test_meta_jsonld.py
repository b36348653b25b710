import pytest

from copydesk import Field, Person
from copydesk_plugins.describe.meta_jsonld import Plugin
from support.metadata_pages import html, ld, values

PLUGIN = Plugin()
ARTICLE = {"@type": "NewsArticle", "headline": "Storm closes bridge", "datePublished": "2024-10-18T09:30:00Z"}


def test_graph_with_references() -> None:
    page = html(ld({"@graph": [{**ARTICLE, "author": {"@id": "#ann"}},
                                {"@type": "Person", "@id": "#ann", "name": "Ann Lee", "jobTitle": "Editor"}]}))
    assert values(PLUGIN, page, Field.AUTHORS) == [((Person("Ann Lee", role="Editor"),), "json-ld:NewsArticle.author")]
    assert values(PLUGIN, page, Field.HEADLINE) == [("Storm closes bridge", "json-ld:NewsArticle.headline")]


def test_the_article_of_the_page_among_teasers() -> None:
    teaser = {"@type": "NewsArticle", "headline": "Another story", "url": "https://www.example.com/b"}
    page = html(ld(teaser, {**ARTICLE, "mainEntityOfPage": {"@id": "https://www.example.com/a/storm"}}))
    assert [value for value, _ in values(PLUGIN, page, Field.HEADLINE)] == ["Storm closes bridge"]


def test_article_inside_a_web_page() -> None:
    page = html(ld({"@type": "WebPage", "mainEntity": ARTICLE}))
    assert values(PLUGIN, page, Field.DATE_PUBLISHED)[0][1] == "json-ld:NewsArticle.datePublished"


def test_an_agency_as_author_is_a_credit() -> None:
    page = html(ld({**ARTICLE, "author": {"@type": "Organization", "name": "Reuters"}}))
    assert values(PLUGIN, page, Field.CREDIT_TEXT) == [("Reuters", "json-ld:NewsArticle.author")]
    assert values(PLUGIN, page, Field.AUTHORS)[0][0] == (Person("Reuters", organization="Reuters"),)


@pytest.mark.parametrize(("value", "wanted"), [(False, False), ("False", False), ("http://schema.org/True", True), (True, True)])
def test_access(value: object, wanted: bool) -> None:
    assert values(PLUGIN, html(ld({**ARTICLE, "isAccessibleForFree": value})), Field.IS_ACCESSIBLE_FOR_FREE)[0][0] is wanted


@pytest.mark.parametrize("value", [None, "", "perhaps", 3, {}])
def test_absent_access_is_unknown(value: object) -> None:
    assert values(PLUGIN, html(ld({**ARTICLE, "isAccessibleForFree": value})), Field.IS_ACCESSIBLE_FOR_FREE) == []


def test_impossible_date_gives_no_claim() -> None:
    assert values(PLUGIN, html(ld({**ARTICLE, "datePublished": "2024-02-31"})), Field.DATE_PUBLISHED) == []


@pytest.mark.parametrize("thing", [[], {"@type": ["NewsArticle", 7], "author": [None, 3, {"name": ["x"]}], "headline": {"a": 1}},
                                   {"@type": {"a": "b"}}])
def test_odd_shapes_do_no_harm(thing: object) -> None:
    list(PLUGIN.propose_metadata(html(ld(thing))))


def test_live_blog() -> None:
    assert values(PLUGIN, html(ld({**ARTICLE, "@type": "LiveBlogPosting"})), Field.PAGE_TYPE)[0][0] == "live_blog"


def test_a_name_in_parts() -> None:
    page = html(ld({"@type": "NewsArticle", "author": {"@type": "Person", "givenName": "Ann", "familyName": "Lee"}}))
    assert [value for value, _ in values(PLUGIN, page, Field.AUTHORS)] == [(Person("Ann Lee"),)]


def test_a_part_behind_a_wall_makes_the_article_not_free() -> None:
    wall = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}
    for parts in (wall, [wall]):
        page = html(ld({**ARTICLE, "hasPart": parts}))
        assert [value for value, _ in values(PLUGIN, page, Field.IS_ACCESSIBLE_FOR_FREE)] == [False]
    assert values(PLUGIN, html(ld({**ARTICLE, "hasPart": {"isAccessibleForFree": True}})), Field.IS_ACCESSIBLE_FOR_FREE) == []
