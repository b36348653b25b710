"""Rows of an older fingerprint that a reprocessing run left as they are: counted, and the first of them named."""

from __future__ import annotations

from dataclasses import dataclass

from copydesk.engine import Job
from copydesk.ledger_sources import Left

LISTED = 1_000
"""So many are named."""
WHY = "their sources are not in the inputs, or hold other bytes now"


@dataclass(frozen=True, slots=True)
class Missing:
    """How many rows of an older fingerprint stay, and the first of them."""

    count: int
    first: tuple[Left, ...]


def missing_of(job: Job) -> Missing:
    """The rows of an older fingerprint that stay after a run's commits."""
    first: list[Left] = []
    count = 0
    for row in job.left():
        count += 1
        if count <= LISTED:
            first.append(row)
    return Missing(count, tuple(first))
