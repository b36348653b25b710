"""A pool of page processes, which turn pages into rows.

Each process works on one page at a time, and a thread of the parent waits for its answer. One watch looks after all processes. A process
that hangs, dies or exceeds a limit is replaced; only the page that it was working on is lost, as a reject.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from copydesk.engine.workers import page_process
from copydesk.engine.workers.child import LOST, Child, WorkerStartError
from copydesk.engine.workers.launch import Starter
from copydesk.engine.workers.page_work import PageWork
from copydesk.engine.workers.parent_pipe import BEGUN
from copydesk.engine.workers.watch import Watch
from copydesk.errors import CopydeskError
from copydesk.model.page import Page
from copydesk.pipeline import Pipeline
from copydesk.rows.limit_codes import CPU, MEMORY
from copydesk.rows.page_result import PROCESS, PageResult, died, over_limit, quarantined
from copydesk.settings.schema import Settings

__all__ = ["InProcess", "PagePool", "WorkerStartError"]
Task = tuple[Page, str, Future[PageResult]]
"""A page, the fingerprint of its rows, and the future that gets its result."""


class InProcess:
    """Processes pages in the calling thread, one at a time, without limits of time and memory."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._work = PageWork(pipeline)
        self._lock = threading.Lock()

    size = 0

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """Process a page; return a future that already holds the result."""
        future: Future[PageResult] = Future()
        with self._lock:
            future.set_result(self._work.process(page, fingerprint))
        return future

    def close(self) -> None:
        """Do nothing: there is no process to end."""


@dataclass(slots=True)
class PagePool:
    """A pool of page processes. It starts processes as pages come.

    Attributes:
        settings: the settings that a process gets when it starts.
        size: the largest number of processes.
    """

    settings: Settings
    size: int
    _tasks: queue.SimpleQueue[Task | None] = field(default_factory=queue.SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)
    _watch: Watch = field(default_factory=Watch)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pending: int = 0
    _starter: Starter = field(init=False)

    def __post_init__(self) -> None:
        self._starter = Starter(page_process.NAME, self.settings, self._watch, self.settings.limits.memory_bytes)

    def take(self, settings: Settings) -> None:
        """Use these settings for all processes that start from now on."""
        self.settings = self._starter.settings = settings

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """Queue a page for the next free process; return its result as a future.

        The future raises `WorkerStartError` when no process starts.

        Raises:
            CopydeskError: the pool is closed.
        """
        future: Future[PageResult] = Future()
        with self._lock:
            if self._watch.is_closed:
                raise CopydeskError("the page processes are closed")
            self._pending += 1
            self._grow()
            self._tasks.put((page, fingerprint, future))  # within the lock, so that `close` cancels every queued page
        return future

    def warm(self) -> None:
        """Start the first process now, so that it loads its plugins while the caller does other work."""
        with self._lock:
            self._pending += 1
            self._grow()
            self._pending -= 1

    def close(self) -> None:
        """End all processes, and cancel the pages that still wait."""
        with self._lock:
            self._watch.close()
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is not None:
                task[2].cancel()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _grow(self) -> None:
        """Add a thread, which starts a process, when there are fewer than pages and than the pool may have."""
        if len(self._threads) < min(self.size, self._pending):
            thread = threading.Thread(target=self._serve, daemon=True, name=f"copydesk-pages-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        """Process pages until the pool closes. Each thread runs this, with a child process of its own."""
        child: Child | None = None
        with suppress(WorkerStartError):  # the start is repeated when there is a page, which gets the error
            child = self._starter.child()
        while (task := self._tasks.get()) is not None:
            page, fingerprint, future = task
            try:
                result, child = self._processed(child, page, fingerprint)
                future.set_result(result)
            except Exception as error:  # noqa: BLE001  # raised where the future's result is taken
                child = None
                future.set_exception(error)
            with self._lock:
                self._pending -= 1
        if child is not None:
            self._watch.end(child)

    def _processed(self, child: Child | None, page: Page, fingerprint: str) -> tuple[PageResult, Child | None]:
        """Process a page in a child; return the result, and the child if it can go on.

        A child that dies before it begins on the page is replaced, and the page is sent to the next one.

        Raises:
            WorkerStartError: too many children in a row died before they began on the page.
            CopydeskError: the run was stopped.
        """
        while True:
            child = child or self._starter.child()
            result, alive = self._answer(child, page, fingerprint)
            if result is not None:
                return result, alive
            self._starter.gone(child)
            child = None

    def _answer(self, child: Child, page: Page, fingerprint: str) -> tuple[PageResult | None, Child | None]:
        """Send a page to a child; return the result, and the child if it can go on. The result is None when the child never began."""
        limits = self.settings.limits
        begun = False
        self._watch.begin(child, limits.page_seconds, limits.cpu_seconds, limits.memory_bytes)
        try:
            child.send((page, fingerprint))
            said = child.receive()
            begun = said == BEGUN
            result = child.receive() if begun else said
        except LOST:
            return (self._lost(child, page) if begun else None), None
        except Exception as error:  # noqa: BLE001  # pickling and unpickling may raise any error
            self._watch.end(child)
            return quarantined(page, PROCESS, "plugin_error", f"cannot pass between processes: {type(error).__name__}: {error}"), None
        self._starter.works()
        if not isinstance(result, PageResult):
            self._watch.end(child)
            return quarantined(page, PROCESS, "plugin_error", f"a page process answered {type(result).__name__}"), None
        ran_out = result.reject is not None and result.reject["code"] == MEMORY
        if self._watch.release(child) and not ran_out and self._starter.is_fit(child):
            return result, child
        self._watch.end(child)
        return result, None

    def _lost(self, child: Child, page: Page) -> PageResult:
        """Return the outcome of the page that a child was working on when it died."""
        code = child.killed or (CPU if child.signal() == "SIGXCPU" else "")
        how = "" if code else child.ending()
        at_work = child.at_work()
        self._watch.end(child)
        if self._watch.is_closed:
            raise CopydeskError("the run was ended while the page was under way")
        if code:
            return over_limit(page, code, self.settings.limits, at_work)
        return died(page, "worker_died", f"the page process died: {how}", at_work)
