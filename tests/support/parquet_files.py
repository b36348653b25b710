"""Small Parquet files, and what the plugin reads from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk import Fault, LimitSettings, Location, Page
from copydesk_plugins.sources.source_parquet import Plugin

LIMITS = LimitSettings(page_bytes=200_000)


def opened(path: Path, **given: Any) -> list[Page | Fault]:
    """All that a file gives."""
    plugin = Plugin(Plugin.Settings.model_validate(given))
    ranges = plugin.plan_source(Location(str(path), path.name, path.stat().st_size))
    assert ranges is not None
    return [item for each in ranges for item in plugin.open_source(each, LIMITS) or ()]


def written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """A file with these columns."""
    pq.write_table(pa.table(columns), path, **options)
    return path


def only(items: Sequence[Page | Fault]) -> Fault:
    """The one item, which is a fault."""
    (fault,) = items
    assert isinstance(fault, Fault)
    return fault
