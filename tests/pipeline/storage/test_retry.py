"""Which errors of storage are tried again, and how often."""

from __future__ import annotations

import pytest

from copydesk.storage import retry as retrying


def test_passing_errors_are_tried_again_and_permanent_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", (0.0, 0.0))
    for code, tries in ((5, 3), (28, 1)):  # EIO, ENOSPC
        calls: list[int] = []

        def work(code: int = code, calls: list[int] = calls) -> None:
            calls.append(code)
            raise OSError(code, "no")

        with pytest.raises(OSError, match="no"):
            retrying.retry(work)
        assert len(calls) == tries
