"""Passes over a record of a packed file that is too large to hold.

The record's length may be wrong, so it looks for records that begin inside of it.
"""

from __future__ import annotations

from copydesk_plugins.sources.warc.header_lines import FOUND_BYTES, opening
from copydesk_plugins.sources.warc.window import Window

ALLOWED_BACK = 1 << 28
"""Bytes that may be expanded a second time for such records, on top of as many as were read so far."""
TAIL = 80
"""Bytes needed behind the record to see what follows it."""


class Passing:
    """Passes over large records of one file.

    Attributes:
        window: the window on the file's expanded bytes.
        first: position where the first record seems to begin inside the one passed over last; None when none does.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self.first: int | None = None
        self._went_back = 0

    def over(self, end: int) -> int | None:
        """Go on until ``end`` is in the window; returns None then. When the record cannot reach that far, returns where to search on.

        It cannot reach that far in three cases: the run ends before; a packed member inside of it begins with a record; a record seems
        to begin inside, and going back to it later would take too long.
        """
        window = self.window
        self.first = None
        stop = False
        while not stop and not window.ended and window.base + len(window.buffer) < end + TAIL:
            stop = self._look(end)
            window.at = max(window.at, len(window.buffer) - FOUND_BYTES)
            if not stop:
                window.have(FOUND_BYTES + 1)
        stop = stop or self._look(end)
        window.keep = None
        if stop or window.base + len(window.buffer) < end:
            self._went_back += 0 if self.first is None else window.position - self.first
            return window.position if self.first is None else self.first
        return None

    def _look(self, end: int) -> bool:
        """Look for records that begin in the window. True when one of them ends the record, or too many bytes follow the first one."""
        window = self.window
        at = opening(window.buffer, window.at)
        while 0 <= at < end - window.base:
            if self.first is None:
                self.first = window.keep = window.base + at
            if window.source.begins_member(window.base + at):
                return True
            at = opening(window.buffer, at + 1)
        return self.first is not None and window.position - self.first > ALLOWED_BACK + window.position - self._went_back
