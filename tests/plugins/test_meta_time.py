import pytest
from meta_support import html, ld, scrape, values

from copydesk import Field, Label, Page, Reason
from copydesk.html.parser import parse
from copydesk_plugins.describe.dates.day_search import _parser
from copydesk_plugins.describe.meta_time import Plugin
from copydesk_plugins.shared.prose.written_dates import TextDates

PLUGIN = Plugin(Plugin.Settings())
DATES = TextDates()


def days(page: object, field: str = Field.DATE_PUBLISHED) -> list[str]:
    return [value.local for value, _ in values(PLUGIN, page, field)]  # type: ignore[arg-type,attr-defined]


@pytest.mark.parametrize(("text", "local"), [
    ("Published October 18, 2024 9:30 a.m. EDT", "2024-10-18T09:30-04:00"),
    ("18. Oktober 2024, 15:47 Uhr", "2024-10-18T15:47"),
    ("18 octobre 2024 à 15h47", "2024-10-18T15:47"),
    ("18 de octubre de 2024", "2024-10-18"),
    ("9:30 p.m. ET, Oct. 18, 2024", "2024-10-18T21:30"),
    ("2024年10月18日 15:47", "2024-10-18T15:47"),
    ("18.10.2024 15:47", "2024-10-18T15:47"),
])
def test_written_dates(text: str, local: str) -> None:
    assert [found.when.local for found in DATES.find(text)] == [local]


@pytest.mark.parametrize("text", ["31 April 2024", "February 30, 2024", "31.02.2024", "version 1.2.2024.5",
                                  "May I see 2024 of them", "05/04/2024"])
def test_no_dates(text: str) -> None:
    assert list(DATES.find(text)) == []


def test_time_elements_by_role() -> None:
    page = html(body='<h1>Storm closes bridge</h1><p>Updated <time datetime="2024-10-19T10:00:00Z">x</time></p>'
                     '<p>Published <time datetime="2024-10-18T10:00:00Z">x</time></p>')
    assert days(page) == ["2024-10-18T10:00:00+00:00"]
    assert days(page, Field.DATE_MODIFIED) == ["2024-10-19T10:00:00+00:00"]


def test_dated_line_of_a_scrape() -> None:
    text = "Storm closes bridge\n\nBy Ann Lee\n\nOctober 18, 2024\n\nThe bridge was closed after the storm of January 5, 2019, had hit it."
    assert days(scrape(text)) == ["2024-10-18"]


def test_fallback_only_without_other_dates() -> None:
    body = "<h1>Storm closes bridge</h1><p>Rain fell.</p><footer>Harbor Times, 18 October 2024</footer>"
    assert [evidence for _, evidence in values(PLUGIN, html(body=body), Field.DATE_PUBLISHED)] == ["htmldate"]
    assert values(PLUGIN, html('<meta property="article:published_time" content="2024-10-17">', body), Field.DATE_PUBLISHED) == []
    assert values(Plugin(Plugin.Settings(fallback=False)), html(body=body), Field.DATE_PUBLISHED) == []


@pytest.mark.parametrize("head", ['<meta property="article:published_time" content="2024-02-31">',
                                  ld({"@type": "NewsArticle", "datePublished": "2024-02-31"})])
def test_an_impossible_date_is_never_repaired(head: str) -> None:
    assert days(html(head)) == []


@pytest.mark.parametrize(("text", "day_first", "local"), [
    ("Posted Wed 05/06/2024", None, "2024-06-05"), ("Posted Mon 05/06/2024", None, "2024-05-06"),
    ("Posted Mon 05/06/2024", True, "2024-05-06"), ("05/06/2024", True, "2024-06-05"), ("05/06/2024", False, "2024-05-06"),
    ("13/06/2024", None, "2024-06-13"), ("05.06.2024", False, "2024-06-05"), ("05/06/2024", None, None),
    ("Posted Sun 05/06/2024", None, None), ("13.13.2024", True, None), ("06.13.2024", None, None), ("31/02/2024", True, None),
])
def test_day_and_month_in_numbers(text: str, day_first: bool | None, local: str | None) -> None:
    assert [found.when.local for found in DATES.find(text, day_first)] == ([local] if local else [])


@pytest.mark.parametrize(("tags", "first"), [
    (("en", "en_US"), False), (("en-GB",), True), (("en", None), None), (("de-AT",), True), ((), None)])
def test_region_settles_the_order(tags: tuple[str | None, ...], first: bool | None) -> None:
    assert DATES.day_first(tags) is first


@pytest.mark.parametrize("sentence", [
    "The council first met about it on 5 May 2011 in the old hall.",
    "The bridge, which opened on 05.05.2011, has been closed for two weeks now."])
def test_the_search_does_not_believe_running_text(sentence: str) -> None:
    body = f"<h1>Storm closes bridge</h1><p>Rain fell for days on end in the whole of the valley.</p><p>{sentence}</p>"
    assert days(html(body=body)) == []


def test_the_search_does_not_believe_another_month() -> None:
    body = "<h1>Storm closes bridge</h1><p>Rain fell.</p><footer>Harbor Times, 18 October 2024</footer>"
    page = html(body=body)
    when = next(PLUGIN.dates.find("18 September 2024")).when
    assert not PLUGIN.search._stands(when, page, page.text)
    assert PLUGIN.search._stands(next(PLUGIN.dates.find("18 October 2024")).when, page, page.text)


def test_the_search_does_not_believe_an_address_elsewhere() -> None:
    head = '<link rel="canonical" href="https://elsewhere.example/2019/01/01/storm">'
    assert days(html(head, "<h1>Storm closes bridge</h1><p>Rain fell.</p>")) == []


@pytest.mark.parametrize(("line", "day"), [
    ("2 hours ago", "2024-10-31"), ("30 minutes ago", "2024-10-31"), ("vor 3 Tagen", "2024-10-29"), ("il y a 2 jours", "2024-10-30"),
    ("hace 5 horas", "2024-10-31"), ("Updated 2 days ago", None), ("40 years ago", None)])
def test_times_counted_back_from_a_known_capture(line: str, day: str | None) -> None:
    body = f"<h1>Storm closes bridge</h1><p>{line}</p><p>The bridge was closed after the storm had hit it.</p>"
    assert days(html(body=body)) == ([day] if day else [])


LEAD = "The ferry that links the two banks of the sound stopped on Monday, and nobody could say when it would sail again this week."


@pytest.mark.parametrize(("opening", "day"), [
    ("OSLO, 12 November 2021 – ", "2021-11-12"), ("Karlsruhe, 12. November 2021 - ", "2021-11-12"),
    ("In the autumn of 12 November 2021 ", None)])
def test_the_date_in_a_dateline(opening: str, day: str | None) -> None:
    page = html(body=f"<h1>Storm closes bridge</h1><p>{opening}{LEAD}</p>", url=None)
    index = len(page.blocks) - 1
    found = [value.local for value, evidence in values(PLUGIN, page, Field.DATE_PUBLISHED, Label(index, Reason.ARTICLE, "x", 0.9))  # type: ignore[attr-defined]
             if "dateline" in evidence]
    assert found == ([day] if day else [])


def test_a_date_in_the_window_title() -> None:
    assert days(html("<title>Storm closes bridge | 02.11.2021</title>", lang="de")) == ["2021-11-02"]


def test_dates_away_from_the_headline_are_other_stories_where_only_a_change_is_shown_at_it() -> None:
    teasers = "".join(f'<p class="date">{day} October 2024</p><h3>Another story of the harbour, number {day}</h3>' for day in (2, 3))
    body = (f'<h1>Storm closes bridge</h1><p class="date">Updated 5 October 2024</p>{f"<p>{LEAD}</p>" * 14}'
            f'<div>{teasers}</div><time datetime="2024-10-02">2 October</time>')
    assert days(html(body=body), Field.DATE_MODIFIED) == ["2024-10-05"]
    assert {"2024-10-02", "2024-10-03"}.isdisjoint(days(html(body=body)))


@pytest.mark.parametrize(("text", "local"), [
    ("18. ledna 2024", "2024-01-18"), ("18. tammikuuta 2024", "2024-01-18"), ("18 января 2024", "2024-01-18"),
    ("18. 1. 2024", "2024-01-18"), ("18.01.24, 15:47", "2024-01-18T15:47"), ("version 18.01.24", None)])
def test_dates_of_more_languages_and_short_years(text: str, local: str | None) -> None:
    assert [found.when.local for found in DATES.find(text)] == ([local] if local else [])


def test_the_date_of_a_comment_is_none_of_the_storys() -> None:
    comment = '<div class="comment"><time itemprop="datePublished" datetime="2024-10-20">20 October</time></div>'
    assert values(PLUGIN, html(body=f"<h1>Storm closes bridge</h1>{comment}"), Field.DATE_PUBLISHED) == []


@pytest.mark.parametrize(("line", "day"), [
    ("an hour ago", "2024-10-31"), ("vor einer Stunde", "2024-10-31"), ("il y a un jour", "2024-10-31"), ("3 days ago", "2024-10-29"),
    ("an hour", None), ("years ago", None),
])
def test_times_counted_back_need_the_capture(line: str, day: str | None) -> None:
    page = html(body=f'<h1>Storm closes bridge</h1><p class="date">{line}</p>')
    assert days(page) == ([day] if day else [])
    uncaptured = parse(Page(page.page.content, url=page.page.url))
    assert days(uncaptured) == []


def test_the_search_has_no_memory_of_other_pages() -> None:
    asked = ("10.11.2021", "Vendredi 5 mars 2021", "3 avril 2021")
    alone = [_parser().get_date_data(text)["date_obj"] for text in asked]
    for text in ("5. März 2021", "5 de março de 2021", "11 November 2021"):
        _parser().get_date_data(text)
    assert [_parser().get_date_data(text)["date_obj"] for text in asked] == alone
    assert alone[1].date().isoformat() == "2021-03-05"


def test_arabic_months() -> None:
    assert [each.when.local for each in DATES.find("الأربعاء، 07 أكتوبر 2020")] == ["2020-10-07"]
