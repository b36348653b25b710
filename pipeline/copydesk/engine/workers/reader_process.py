"""A reader process: ranges of sources come in one at a time, what they hold goes out item by item.

Each item is sent as soon as it is there: whatever stops the reader behind it, it is not lost. The pipe holds the reader back while the
parent does not take the items.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from copydesk.engine.workers import os_limits
from copydesk.engine.workers.parent_pipe import BEGUN, ENDED, ParentPipe, started
from copydesk.model.page import SourceRange
from copydesk.rows.limit_codes import MEMORY, limit_message
from copydesk.settings.schema import Settings

if TYPE_CHECKING:
    from copydesk.plugins.manager import Plugins

NAME = __name__
MEMORY_FACTOR = 2
"""What a reader may hold, in terms of what a page may: it decodes several rows at once."""


def main() -> None:
    """Serve ranges until the parent closes the pipe."""
    _serve(*started())


def _serve(settings: Settings, line: ParentPipe) -> None:
    from copydesk.plugins import manager

    loaded = manager.load(settings)
    if "pyarrow" in sys.modules:
        os_limits.plain_allocator()
    line.ready()
    os_limits.allow_memory(MEMORY_FACTOR * settings.limits.memory_bytes)
    while True:
        source_range = line.receive()
        assert isinstance(source_range, SourceRange)  # noqa: S101  # what our own parent sends
        line.send(BEGUN)
        _give(loaded, source_range, settings, line)
        line.send(ENDED)


def _give(loaded: Plugins, source_range: SourceRange, settings: Settings, line: ParentPipe) -> None:
    from copydesk.engine.workers.reading import range_reject, read_here

    seconds = settings.limits.page_seconds * (os.cpu_count() or 1)
    try:
        for item in read_here(loaded, source_range):
            os_limits.allow_cpu(seconds)
            line.send(item)
        return
    except MemoryError:
        code, message = MEMORY, limit_message(MEMORY, settings.limits, MEMORY_FACTOR)
    except Exception as error:  # noqa: BLE001  # pickling what a plugin gave may raise anything
        code, message = "plugin_error", f"cannot pass between processes: {type(error).__name__}: {error}"
    os_limits.free_memory()
    line.send((range_reject(source_range, code, message), ""))
