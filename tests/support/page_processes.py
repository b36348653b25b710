"""Pages for page processes, and what comes of them."""

from __future__ import annotations

from copydesk import MediaType, Page
from copydesk.engine.workers.page_pool import PagePool
from copydesk.rows.page_result import PageResult
from support.tiny_desk import story


def page(number: int, more: str = "") -> Page:
    """A page of the tiny desk."""
    return Page(story(number, more).encode(), MediaType.TEXT, f"{number}.txt")


def worked(pool: PagePool, troubles: list[str]) -> list[PageResult]:
    """Pages with these words, worked on."""
    try:
        futures = [pool.submit(page(number, more), "f") for number, more in enumerate(troubles)]
        return [future.result(timeout=120) for future in futures]
    finally:
        pool.close()


def code(result: PageResult) -> str:
    """What the page was stopped for."""
    return str(result.reject["code"]) if result.reject else ""
