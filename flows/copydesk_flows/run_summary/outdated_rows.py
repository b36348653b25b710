"""Count the rows of an older fingerprint that a reprocessing run could not replace, and name the first of them."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.operations import Job, OutdatedRow

LISTED = 1_000
"""The number of rows that are named."""
WHY = "their sources are not in the inputs, or hold other bytes now"
"""Why such rows stay, in messages."""


@dataclass(frozen=True, slots=True)
class OutdatedRows:
    """The rows of an older fingerprint that stay.

    Attributes:
        count: the number of rows.
        first: the first `LISTED` of them.
    """

    count: int
    first: tuple[OutdatedRow, ...]


def outdated_rows(job: Job) -> OutdatedRows:
    """Return the rows of an older fingerprint that stay after the commits of a run."""
    first: list[OutdatedRow] = []
    count = 0
    for row in job.outdated():
        count += 1
        if count <= LISTED:
            first.append(row)
    return OutdatedRows(count, tuple(first))
