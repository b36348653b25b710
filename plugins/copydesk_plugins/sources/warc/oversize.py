"""Passing over a record of a packed file that is too large to hold, with an eye on records that begin inside: its length may be wrong."""

from __future__ import annotations

from copydesk_plugins.sources.warc.header_lines import FOUND_BYTES, opening
from copydesk_plugins.sources.warc.window import Window

ALLOWED_BACK = 1 << 28
"""How many bytes may be expanded a second time for such records, beside as many as were read so far."""
TAIL = 80


class Passing:
    """Passes over large records of one file."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.first: int | None = None
        """Where the first record seems to begin inside the one that was passed over last."""
        self._went_back = 0

    def over(self, end: int) -> int | None:
        """Go on until ``end`` is in the window; or, when the record cannot reach so far, say where to search for the next.

        It cannot where the run ends before, and where a packed member begins with a record. What seems to begin inside counts once
        going back to it later would take too long.
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
        """Look for records that begin in the window; whether one of them, or the bytes since the first, end the record."""
        window = self.window
        at = opening(window.buffer, window.at)
        while 0 <= at < end - window.base:
            if self.first is None:
                self.first = window.keep = window.base + at
            if window.source.begins_member(window.base + at):
                return True
            at = opening(window.buffer, at + 1)
        return self.first is not None and window.position - self.first > ALLOWED_BACK + window.position - self._went_back
