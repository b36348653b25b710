"""The rows of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import copydesk as core


def rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, in order."""
    return core.open_dataset(dataset).table(table).to_pylist()
