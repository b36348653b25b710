"""What a walk over the inputs finds: files, rejects and ignored things."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.model.outcome import Reject
from copydesk.model.page import Ignored, Location

STAGE = "listing"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file of the input, with its time of modification in nanoseconds."""

    location: Location
    mtime_ns: int


Listed = FoundFile | Reject | Ignored
