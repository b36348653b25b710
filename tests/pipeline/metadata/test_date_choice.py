"""Which date is chosen, and how it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from copydesk.model.metadata import Field
from support.claims import choose, date, local


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


@pytest.mark.parametrize(("changed", "day"), [("2024-10-18T09:00:00+00:00", "2019-03-04"), ("2024-10-20T09:00:00+00:00", "2024-10-18"),
                                              (None, "2024-10-18")])
def test_a_story_dated_anew_when_it_was_touched_keeps_the_day_of_its_address(changed: str | None, day: str) -> None:
    claims = [date("2024-10-18T09:00:00+00:00", "json-ld:NewsArticle.datePublished", 10), date("2019-03-04", "url:path", 45)]
    claims += [date(changed, "json-ld:NewsArticle.dateModified", 10, Field.DATE_MODIFIED)] if changed else []
    assert local(choose(*claims))[:10] == day
    assert local(choose(claims[0], date("2024-10-16", "url:path", 45), *claims[2:]))[:10] == "2024-10-18"
