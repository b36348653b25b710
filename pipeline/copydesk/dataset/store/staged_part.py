"""Where the rows of a part of a shard are, on their way to a commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StagedPart:
    """Where the rows of a part of a shard are staged, a folder or a URL; the ``last`` part ends its shard. Small and picklable: paths
    travel, never documents."""

    shard: int
    number: int
    folder: str
    last: bool
