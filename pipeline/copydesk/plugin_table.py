"""A table that a plugin adds to the dataset. Apart from `copydesk.tables`, so that nothing loads Arrow before rows are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from copydesk.values import Article


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a plugin's own: its name (``[a-z][a-z0-9_]*``), Arrow schema (with ``article_id: string``), and rows for an article."""

    name: str
    schema: pa.Schema
    rows: Callable[[Article], Iterable[Mapping[str, object]]]
