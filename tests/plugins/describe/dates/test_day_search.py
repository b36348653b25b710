"""The search for a day where no place of the page names one."""

from __future__ import annotations

import pytest

from copydesk_plugins.describe.dates.day_search import _parser
from support.metadata_pages import META_TIME, days, html


@pytest.mark.parametrize("sentence", [
    "The council first met about it on 5 May 2011 in the old hall.",
    "The bridge, which opened on 05.05.2011, has been closed for two weeks now."])
def test_the_search_does_not_believe_running_text(sentence: str) -> None:
    body = f"<h1>Storm closes bridge</h1><p>Rain fell for days on end in the whole of the valley.</p><p>{sentence}</p>"
    assert days(html(body=body)) == []


def test_the_search_does_not_believe_another_month() -> None:
    body = "<h1>Storm closes bridge</h1><p>Rain fell.</p><footer>Harbor Times, 18 October 2024</footer>"
    page = html(body=body)
    when = next(META_TIME.dates.find("18 September 2024")).when
    assert not META_TIME.search._stands(when, page, page.text)
    assert META_TIME.search._stands(next(META_TIME.dates.find("18 October 2024")).when, page, page.text)


def test_the_search_does_not_believe_an_address_elsewhere() -> None:
    head = '<link rel="canonical" href="https://elsewhere.example/2019/01/01/storm">'
    assert days(html(head, "<h1>Storm closes bridge</h1><p>Rain fell.</p>")) == []


def test_the_search_has_no_memory_of_other_pages() -> None:
    asked = ("10.11.2021", "Vendredi 5 mars 2021", "3 avril 2021")
    alone = [_parser().get_date_data(text)["date_obj"] for text in asked]
    for text in ("5. März 2021", "5 de março de 2021", "11 November 2021"):
        _parser().get_date_data(text)
    assert [_parser().get_date_data(text)["date_obj"] for text in asked] == alone
    assert alone[1].date().isoformat() == "2021-03-05"
