"""A page process: pages come in one at a time, their rows go out."""

from __future__ import annotations

from copydesk import limits_of_process
from copydesk.limits_of_process import MEMORY
from copydesk.model import Page
from copydesk.serving import BEGUN, Line, started
from copydesk.settings import Settings

NAME = "page_worker"


def main() -> None:
    """Serve pages until the parent closes the pipe."""
    _serve(*started())


def _serve(settings: Settings, line: Line) -> None:
    from copydesk.page_batches import PageWork
    from copydesk.page_rows import Processed, beyond
    from copydesk.process import Pipeline

    limits_of_process.plain_allocator()
    pipeline = Pipeline(settings)
    pipeline.plugins.at = line.at
    work = PageWork(pipeline)
    limits = settings.limits
    line.ready()
    limits_of_process.allow_memory(limits.memory_bytes)
    while True:
        message = line.receive()
        assert isinstance(message, tuple)  # noqa: S101  # what our own parent sends
        page, fingerprint = message
        assert isinstance(page, Page)  # noqa: S101  # the same
        limits_of_process.allow_cpu(limits.cpu_seconds)
        line.send(BEGUN)  # from here on a death is the page's
        result: Processed | None
        try:
            result = work.process(page, fingerprint)
            line.send(result)
        except MemoryError:
            result = None
        if result is None:
            limits_of_process.free_memory()
            line.send(beyond(page, MEMORY, limits))
