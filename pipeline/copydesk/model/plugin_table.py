"""A table that a plugin adds to the dataset. This module does not import Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.model.article import Article

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Table:
    """A table that a plugin adds to the dataset.

    Attributes:
        name: the name of the table (``[a-z][a-z0-9_]*``).
        schema: the Arrow schema. It has the field ``article_id: string``.
        rows: gives the rows of an article, each a mapping from field to value.
    """

    name: str
    schema: pa.Schema
    rows: Callable[[Article], Iterable[Mapping[str, object]]]
