"""A page process: it receives pages one at a time, and sends back their rows."""

from __future__ import annotations

from copydesk.engine.workers import os_limits
from copydesk.engine.workers.parent_pipe import BEGUN, ParentPipe, started
from copydesk.model.page import Page
from copydesk.rows.limit_codes import MEMORY
from copydesk.settings.schema import Settings

NAME = __name__
"""The module that the parent tells a child to run."""


def main() -> None:
    """Serve pages until the parent closes the pipe."""
    _serve(*started())


def _serve(settings: Settings, pipe: ParentPipe) -> None:
    from copydesk.engine.workers.page_work import PageWork
    from copydesk.pipeline import Pipeline
    from copydesk.rows.page_result import PageResult, over_limit

    os_limits.plain_allocator()
    pipeline = Pipeline(settings)
    pipeline.plugins.at = pipe.at
    work = PageWork(pipeline)
    limits = settings.limits
    pipe.ready()
    os_limits.allow_memory(limits.memory_bytes)
    while True:
        message = pipe.receive()
        assert isinstance(message, tuple)  # noqa: S101  # the parent sends nothing else
        page, fingerprint = message
        assert isinstance(page, Page)  # noqa: S101  # the same
        os_limits.allow_cpu(limits.cpu_seconds)
        pipe.send(BEGUN)  # from here on, the page is blamed if this process dies
        result: PageResult | None
        try:
            result = work.process(page, fingerprint)
            pipe.send(result)
        except MemoryError:
            result = None
        if result is None:
            os_limits.free_memory()
            pipe.send(over_limit(page, MEMORY, limits))
