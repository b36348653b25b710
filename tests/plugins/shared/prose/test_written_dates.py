"""Dates as people write them, in several languages."""

from __future__ import annotations

import pytest

from copydesk_plugins.shared.prose.written_dates import TextDates

DATES = TextDates()


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


@pytest.mark.parametrize(("text", "local"), [
    ("18. ledna 2024", "2024-01-18"), ("18. tammikuuta 2024", "2024-01-18"), ("18 января 2024", "2024-01-18"),
    ("18. 1. 2024", "2024-01-18"), ("18.01.24, 15:47", "2024-01-18T15:47"), ("version 18.01.24", None)])
def test_dates_of_more_languages_and_short_years(text: str, local: str | None) -> None:
    assert [found.when.local for found in DATES.find(text)] == ([local] if local else [])


def test_arabic_months() -> None:
    assert [each.when.local for each in DATES.find("الأربعاء، 07 أكتوبر 2020")] == ["2020-10-07"]
