"""When to run: times and lines of cron."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import SettingsError
from copydesk_flows.settings.schedule import duration, timing


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_durations_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    assert duration("--every", f"{days}d{hours}h{minutes}m{seconds}s") == ((days * 24 + hours) * 60 + minutes) * 60 + seconds


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5s", "1.5h", "5m1h", "9999999s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(SettingsError, match="is no time"):
        duration("--settle", text)


@pytest.mark.parametrize("line", ["*/15 * * * *", "0 6 * * mon-fri", "5,35 0-6 1 jan 0"])
def test_cron_lines(line: str) -> None:
    assert timing(line, None).cron == line


@pytest.mark.parametrize("line", ["", "hourly", "* * * *", "* * * * * * *", "* * * * *; rm"])
def test_what_is_no_cron_line(line: str) -> None:
    with pytest.raises(SettingsError, match="is no cron line"):
        timing(line, None)
