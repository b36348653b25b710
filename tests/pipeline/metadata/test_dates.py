from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.dates import has_offset, local_day, parse_when, when_on
from copydesk.model.metadata import Precision


@pytest.mark.parametrize(("text", "local"), [
    ("2024-10-18T09:30:00-04:00", "2024-10-18T09:30:00-04:00"),
    ("2024-10-18T09:30:00.123Z", "2024-10-18T09:30:00+00:00"),
    ("2024-10-18 09:30 +0200", "2024-10-18T09:30+02:00"),
    ("2024-10-18 09:30", "2024-10-18T09:30"),
    ("20241018T093000Z", "2024-10-18T09:30:00+00:00"),
    ("2024/10/18", "2024-10-18"),
    ("18.10.2024, 09:30", "2024-10-18T09:30"),
    ("18/10/2024", "2024-10-18"),
    ("10/18/2024 09:30", "2024-10-18T09:30"),
    ("Fri, 18 Oct 2024 09:30:00 GMT", "2024-10-18T09:30:00+00:00"),
    ("1729243800", "2024-10-18T09:30:00+00:00"),
    ("2024-10-18T00:00:00", "2024-10-18"),
])
def test_forms(text: str, local: str) -> None:
    found = parse_when(text)
    assert found is not None
    assert found.local == local


@pytest.mark.parametrize("text", [
    "2024-02-31", "2023-02-29T10:00:00Z", "31.04.2024", "2024-13-01", "2024-10-18T25:00:00Z", "2024-10-18T10:61", "05/04/2024", "yesterday",
    "", "2024", "20241399", "2024-10-18T09:30:00+99:00", "0000-01-01", "Fri, 31 Feb 2024 09:30:00 GMT", "9" * 500,
])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_when(text) is None


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)), st.integers(-14 * 4, 14 * 4))
def test_iso_round_trip_keeps_offset_and_instant(moment: datetime, quarters: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    found = parse_when(moment.isoformat())
    assert found is not None
    assert found.local == moment.isoformat()
    assert found.instant == moment
    assert found.instant.tzinfo is UTC
    assert found.precision is Precision.SECOND
    assert has_offset(found)
    assert local_day(found) == moment.date()


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_day_is_that_day_or_none(year: int, month: int, number: int) -> None:
    found = when_on(year, month, number)
    try:
        wanted = date(year, month, number)
    except ValueError:
        assert found is None
    else:
        assert found is not None
        assert found.local == wanted.isoformat()
        assert not has_offset(found)


@given(st.text(max_size=100))
def test_never_raises(text: str) -> None:
    parse_when(text)
