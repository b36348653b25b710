"""The status of an input."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What became of an input. Each input has exactly one status."""

    WRITTEN = "written"  # it is an article of the dataset
    DUPLICATE = "duplicate"  # another input gave the same article, and that one was written
    UNCHANGED = "unchanged"  # an earlier run processed it
    IGNORED = "ignored"  # it is never a page, such as a hidden file
    REJECTED = "rejected"  # it was read and is no article
    QUARANTINED = "quarantined"  # a limit, a plugin's error or an unreadable file stopped it
