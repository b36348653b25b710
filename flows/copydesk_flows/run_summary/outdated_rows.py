"""Rows of an older fingerprint that a reprocessing run left as they are: counted, and the first of them named."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.operations import Job, OutdatedRow

LISTED = 1_000
"""So many are named."""
WHY = "their sources are not in the inputs, or hold other bytes now"


@dataclass(frozen=True, slots=True)
class OutdatedRows:
    """How many rows of an older fingerprint stay, and the first of them."""

    count: int
    first: tuple[OutdatedRow, ...]


def outdated_rows(job: Job) -> OutdatedRows:
    """The rows of an older fingerprint that stay after a run's commits."""
    first: list[OutdatedRow] = []
    count = 0
    for row in job.outdated():
        count += 1
        if count <= LISTED:
            first.append(row)
    return OutdatedRows(count, tuple(first))
