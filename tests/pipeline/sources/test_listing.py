"""What the walk yields: files in one order, and one item for everything that is no file."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from copydesk import Reject, SettingsError
from copydesk.model.page import Ignored
from copydesk.sources import local_listing
from copydesk.sources.found import FoundFile
from copydesk.sources.listing import walk


def names(*inputs: Path, skip: tuple[str, ...] = ()) -> list[str]:
    return [item.location.source_path for item in walk(inputs, skip) if isinstance(item, FoundFile)]


def codes(*inputs: Path) -> dict[str, str]:
    return {item.source_path: item.code for item in walk(inputs) if isinstance(item, Reject)}


def touch(folder: Path, *paths: str) -> Path:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(path.encode())
    return folder


def test_order_is_by_bytes_of_names(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "B.txt", "a/z.txt", "a.txt", "ä.txt", "a/b/c.txt")
    assert names(tmp_path) == ["B.txt", "a/b/c.txt", "a/z.txt", "a.txt", "b.txt", "ä.txt"]


def test_a_file_alone_has_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "deep/.page.txt")
    assert names(tmp_path / "deep" / ".page.txt") == [".page.txt"]


def test_hidden_things_are_ignored_one_by_one(tmp_path: Path) -> None:
    touch(tmp_path, ".DS_Store", ".git/a", ".git/b", "page.txt")
    assert [item for item in walk([tmp_path]) if isinstance(item, Ignored)] == [Ignored(".DS_Store"), Ignored(".git")]
    assert names(tmp_path) == ["page.txt"]


def test_a_file_that_two_inputs_hold_comes_once(tmp_path: Path) -> None:
    touch(tmp_path, "a/x.txt", "b.txt")
    assert names(tmp_path, tmp_path / "a", tmp_path / "b.txt") == ["a/x.txt", "b.txt"]


def test_names_that_are_not_utf8_are_escaped_and_still_open(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_bytes(b"x")
    found = [item for item in walk([tmp_path]) if isinstance(item, FoundFile)]
    assert found[0].location.source_path == "caf\\xe9.txt"
    assert Path(found[0].location.path).read_bytes() == b"x"


def test_everything_special_is_one_reject(tmp_path: Path) -> None:
    touch(tmp_path, "in/real/page.txt", "out.txt")
    inbox = tmp_path / "in"
    os.mkfifo(inbox / "fifo")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(inbox / "socket"))
    (inbox / "real/up").symlink_to(inbox)
    (inbox / "self").symlink_to("self")
    (inbox / "gone").symlink_to("nowhere")
    (inbox / "away").symlink_to(tmp_path / "out.txt")
    (inbox / "folder").symlink_to(inbox / "real")
    (inbox / "link.txt").symlink_to("real/page.txt")
    server.close()
    assert codes(inbox) == {"fifo": "not_regular", "socket": "not_regular", "real/up": "symlink_loop", "self": "symlink_loop",
                            "gone": "unreadable", "away": "symlink_outside", "folder": "symlink_folder"}
    assert [item.location.source_path for item in walk([inbox]) if isinstance(item, FoundFile)] == ["link.txt"]


def test_a_folder_that_cannot_be_read_is_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.txt", "closed/b.txt", "z.txt")
    scandir = os.scandir

    def refusing(path: str) -> object:  # root may read everything, so permissions cannot show this
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert codes(tmp_path) == {"closed": "unreadable"}
    assert names(tmp_path) == ["a.txt", "z.txt"]


def test_skipped_paths_are_not_there(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "output/b.txt")
    assert names(tmp_path, skip=(str(tmp_path / "output"),)) == ["a.txt"]


def test_a_missing_input_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        list(walk([tmp_path / "absent"]))


def test_two_dots_hide_nothing(tmp_path: Path) -> None:
    touch(tmp_path, "..page.txt", ".page.txt", "...")
    assert names(tmp_path) == ["...", "..page.txt"]


def test_folders_nested_deeper_than_calls(tmp_path: Path) -> None:
    here, depth = Path.cwd(), 1_100
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("page.txt").write_text("x")
    finally:
        os.chdir(here)
    (name,) = names(tmp_path)
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # Python's own rmtree nests its calls
    assert name == "d/" * depth + "page.txt"


def test_a_link_is_read_once_whichever_comes_first(tmp_path: Path) -> None:
    touch(tmp_path, "in/b/page.txt", "in/.hidden/kept.txt")
    for link in ("in/a.txt", "in/c.txt", "in/d.txt"):
        (tmp_path / link).symlink_to("b/page.txt")
    (tmp_path / "in/e.txt").symlink_to(".hidden/kept.txt")
    assert names(tmp_path / "in") == ["a.txt", "e.txt"]
    (tmp_path / "in/a.txt").unlink()
    assert names(tmp_path / "in") == ["b/page.txt", "e.txt"]
    assert names(tmp_path / "in/b", tmp_path / "in") == ["page.txt", "e.txt"]


def test_a_signature_tells_states_apart_and_a_young_file_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def signature() -> str:
        (found,) = (item for item in walk([tmp_path]) if isinstance(item, FoundFile))
        return found.location.signature

    touch(tmp_path, "a.txt")
    assert signature() == ""
    monkeypatch.setattr(local_listing, "TICK_NS", 0)
    first = signature()
    assert first == signature() != ""
    (tmp_path / "a.txt").write_bytes(b"A.txt")
    os.utime(tmp_path / "a.txt", (1, 1))
    second = signature()
    before = (tmp_path / "a.txt").stat().st_ctime_ns
    while (tmp_path / "a.txt").stat().st_ctime_ns == before:  # the clock of a file system ticks some hundred times a second
        (tmp_path / "a.txt").write_bytes(b"b.txt")
        os.utime(tmp_path / "a.txt", (1, 1))
    assert len({first, second, signature()}) == 3
