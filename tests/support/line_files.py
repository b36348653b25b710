"""Files of JSON lines, and what the plugin reads from them."""

from __future__ import annotations

import json
from pathlib import Path

from copydesk import Fault, LimitSettings, Location, Page
from copydesk_plugins.sources.source_jsonl import Plugin

LIMITS = LimitSettings(page_bytes=20_000)
RECORDS = [json.dumps({"id": str(number), "text": f"Text number {number}. " * 20}).encode() for number in range(300)]
MARK = b"\xef\xbb\xbf"


def opened(path: Path, content: bytes, range_bytes: int = 1 << 20) -> list[Page | Fault]:
    """All that a file of lines gives, cut into ranges of so many bytes."""
    path.write_bytes(content)
    plugin = Plugin(Plugin.Settings(range_bytes=range_bytes))
    ranges = plugin.plan_source(Location(str(path), path.name, len(content)))
    assert ranges is not None
    return [item for each in ranges for item in plugin.open_source(each, LIMITS) or ()]


def ids(items: list[Page | Fault]) -> list[str]:
    """The records that became pages."""
    return [item.source_record for item in items if isinstance(item, Page)]
