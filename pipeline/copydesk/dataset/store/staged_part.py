"""The staged rows of a part of a shard, between the worker that made them and their commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StagedPart:
    """Tells where the rows of a part of a shard are staged. It is small and can be pickled: processes exchange paths, not documents.

    Attributes:
        shard: the number of the shard, from 0.
        number: the number of the part in its shard, from 0.
        folder: a local folder, or for a worker on another machine the URL of a prefix in the output's object store.
        last: whether this part ends its shard.
    """

    shard: int
    number: int
    folder: str
    last: bool
