"""Page processes: pages go in, rows come out; one that hangs or dies costs the page it holds and is replaced.

`concurrent.futures` breaks its whole pool when a process dies and cannot stop one that hangs; `multiprocessing` (and pebble on top of
it) runs the user's script again in each child, and is forbidden below daemonic processes. So: plain subprocesses, one page at a
time each, a thread apiece to wait for the answer, and one watch that kills what is overdue.
"""

from __future__ import annotations

import pickle
import queue
import signal
import subprocess
import tempfile
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import IO

from copydesk.errors import CopydeskError
from copydesk.layout import retry
from copydesk.model import Page
from copydesk.page_rows import Processed, plugin_tables, process_page, stopped
from copydesk.page_worker import PROTOCOL, READY, command
from copydesk.process import Pipeline
from copydesk.settings import Settings

START_SECONDS = 120.0
WATCH_SECONDS = 0.05
STAGE = "process"
LOST = (EOFError, OSError, pickle.UnpicklingError)
"""What talking to a process raises when it is gone."""
Task = tuple[Page, str, Future[Processed]]


class WorkerStartError(CopydeskError):
    """A page process cannot start at all: no page is to blame."""


class InProcess:
    """No processes: pages are worked on in the calling thread, one at a time, without a time limit."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._tables = plugin_tables(pipeline)
        self._lock = threading.Lock()

    size = 0

    def submit(self, page: Page, fingerprint: str) -> Future[Processed]:
        """The page's rows, in a future that is done."""
        future: Future[Processed] = Future()
        with self._lock:
            future.set_result(process_page(self._pipeline, self._tables, page, fingerprint))
        return future

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class _Process:
    """One page process and the moment when it is overdue."""

    process: subprocess.Popen[bytes]
    errors: IO[bytes]
    deadline: float | None = None
    overdue: bool = False

    def send(self, message: object) -> None:
        assert self.process.stdin is not None  # noqa: S101  # opened as a pipe
        self.process.stdin.write(pickle.dumps(message, PROTOCOL))
        self.process.stdin.flush()

    def receive(self) -> object:
        assert self.process.stdout is not None  # noqa: S101  # opened as a pipe
        return pickle.load(self.process.stdout)  # noqa: S301  # from our own child

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue


@dataclass(slots=True)
class PagePool:
    """Up to ``size`` page processes, started when pages come."""

    settings: Settings
    size: int
    _tasks: queue.SimpleQueue[Task | None] = field(default_factory=queue.SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)
    _running: set[int] = field(default_factory=set)
    _live: dict[int, _Process] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: threading.Event = field(default_factory=threading.Event)
    _pending: int = 0

    def submit(self, page: Page, fingerprint: str) -> Future[Processed]:
        """Hand a page to the next free process."""
        future: Future[Processed] = Future()
        with self._lock:
            if self._closed.is_set():
                raise CopydeskError("the page processes are closed")
            self._pending += 1
            self._grow()
        self._tasks.put((page, fingerprint, future))
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
            self._closed.set()
            for each in self._live.values():
                each.process.kill()
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
        if not self._threads:
            self._start_thread(self._watch)
        if len(self._threads) - 1 < min(self.size, self._pending):
            self._start_thread(self._work)

    def _start_thread(self, target: object) -> None:
        thread = threading.Thread(target=target, daemon=True, name=f"copydesk-pages-{len(self._threads)}")  # type: ignore[arg-type]  # a method
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        """A thread's life: one process after another, one page after another."""
        process: _Process | None = None
        failure: Exception | None = None
        try:
            process = self._started()
        except Exception as error:  # noqa: BLE001  # told to whoever asks for a page
            failure = error
        while (task := self._tasks.get()) is not None:
            page, fingerprint, future = task
            try:
                if failure is not None:
                    raise failure
                if process is None:
                    process = self._started()
                result, process = self._answer(process, page, fingerprint)
                future.set_result(result)
            except Exception as error:  # noqa: BLE001  # told to whoever waits for the page
                future.set_exception(error)
            with self._lock:
                self._pending -= 1
        if process is not None:
            self._drop(process)

    def _answer(self, process: _Process, page: Page, fingerprint: str) -> tuple[Processed, _Process | None]:
        """A page's rows, and the process if it lives on."""
        limit = self.settings.limits.page_seconds
        process.deadline = time.monotonic() + limit
        try:
            process.send((page, fingerprint))
            result = process.receive()
        except LOST:
            code = process.process.poll() if process.overdue else process.process.wait()
            self._drop(process)
            if self._closed.is_set():
                raise CopydeskError("the run was ended while the page was under way") from None
            if process.overdue:
                return stopped(page, STAGE, "limit_seconds", f"not done after {limit:g} seconds"), None
            return stopped(page, STAGE, "worker_died", f"the page process died: {_ending(code)}"), None
        except Exception as error:  # noqa: BLE001  # what cannot be pickled, or read back, may raise anything
            self._drop(process)
            return stopped(page, STAGE, "plugin_error", f"cannot pass between processes: {type(error).__name__}: {error}"), None
        if not isinstance(result, Processed):
            self._drop(process)
            return stopped(page, STAGE, "plugin_error", f"a page process answered {type(result).__name__}"), None
        with self._lock:
            process.deadline = None
        if process.overdue:  # the answer came as it was killed
            self._drop(process)
            return result, None
        return result, process

    def _started(self) -> _Process:
        process = _launched()
        with self._lock:
            self._live[id(process)] = process
            if self._closed.is_set():
                process.process.kill()
        try:
            process.send(self.settings)
            if process.receive() == READY:
                process.deadline = None
                return process
        except LOST:
            pass
        process.errors.seek(0)
        said = process.errors.read(1 << 20).decode("utf-8", "replace").strip().splitlines()
        self._drop(process)
        why = f"not ready after {START_SECONDS:g} seconds" if process.overdue else (said[-1] if said else "it said nothing")
        raise _cannot_start(why)

    def _drop(self, process: _Process) -> None:
        with self._lock:
            self._live.pop(id(process), None)
        process.end()

    def _watch(self) -> None:
        """Kill what is overdue."""
        while not self._closed.wait(WATCH_SECONDS):
            now = time.monotonic()
            with self._lock:
                for each in self._live.values():
                    if each.deadline is not None and each.deadline < now:
                        each.overdue = True
                        each.process.kill()


def _launched() -> _Process:
    """A new process, not yet ready."""
    try:
        errors = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        try:
            process = retry(lambda: subprocess.Popen(  # noqa: S603  # our own interpreter and code
                command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors))
        except BaseException:
            errors.close()
            raise
    except OSError as error:
        raise _cannot_start(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}") from error
    return _Process(process, errors, time.monotonic() + START_SECONDS)


def _cannot_start(why: str) -> WorkerStartError:
    return WorkerStartError(f"a page process cannot start: {why} (workers = 0 works without one)")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"
