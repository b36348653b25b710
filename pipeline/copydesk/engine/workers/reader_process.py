"""A reader process: it receives ranges of sources one at a time, and sends back their items one by one.

Each item is sent as soon as it is read, so that it is not lost when the reader fails later. While the parent takes no items, the full pipe
makes the reader wait.
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
"""The module that the parent tells a child to run."""
MEMORY_FACTOR = 2
"""A reader may hold this many times the memory of a page process, since it decodes several rows at once."""


def main() -> None:
    """Serve ranges until the parent closes the pipe."""
    _serve(*started())


def _serve(settings: Settings, pipe: ParentPipe) -> None:
    from copydesk.plugins import manager

    loaded = manager.load(settings)
    if "pyarrow" in sys.modules:
        os_limits.plain_allocator()
    pipe.ready()
    os_limits.allow_memory(MEMORY_FACTOR * settings.limits.memory_bytes)
    while True:
        source_range = pipe.receive()
        assert isinstance(source_range, SourceRange)  # noqa: S101  # the parent sends nothing else
        pipe.send(BEGUN)
        _give(loaded, source_range, settings, pipe)
        pipe.send(ENDED)


def _give(loaded: Plugins, source_range: SourceRange, settings: Settings, pipe: ParentPipe) -> None:
    """Send the items of a range. An error becomes a reject of the rest."""
    from copydesk.engine.workers.reading import range_reject, read_here

    seconds = settings.limits.page_seconds * (os.cpu_count() or 1)
    try:
        for item in read_here(loaded, source_range):
            os_limits.allow_cpu(seconds)
            pipe.send(item)
        return
    except MemoryError:
        code, message = MEMORY, limit_message(MEMORY, settings.limits, MEMORY_FACTOR)
    except Exception as error:  # noqa: BLE001  # pickling an object of a plugin may raise any error
        code, message = "plugin_error", f"cannot pass between processes: {type(error).__name__}: {error}"
    os_limits.free_memory()
    pipe.send((range_reject(source_range, code, message), ""))
