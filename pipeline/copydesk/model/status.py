"""What can become of an input."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What became of an input. Each input has exactly one."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
