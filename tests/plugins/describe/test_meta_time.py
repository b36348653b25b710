from __future__ import annotations

import pytest

from copydesk import Field, Label, Page, Reason
from copydesk.html.parser import parse
from copydesk_plugins.describe.meta_time import Plugin
from support.metadata_pages import META_TIME, days, html, ld, scrape, values


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
    assert [evidence for _, evidence in values(META_TIME, html(body=body), Field.DATE_PUBLISHED)] == ["htmldate"]
    assert values(META_TIME, html('<meta property="article:published_time" content="2024-10-17">', body), Field.DATE_PUBLISHED) == []
    assert values(Plugin(Plugin.Settings(fallback=False)), html(body=body), Field.DATE_PUBLISHED) == []


@pytest.mark.parametrize("head", ['<meta property="article:published_time" content="2024-02-31">',
                                  ld({"@type": "NewsArticle", "datePublished": "2024-02-31"})])
def test_an_impossible_date_is_never_repaired(head: str) -> None:
    assert days(html(head)) == []


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
    found = [value.local for value, evidence in values(META_TIME, page, Field.DATE_PUBLISHED, Label(index, Reason.ARTICLE, "x", 0.9))  # type: ignore[attr-defined]
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


def test_the_date_of_a_comment_is_none_of_the_storys() -> None:
    comment = '<div class="comment"><time itemprop="datePublished" datetime="2024-10-20">20 October</time></div>'
    assert values(META_TIME, html(body=f"<h1>Storm closes bridge</h1>{comment}"), Field.DATE_PUBLISHED) == []


@pytest.mark.parametrize(("line", "day"), [
    ("an hour ago", "2024-10-31"), ("vor einer Stunde", "2024-10-31"), ("il y a un jour", "2024-10-31"), ("3 days ago", "2024-10-29"),
    ("an hour", None), ("years ago", None),
])
def test_times_counted_back_need_the_capture(line: str, day: str | None) -> None:
    page = html(body=f'<h1>Storm closes bridge</h1><p class="date">{line}</p>')
    assert days(page) == ([day] if day else [])
    uncaptured = parse(Page(page.page.content, url=page.page.url))
    assert days(uncaptured) == []
