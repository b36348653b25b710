"""What walking the inputs yields: files, rejects and ignored entries."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, Location

STAGE = "listing"
"""The stage that rejects of this room name."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file, or an object, of the input.

    Attributes:
        location: path, size and state of the file.
        mtime_ns: time of the last modification in nanoseconds since 1970; 0 when an object store does not tell.
    """

    location: Location
    mtime_ns: int


Listed = FoundFile | Reject | Ignored
"""One entry of an input."""
