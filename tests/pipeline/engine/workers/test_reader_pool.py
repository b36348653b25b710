"""Reader processes: what goes wrong in one costs the rest of its range and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from copydesk import CopydeskError, Fault, Location, Page, SourceRange
from copydesk.engine.workers.child import WorkerStartError
from copydesk.engine.workers.reader_pool import RangeReader, ReadHere, for_readers
from copydesk.engine.workers.reading import Keyed
from copydesk.model.outcome import Reject
from copydesk.plugins import manager
from support.tiny_desk import desk

STEPS = '''
"""A file of steps: each line is an item, or trouble."""
import ctypes, os, signal, time
import copydesk
from copydesk import Fault, Ignored, MediaType, Page, SourceRange

class Twisted(str):
    def __reduce__(self):
        return (eval, ("1/0",))

class Closed(str):
    def __reduce__(self):
        raise ValueError("not to be passed on")

def trouble(word):
    if word == "HANG":
        time.sleep(600)
    if word == "HANG_C":
        ctypes.PyDLL(None).sleep(600)
    if word == "SEGV":
        ctypes.string_at(0)
    if word == "EXIT":
        os._exit(9)
    if word == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "RAISE":
        raise ValueError("trouble")
    if word == "LEAVE":
        raise SystemExit(3)
    if word == "HUGE":
        bytearray(1 << 40)
    if word == "OOM":
        grown = bytearray()
        while True:
            grown += bytes(10_000_000)

@copydesk.hookimpl
def plan_source(location):
    return [SourceRange(location)] if location.path.endswith(".steps") else None

@copydesk.hookimpl
def open_source(source_range):
    if source_range.location.path.endswith(".steps"):
        return steps(source_range.location)

def steps(location):
    at = 0
    for number, line in enumerate(open(location.path, encoding="utf-8")):
        word, _, text = line.strip().partition(" ")
        trouble(word)
        if os.path.exists(location.path + ".progress"):
            with open(location.path + ".progress", "a") as progress:
                progress.write("x")
        if word == "ignored":
            yield Ignored(location.source_path, f"line {number}", at)
        elif word == "fault":
            yield Fault("bad_line", text, location.source_path, f"line {number}", at)
        elif word == "BIG":
            yield Page(bytes(int(text)), MediaType.TEXT, location.source_path, f"line {number}", at)
        else:
            url = Twisted("x") if word == "TWISTED" else Closed("x") if word == "CLOSED" else None
            yield Page(text.encode(), MediaType.TEXT, location.source_path, f"line {number}", at, url=url)
        at += len(line.encode())
'''


def prepared(folder: Path, **limits: Any) -> Any:
    """Settings with the desk and the source of steps."""
    made = desk(folder, limits=limits)
    (folder / "source_steps.py").write_text(STEPS, encoding="utf-8")
    return made.model_copy(update={"plugins": ("desk.py", "source_steps.py")})


def steps(folder: Path, *lines: str, name: str = "a.steps") -> SourceRange:
    """A range over a file with these steps."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return SourceRange(Location(str(path), name, path.stat().st_size))


def opened(folder: Path, **limits: Any) -> RangeReader:
    """A reader, not yet started."""
    chosen = prepared(folder, **limits)
    return RangeReader(chosen, manager.load(chosen))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RangeReader]:
    made = opened(tmp_path, page_seconds=2, memory_bytes=200_000_000)
    yield made
    made.close()


def at_work() -> list[psutil.Process]:
    """The reader processes of this process, which may have other children from other tests."""
    return [child for child in psutil.Process().children() if any("reader_process" in part for part in child.cmdline())]


def shape(found: list[Keyed]) -> list[str]:
    """What came out, in short: the text of pages, the code of rejects."""
    return [item.content.decode() if isinstance(item, Page) else item.code if isinstance(item, Fault | Reject) else "ignored"
            for item, _ in found]


LINE = strategies.one_of(
    strategies.builds("page {}".format, strategies.text("abcé ", max_size=30)), strategies.just("ignored"),
    strategies.builds("fault {}".format, strategies.text("xyz", max_size=5)),
    strategies.builds("BIG {}".format, strategies.integers(0, 300_000)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=strategies.lists(LINE, max_size=30), end=strategies.sampled_from(["", "RAISE", "LEAVE"]))
def test_a_process_gives_what_reading_here_gives(tmp_path: Path, reader: RangeReader, lines: list[str], end: str) -> None:
    source_range = steps(tmp_path, *lines, *([end] if end else []))
    here = list(ReadHere(reader_plugins(tmp_path)).read(source_range))
    assert list(reader.read(source_range)) == here
    assert [key for item, key in here if isinstance(item, Page)] == [item.record_hash for item, _ in here if isinstance(item, Page)]
    assert len(here) == len(lines) + bool(end)


def reader_plugins(folder: Path) -> manager.Plugins:
    """The plugins of `prepared`, in this process."""
    return manager.load(prepared(folder, page_seconds=2, memory_bytes=200_000_000))


@pytest.mark.parametrize(("word", "code", "said"), [
    ("HANG", "limit_seconds", "no item for 2 seconds"),
    ("HANG_C", "limit_seconds", "no item for 2 seconds"),
    ("SEGV", "reader_died", "the reader process died: signal SIGSEGV"),
    ("EXIT", "reader_died", "the reader process died: exit code 9"),
    ("KILL", "reader_died", "the reader process died: killed from outside: out of memory? (signal SIGKILL)"),
    ("HUGE", "limit_memory_bytes", "needs more than 400000000 bytes of memory"),
    ("OOM", "limit_memory_bytes", "needs more than 400000000 bytes of memory"),
    ("TWISTED", "plugin_error", "cannot pass between processes: ZeroDivisionError: division by zero"),
])
def test_trouble_costs_the_rest_of_its_range(tmp_path: Path, reader: RangeReader, word: str, code: str, said: str) -> None:
    found = list(reader.read(steps(tmp_path, "page one", "ignored", f"{word} x", "page lost")))
    assert shape(found) == ["one", "ignored", code]
    reject = found[-1][0]
    assert isinstance(reject, Reject)
    assert (reject.stage, str(reject.status), reject.source_path) == ("open_source", "quarantined", "a.steps")
    assert reject.message == f"{said} (after 2 items, the last at offset 9)"
    assert shape(list(reader.read(steps(tmp_path, "page two", name="b.steps")))) == ["two"]


def test_trouble_before_the_first_item(tmp_path: Path, reader: RangeReader) -> None:
    [(reject, key)] = reader.read(steps(tmp_path, "EXIT", "page lost"))
    assert isinstance(reject, Reject)
    assert (reject.message, key) == ("the reader process died: exit code 9 (before its first item)", "")


def test_what_cannot_be_pickled_is_the_plugins_error(tmp_path: Path, reader: RangeReader) -> None:
    found = list(reader.read(steps(tmp_path, "page one", "CLOSED x", "page lost")))
    assert shape(found) == ["one", "plugin_error"]
    assert isinstance(found[1][0], Reject)
    assert found[1][0].message == "cannot pass between processes: ValueError: not to be passed on"
    assert shape(list(reader.read(steps(tmp_path, "page two")))) == ["two"]


def test_a_range_that_nobody_opens(tmp_path: Path, reader: RangeReader) -> None:
    assert shape(list(reader.read(SourceRange(Location(str(tmp_path / "a.none"), "a.none", 1))))) == ["no_source"]


def test_one_process_serves_ranges_one_after_another_and_two_at_once(tmp_path: Path, reader: RangeReader) -> None:
    one, two = steps(tmp_path, "page 1", "page 2"), steps(tmp_path, "page 3", "page 4", name="b.steps")
    reader.warm()
    for _ in range(3):
        assert shape(list(reader.read(one))) == ["1", "2"]
    assert len(at_work()) == 1
    both = [reader.read(one), reader.read(two)]
    assert shape([next(each) for _ in range(2) for each in both]) == ["1", "3", "2", "4"]
    assert [list(each) for each in both] == [[], []]
    assert len(at_work()) == 2


def test_a_reader_waits_until_its_items_are_taken(tmp_path: Path, reader: RangeReader) -> None:
    source_range = steps(tmp_path, *["BIG 1000000"] * 60)
    progress = tmp_path / "a.steps.progress"
    progress.touch()
    for taken, _ in enumerate(reader.read(source_range), start=1):
        assert progress.stat().st_size <= taken + 2  # one in the pipe, one being made


def test_an_abandoned_range_leaves_no_process(tmp_path: Path, reader: RangeReader) -> None:
    found = reader.read(steps(tmp_path, *["BIG 100000"] * 50))
    next(found)
    found.close()  # type: ignore[attr-defined]  # a generator
    assert at_work() == []
    assert shape(list(reader.read(steps(tmp_path, "page two")))) == ["two"]


def test_closing_ends_what_is_being_read(tmp_path: Path, reader: RangeReader) -> None:
    found = reader.read(steps(tmp_path, "page one", "HANG"))
    next(found)
    closing = threading.Thread(target=reader.close)
    closing.start()
    with pytest.raises(CopydeskError, match="ended"):
        next(found)
    closing.join()
    with pytest.raises(CopydeskError, match="closed"):
        next(reader.read(steps(tmp_path, "page one")))


def test_a_reader_that_cannot_start_ends_the_run(tmp_path: Path, reader: RangeReader) -> None:
    (tmp_path / "source_steps.py").write_text("import os\nos._exit(5)\n", encoding="utf-8")
    reader.warm()
    with pytest.raises(WorkerStartError, match="exit code 5"):
        next(reader.read(steps(tmp_path, "page one")))


def test_a_reader_that_is_killed_while_idle_costs_nothing(tmp_path: Path, reader: RangeReader) -> None:
    source_range = steps(tmp_path, "page one")
    list(reader.read(source_range))
    [child] = at_work()
    child.kill()
    child.wait()
    assert shape(list(reader.read(source_range))) == ["one"]


def test_readers_load_only_what_opens_sources(tmp_path: Path) -> None:
    chosen = prepared(tmp_path)
    loaded = manager.load(for_readers(chosen, manager.load(chosen)))
    assert {info.name for info in loaded.infos} == {"core", "source_files", "source_steps"}
