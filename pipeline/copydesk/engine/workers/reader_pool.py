"""Read sources in processes of their own. A reader that hangs, crashes or takes too much memory costs the rest of its range, not the run.

    reader = RangeReader(settings, plugins)     # or ReadHere(plugins), which reads in this process
    reader.warm()                               # starts a process while the caller does other work
    for item, key in reader.read(source_range): ...
    reader.close()

A process reads one range after another. There are as many processes as ranges are read at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from copydesk.engine.workers.child import LOST, Child, WorkerStartError
from copydesk.engine.workers.launch import Starter
from copydesk.engine.workers.parent_pipe import BEGUN, ENDED
from copydesk.engine.workers.reader_process import MEMORY_FACTOR, NAME
from copydesk.engine.workers.reading import Keyed, range_reject, read_here
from copydesk.engine.workers.watch import Watch
from copydesk.errors import CopydeskError
from copydesk.model.outcome import Reject
from copydesk.model.page import Fault, Ignored, Page, SourceRange
from copydesk.plugins.discovery import CORE
from copydesk.plugins.manager import Plugins
from copydesk.rows.limit_codes import MEMORY, OVERDUE, limit_message
from copydesk.settings.schema import Settings

__all__ = ["RangeReader", "ReadHere", "Reader"]


class ReadHere:
    """Reads ranges in this process, without limits of time and memory."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def read(self, source_range: SourceRange) -> Iterator[Keyed]:
        """Yield the items of a range, each with its record hash. When a plugin fails, the last item is a reject of the rest."""
        try:
            yield from read_here(self._plugins, source_range)
            return
        except MemoryError:
            pass
        yield range_reject(source_range, MEMORY, limit_message(MEMORY, self._plugins.limits, MEMORY_FACTOR)), ""

    def warm(self) -> None:
        """Do nothing: there is no process to start."""

    def close(self) -> None:
        """Do nothing: there is no process to end."""


@dataclass(slots=True)
class _ReadSoFar:
    """How far a reader got in a range: the number of items, and the place of the last one. Its text goes into messages."""

    count: int = 0
    place: str = ""

    def note(self, item: Page | Fault | Ignored | Reject) -> None:
        self.count += 1
        self.place = item.source_record if item.source_offset is None else f"offset {item.source_offset}"

    def __str__(self) -> str:
        if not self.count:
            return "before its first item"
        return f"after {self.count} item{'s' * (self.count > 1)}{self.place and f', the last at {self.place}'}"


class RangeReader:
    """Reads ranges in child processes. Several threads may call `read`."""

    def __init__(self, settings: Settings, plugins: Plugins) -> None:
        self._limits = settings.limits
        self._memory = MEMORY_FACTOR * settings.limits.memory_bytes
        self._watch = Watch()
        self._starter = Starter(NAME, for_readers(settings, plugins), self._watch, self._memory)
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None

    def read(self, source_range: SourceRange) -> Iterator[Keyed]:
        """Yield the items of a range, each with its record hash. When the reader fails, the last item is a reject of the rest.

        Raises:
            WorkerStartError: no reader process starts.
            CopydeskError: the run was stopped.
        """
        child, so_far, kept = self._begun(source_range), _ReadSoFar(), False
        try:
            while (answer := self._next(child)) != ENDED:
                item, key = _checked(answer)
                if isinstance(item, Reject) and item.code == MEMORY:
                    yield replace(item, message=f"{item.message} ({so_far})"), key
                    return
                so_far.note(item)
                yield item, key
            kept = self._watch.release(child) and self._starter.is_fit(child)
            return
        except LOST:
            reject = self._lost(child, source_range, so_far)
        except CopydeskError:
            raise
        except Exception as error:  # noqa: BLE001  # unpickling may raise any error
            message = f"cannot pass between processes: {type(error).__name__}: {error} ({so_far})"
            reject = range_reject(source_range, "plugin_error", message)
        finally:
            self._leave(child, kept)
        yield reject, ""

    def warm(self) -> None:
        """Start a process now, in the background."""
        self._warming = threading.Thread(target=self._warm, daemon=True, name="copydesk-reader")
        self._warming.start()

    def close(self) -> None:
        """End all processes."""
        self._watch.close()
        if self._warming is not None:
            self._warming.join()
        while self._idle:
            self._watch.end(self._idle.pop())

    def _warm(self) -> None:
        with suppress(WorkerStartError):  # `read` starts another process and raises the error
            child = self._starter.child()
            with self._lock:
                self._idle.append(child)

    def _free(self) -> Child:
        """Return an idle process, or start one."""
        warming, self._warming = self._warming, None
        if warming is not None:
            warming.join()
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._starter.child()

    def _leave(self, child: Child, kept: bool) -> None:
        """Keep a process for another range, or end it."""
        if kept:
            with self._lock:
                self._idle.append(child)
        else:
            self._watch.end(child)

    def _begun(self, source_range: SourceRange) -> Child:
        """Send a range to a process, and return the process once it has begun on it."""
        while True:
            if self._watch.is_closed:
                raise CopydeskError("the reader processes are closed")
            child = self._free()
            with suppress(*LOST):
                self._watch.begin(child, self._limits.page_seconds, None, self._memory)
                child.send(source_range)
                if child.receive() == BEGUN:
                    self._starter.works()
                    return child
            self._starter.gone(child)

    def _next(self, child: Child) -> object:
        """Wait for the next message, no longer than a page may take."""
        self._watch.wait(child, self._limits.page_seconds)
        answer = child.receive()
        child.deadline = None
        return answer

    def _lost(self, child: Child, source_range: SourceRange, so_far: _ReadSoFar) -> Reject:
        """Return the reject of a range whose reader died."""
        if self._watch.is_closed:
            raise CopydeskError("the run was ended while a source was being read")
        if child.killed == MEMORY:
            return range_reject(source_range, MEMORY, f"{limit_message(MEMORY, self._limits, MEMORY_FACTOR)} ({so_far})")
        if child.killed:
            return range_reject(source_range, OVERDUE, f"no item for {self._limits.page_seconds:g} seconds ({so_far})")
        return range_reject(source_range, "reader_died", f"the reader process died: {child.ending()} ({so_far})")


Reader = RangeReader | ReadHere


def for_readers(settings: Settings, plugins: Plugins) -> Settings:
    """Return the settings with only the plugins that open sources enabled. A reader process does not need the others."""
    others = tuple(info.name for info in plugins.infos if "open_source" not in info.hooks and info.name != CORE)
    return settings.model_copy(update={"disable": (*settings.disable, *others)})


def _checked(answer: object) -> Keyed:
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], Page | Fault | Ignored | Reject)):
        raise TypeError(f"a reader process answered {type(answer).__name__}")
    return answer[0], str(answer[1])
