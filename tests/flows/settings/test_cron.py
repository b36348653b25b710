"""Cron lines: the good pass, the bad are named before anything starts."""

import pytest

from copydesk import SettingsError
from copydesk_flows.settings.cron import cron_fault
from copydesk_flows.settings.schedule import timing


@pytest.mark.parametrize("line", ["0 6 * * mon-fri", "*/15 * * * *", "0,30 8-18/2 1 jan-jun 7", "0 0 l * ?", "0 0 * * fri#2"])
def test_good_lines(line: str) -> None:
    assert cron_fault(line) is None
    assert timing(line, None).cron == line


@pytest.mark.parametrize(("line", "words"), [
    ("61 * * * *", "minute 61 is not from 0 to 59"), ("0 24 * * *", "hour 24"), ("0 0 0 * *", "day 0"), ("0 0 * foo *", "month foo"),
    ("0 0 * * 8", "weekday 8"), ("*/0 * * * *", "a step of 0"), ("* * * *", "it has 4 fields"), ("0 0 * * mon-", "is no value"),
    ("0 " * 400, "too long")])
def test_bad_lines_say_what_is_wrong(line: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        timing(line, None)
