"""A disk that is full, files that may not grow, an output that cannot be written: one clear error, and the old output as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk
from copydesk import DatasetError
from copydesk_flows.console.exits import Exit
from support.crash_points import rows_of
from support.fault_runs import call, config_file, environment, quoting, run_code, speaking
from support.tiny_desk import everything, parts, put

SETTINGS = {"dataset": {"batch_files": 3, "keep_commits": 5}}
LIMIT = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"
QUICK = "from copydesk.storage import retry\nretry.RETRY_SECONDS = (0.0, 0.0, 0.0)\n"
"""SQLite says "input/output error" for a file at its limit; that is tried again, with pauses that a test need not wait for."""


class Shelf:
    """An old output of one folder of pages, and an inbox with changed and new pages."""

    def __init__(self, folder: Path, output: Path | None = None) -> None:
        self.folder, self.inbox, self.output = folder, folder / "in", output or folder / "out"
        for number in range(5):
            put(self.inbox, f"story-{number}.txt", quoting(number))
        self.settings = speaking(folder, **SETTINGS)
        self.config = config_file(folder, **SETTINGS)
        copydesk.run([self.inbox], self.output, self.settings)
        self.commit = copydesk.open_dataset(self.output).commit
        self.rows = rows_of(self.output)
        self.parts = parts(self.output)
        for number in (1, 2, 5, 6, 7):
            put(self.inbox, f"story-{number}.txt", quoting(number, 1) + "More of it follows. " * 60)
        copy = folder / "whole"
        shutil.copytree(self.output, copy)
        copydesk.run([self.inbox], copy, self.settings)
        self.whole = copy

    def old_is_intact(self) -> list[str]:
        """What is wrong with the old commit."""
        found = []
        if rows_of(self.output, self.commit) != self.rows:
            found.append("the old commit reads differently")
        kept = {digest for path, digest in {**parts(self.output), **retired(self.output)}.items()}
        if lost := [path for path, digest in self.parts.items() if digest not in kept]:
            found.append(f"lost or changed: {lost}")
        return found

    def completes(self) -> list[str]:
        """What is wrong after a run with room enough."""
        copydesk.run([self.inbox], self.output, self.settings)
        return [] if parts(self.output) == parts(self.whole) and rows_of(self.output) == rows_of(self.whole) else ["the next run differs"]

    def arguments(self) -> list[str]:
        """The same run for the command line."""
        return ["run", str(self.inbox), "--output", str(self.output), "--config", str(self.config), "--direct", "--quiet"]


def retired(output: Path) -> dict[str, str]:
    """Retired part files with the hash of their bytes."""
    import hashlib

    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in output.glob("_retired/*/*/*.parquet")}


def limits(shelf: Shelf) -> list[int]:
    """Sizes that cut each kind of file of a whole run at least once: just below its size, and half of it."""
    sizes = {path.stat().st_size for path in shelf.whole.rglob("*") if path.is_file()}
    kinds: dict[str, int] = {}
    for path in shelf.whole.rglob("*"):
        if path.is_file():
            kind = path.name if path.suffix != ".parquet" else path.name.partition("-")[0]
            kinds[kind] = max(kinds.get(kind, 0), path.stat().st_size)
    return sorted({0, 20, max(sizes) + 1_000_000, *(size - 1 for size in kinds.values() if size), *(size // 2 for size in kinds.values())})


def test_files_that_may_not_grow_beyond_any_size(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    before = tmp_path / "before"
    shelf.output.rename(before)
    faults: dict[int, list[str]] = {}
    steps = limits(shelf)
    assert len(steps) > 12
    failed = 0
    for limit in steps:
        shutil.rmtree(shelf.output, ignore_errors=True)
        shutil.copytree(before, shelf.output)
        code = run_code(shelf.folder, shelf.inbox, shelf.output, SETTINGS, QUICK + LIMIT.format(limit))
        done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, env=environment(), check=False)
        found = shelf.old_is_intact()
        last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""
        failed += done.returncode != 0
        if done.returncode == 0 and parts(shelf.output) != parts(shelf.whole):
            found.append("it ended well and is not whole")
        if done.returncode != 0 and not (last.startswith("copydesk.errors.DatasetError: cannot write") and str(shelf.output) in last):
            found.append(f"no clear error: {last}")
        if found := found + shelf.completes():
            faults[limit] = found
    assert 0 < failed < len(steps)
    assert faults == {}


@pytest.mark.parametrize("limit", [0, 2_000])
def test_the_command_line_says_so_in_one_line(tmp_path: Path, limit: int) -> None:
    shelf = Shelf(tmp_path)
    code = LIMIT.format(limit) + f"import sys\nsys.argv[1:] = {shelf.arguments()!r}\nfrom copydesk_flows.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, done.stdout) == (Exit.FAILURE, "")
    assert done.stderr.startswith("copydesk: cannot write ")
    assert str(shelf.output) in done.stderr
    assert done.stderr.count("\n") == 1
    assert shelf.old_is_intact() == []
    assert shelf.completes() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB of our own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(folder: Path, free: int) -> Path:
    """A file that leaves so many bytes free (whole pages)."""
    filler = folder / "filler"
    room = os.statvfs(folder)
    filler.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - free))
    return filler


def test_a_full_disk(tmp_path: Path, small_disk: Path) -> None:
    shelf = Shelf(tmp_path, small_disk / "out")
    before = tmp_path / "before"
    shutil.copytree(shelf.output, before)
    faults: dict[int, list[str]] = {}
    codes = set()
    for free in (0, 4_096, 12_288, 24_576, 49_152, 81_920, 114_688, 163_840, 2_000_000):
        shutil.rmtree(shelf.output)
        shutil.copytree(before, shelf.output)
        filler = filled(small_disk, free)
        done = call(*shelf.arguments())
        codes.add(done.returncode)
        found = shelf.old_is_intact()
        clear = done.stderr.startswith("copydesk: cannot write ") and str(shelf.output) in done.stderr and done.stderr.count("\n") == 1
        if done.returncode != 0 and not clear:
            found.append(f"no clear error: {done.stderr}")
        if done.returncode == 0 and parts(shelf.output) != parts(shelf.whole):
            found.append("it ended well and is not whole")
        filler.unlink()
        if found := found + shelf.completes():
            faults[free] = found
    assert codes == {Exit.DONE, Exit.FAILURE}
    assert faults == {}


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True, capture_output=True)


def test_an_output_that_is_read_only(tmp_path: Path, small_disk: Path) -> None:
    shelf = Shelf(tmp_path, small_disk / "out")
    before = everything(shelf.output)
    remount(small_disk, "ro")
    try:
        done = call(*shelf.arguments())
        with pytest.raises(DatasetError, match="cannot write"):
            copydesk.run([shelf.inbox], shelf.output, shelf.settings)
        assert done.returncode == Exit.FAILURE
        assert done.stderr.startswith("copydesk: cannot write ")
        assert str(shelf.output) in done.stderr
        assert done.stderr.count("\n") == 1
        assert everything(shelf.output) == before
        assert rows_of(shelf.output) == shelf.rows
    finally:
        remount(small_disk, "rw")
    assert shelf.completes() == []
