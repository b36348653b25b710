"""Reading sources: in processes of their own, so that a hang, a crash or the memory of a reader costs the rest of its range and no run.

    reader = RangeReader(settings, plugins)     # or ReadHere(plugins): in this process
    reader.warm()                               # starts a process while the caller does other things
    for item, key in reader.read(source_range): ...
    reader.close()

A process serves one range after another; as many are kept as ranges are read at once.
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
    """Reads in this process, without limits of time and memory."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def read(self, source_range: SourceRange) -> Iterator[Keyed]:
        """What a range holds, each with its record hash; a plugin that fails is a reject of the rest."""
        try:
            yield from read_here(self._plugins, source_range)
            return
        except MemoryError:
            pass
        yield range_reject(source_range, MEMORY, limit_message(MEMORY, self._plugins.limits, MEMORY_FACTOR)), ""

    def warm(self) -> None:
        """Nothing is to be started."""

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class _Told:
    """How far a reader came in a range."""

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
    """Reads in child processes. `read` may be called from several threads."""

    def __init__(self, settings: Settings, plugins: Plugins) -> None:
        self._limits = settings.limits
        self._memory = MEMORY_FACTOR * settings.limits.memory_bytes
        self._watch = Watch()
        self._starter = Starter(NAME, for_readers(settings, plugins), self._watch, self._memory)
        self._idle: list[Child] = []
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None

    def read(self, source_range: SourceRange) -> Iterator[Keyed]:
        """What a range holds, each with its record hash; whatever stops the reader is a reject of the rest of the range.

        Raises:
            WorkerStartError: no reader process starts.
            CopydeskError: the run was ended.
        """
        child, told, kept = self._begun(source_range), _Told(), False
        try:
            while (answer := self._next(child)) != ENDED:
                item, key = _checked(answer)
                if isinstance(item, Reject) and item.code == MEMORY:
                    yield replace(item, message=f"{item.message} ({told})"), key
                    return
                told.note(item)
                yield item, key
            kept = self._watch.release(child) and self._starter.is_fit(child)
            return
        except LOST:
            reject = self._lost(child, source_range, told)
        except CopydeskError:
            raise
        except Exception as error:  # noqa: BLE001  # what cannot be read back may raise anything
            message = f"cannot pass between processes: {type(error).__name__}: {error} ({told})"
            reject = range_reject(source_range, "plugin_error", message)
        finally:
            self._leave(child, kept)
        yield reject, ""

    def warm(self) -> None:
        """Start a process now, beside the caller."""
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
        with suppress(WorkerStartError):  # told when something is to be read
            child = self._starter.child()
            with self._lock:
                self._idle.append(child)

    def _free(self) -> Child:
        """A process that has nothing to do."""
        warming, self._warming = self._warming, None
        if warming is not None:
            warming.join()
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._starter.child()

    def _leave(self, child: Child, kept: bool) -> None:
        """Done with a process: it waits for another range, or ends."""
        if kept:
            with self._lock:
                self._idle.append(child)
        else:
            self._watch.end(child)

    def _begun(self, source_range: SourceRange) -> Child:
        """A process that began on a range."""
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
        """The next message, waited for no longer than a page may take."""
        self._watch.wait(child, self._limits.page_seconds)
        answer = child.receive()
        child.deadline = None
        return answer

    def _lost(self, child: Child, source_range: SourceRange, told: _Told) -> Reject:
        """The reject of a range whose reader died."""
        if self._watch.is_closed:
            raise CopydeskError("the run was ended while a source was being read")
        if child.killed == MEMORY:
            return range_reject(source_range, MEMORY, f"{limit_message(MEMORY, self._limits, MEMORY_FACTOR)} ({told})")
        if child.killed:
            return range_reject(source_range, OVERDUE, f"no item for {self._limits.page_seconds:g} seconds ({told})")
        return range_reject(source_range, "reader_died", f"the reader process died: {child.ending()} ({told})")


Reader = RangeReader | ReadHere


def for_readers(settings: Settings, plugins: Plugins) -> Settings:
    """The settings with only those plugins that open sources: a reader process need not hold the others."""
    others = tuple(info.name for info in plugins.infos if "open_source" not in info.hooks and info.name != CORE)
    return settings.model_copy(update={"disable": (*settings.disable, *others)})


def _checked(answer: object) -> Keyed:
    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[0], Page | Fault | Ignored | Reject)):
        raise TypeError(f"a reader process answered {type(answer).__name__}")
    return answer[0], str(answer[1])
