"""Page processes: pages go in, rows come out; one that hangs, dies or takes too much costs the page it holds and is replaced.

One page at a time each, a thread apiece to wait for the answer, and one watch over all.
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


class InProcess:
    """No processes: pages are worked on in the calling thread, one at a time, without limits of time and memory."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._work = PageWork(pipeline)
        self._lock = threading.Lock()

    size = 0

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """The page's rows, in a future that is done."""
        future: Future[PageResult] = Future()
        with self._lock:
            future.set_result(self._work.process(page, fingerprint))
        return future

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class PagePool:
    """Up to ``size`` page processes, started when pages come."""

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
        """Start processes with these settings from now on."""
        self.settings = self._starter.settings = settings

    def submit(self, page: Page, fingerprint: str) -> Future[PageResult]:
        """Hand a page to the next free process. Its future raises `WorkerStartError` when none starts."""
        future: Future[PageResult] = Future()
        with self._lock:
            if self._watch.is_closed:
                raise CopydeskError("the page processes are closed")
            self._pending += 1
            self._grow()
            self._tasks.put((page, fingerprint, future))  # within the lock: `close` cancels all that was put
        return future

    def warm(self) -> None:
        """Start the first process now: it loads its plugins while the caller does other things."""
        with self._lock:
            self._pending += 1
            self._grow()
            self._pending -= 1

    def close(self) -> None:
        """End all processes; pages still waiting are cancelled."""
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
        if len(self._threads) < min(self.size, self._pending):
            thread = threading.Thread(target=self._serve, daemon=True, name=f"copydesk-pages-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        """A thread's life: one process after another, one page after another."""
        child: Child | None = None
        with suppress(WorkerStartError):  # tried again, and told, when there is a page
            child = self._starter.child()
        while (task := self._tasks.get()) is not None:
            page, fingerprint, future = task
            try:
                result, child = self._processed(child, page, fingerprint)
                future.set_result(result)
            except Exception as error:  # noqa: BLE001  # told to whoever waits for the page
                child = None
                future.set_exception(error)
            with self._lock:
                self._pending -= 1
        if child is not None:
            self._watch.end(child)

    def _processed(self, child: Child | None, page: Page, fingerprint: str) -> tuple[PageResult, Child | None]:
        """A page's rows, and the process if it lives on. A process that dies before it begins on the page does not cost it.

        Raises:
            WorkerStartError: too many in a row did not get so far.
            CopydeskError: the run was ended.
        """
        while True:
            child = child or self._starter.child()
            result, alive = self._answer(child, page, fingerprint)
            if result is not None:
                return result, alive
            self._starter.gone(child)
            child = None

    def _answer(self, child: Child, page: Page, fingerprint: str) -> tuple[PageResult | None, Child | None]:
        """A page's rows, and the process if it lives on; no rows when the process never began on the page."""
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
        except Exception as error:  # noqa: BLE001  # what cannot be pickled, or read back, may raise anything
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
        """The outcome of the page that a process held when it died."""
        code = child.killed or (CPU if child.signal() == "SIGXCPU" else "")
        how = "" if code else child.ending()
        at_work = child.at_work()
        self._watch.end(child)
        if self._watch.is_closed:
            raise CopydeskError("the run was ended while the page was under way")
        if code:
            return over_limit(page, code, self.settings.limits, at_work)
        return died(page, "worker_died", f"the page process died: {how}", at_work)
