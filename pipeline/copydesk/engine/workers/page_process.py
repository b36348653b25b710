"""A page process: pages come in one at a time, their rows go out."""

from __future__ import annotations

from copydesk.engine.workers import os_limits
from copydesk.engine.workers.parent_pipe import BEGUN, ParentPipe, started
from copydesk.model.page import Page
from copydesk.rows.limit_codes import MEMORY
from copydesk.settings.schema import Settings

NAME = __name__


def main() -> None:
    """Serve pages until the parent closes the pipe."""
    _serve(*started())


def _serve(settings: Settings, line: ParentPipe) -> None:
    from copydesk.engine.workers.page_work import PageWork
    from copydesk.pipeline import Pipeline
    from copydesk.rows.page_result import PageResult, over_limit

    os_limits.plain_allocator()
    pipeline = Pipeline(settings)
    pipeline.plugins.at = line.at
    work = PageWork(pipeline)
    limits = settings.limits
    line.ready()
    os_limits.allow_memory(limits.memory_bytes)
    while True:
        message = line.receive()
        assert isinstance(message, tuple)  # noqa: S101  # what our own parent sends
        page, fingerprint = message
        assert isinstance(page, Page)  # noqa: S101  # the same
        os_limits.allow_cpu(limits.cpu_seconds)
        line.send(BEGUN)  # from here on a death is the page's
        result: PageResult | None
        try:
            result = work.process(page, fingerprint)
            line.send(result)
        except MemoryError:
            result = None
        if result is None:
            os_limits.free_memory()
            line.send(over_limit(page, MEMORY, limits))
