"""A table that a plugin adds to the dataset. This file loads no Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copydesk.model.article import Article

if TYPE_CHECKING:
    import pyarrow as pa



@dataclass(frozen=True, slots=True)
class Table:
    """A table of a plugin's own: its name (``[a-z][a-z0-9_]*``), Arrow schema (with ``article_id: string``), and rows for an article."""

    name: str
    schema: pa.Schema
    rows: Callable[[Article], Iterable[Mapping[str, object]]]
