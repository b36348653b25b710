"""A run opens no socket, and no file that is neither input, output nor program."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk
from support.fault_runs import ROOT, command, editions, environment
from support.process_watch import Canaries, hooked, noted
from support.tiny_desk import put

EDITIONS = 3
CODE = ("import copydesk\nfrom copydesk.settings.schema import from_mapping\n"
        "copydesk.run([{inbox!r}], {output!r}, from_mapping({settings!r}))")


def watched_run(folder: Path, inbox: Path, workers: int, **settings: object) -> subprocess.CompletedProcess[str]:
    code = CODE.format(inbox=str(inbox), output=str(folder / "out"), settings={"run": {"workers": workers}, **settings})
    return subprocess.run([sys.executable, "-B", "-c", code], env=environment(**hooked(folder)), cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)


def test_the_hook_sees_and_stops_a_connection(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "import socket\nsocket.create_connection(('127.0.0.1', 9))"],
                          env=environment(**hooked(tmp_path)), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no network here: socket." in done.stderr
    assert len(noted(tmp_path, "armed")) == len(noted(tmp_path, "socket")) == 1


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_opens_no_socket(tmp_path: Path, workers: int) -> None:
    inbox = editions(tmp_path / "in", EDITIONS)
    done = watched_run(tmp_path, inbox, workers)
    assert done.returncode == 0, done.stderr
    assert len(set(noted(tmp_path, "armed"))) >= 1 + (workers > 0)
    assert noted(tmp_path, "socket") == []
    articles = copydesk.open_dataset(tmp_path / "out").table("articles")
    assert articles.num_rows > 20
    rejects = copydesk.open_dataset(tmp_path / "out").table("rejects").to_pylist()
    assert [row for row in rejects if "no network here" in row["message"]] == []


def test_the_command_line_opens_no_socket(tmp_path: Path) -> None:
    done = subprocess.run(command("run", ROOT / "seeds", "--output", tmp_path / "out", "--direct", "--workers", "1"), cwd=tmp_path,
                          env=environment(**hooked(tmp_path)), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 3), done.stderr
    assert len(set(noted(tmp_path, "armed"))) >= 2
    assert noted(tmp_path, "socket") == []


PAGE = """<!doctype html [<!ENTITY away SYSTEM "file://{canary}"><!ENTITY % more SYSTEM "file://{canary}"> %more;]>
<html xmlns:xi="http://www.w3.org/2001/XInclude"><head><title>Ferry line to reopen</title><base href="file://{canary}">
<link rel="stylesheet" href="file://{canary}"><link rel="canonical" href="file://{canary}">
<meta http-equiv="refresh" content="0; url=file://{canary}"><meta property="og:image" content="file://{canary}">
<script src="file://{canary}"></script><script type="application/ld+json" src="file://{canary}">{{"@context": "file://{canary}"}}</script>
</head><body><article><h1>Ferry line to reopen</h1><xi:include href="file://{canary}" parse="text"/><p>&away; The harbour council
voted on Friday to reopen the ferry line, which closed two winters ago after a pier was damaged in a storm.</p>
<img src="file://{canary}"><iframe src="file://{canary}"></iframe><object data="file://{canary}"></object>
<p>Fares will stay where they were, the council said, and the timetable is to be printed before the end of the year.</p>
</article></body></html>"""
TEXT = "The canary sings of the quiet harbour at dawn, and nobody who reads the dataset may ever hear a word of the song."


@pytest.fixture
def canaries(tmp_path: Path) -> Iterator[tuple[Path, Canaries]]:
    """A folder outside of the input, with files that nobody may open."""
    if sys.platform != "linux":
        pytest.skip("needs inotify, which is Linux's")
    away = tmp_path / "away"
    watch = Canaries([put(away, name, f"Canary\n{TEXT}\n") for name in ("entity.txt", "linked.txt", "folder/inner.txt", "indexed.txt")])
    yield away, watch
    watch.close()


def test_the_canaries_tell(canaries: tuple[Path, Canaries]) -> None:
    away, watch = canaries
    assert watch.opened() == set()
    (away / "linked.txt").read_bytes()
    assert watch.opened() == {away / "linked.txt"}


@pytest.mark.parametrize("workers", [0, 1])
def test_nothing_outside_of_the_input_is_opened(tmp_path: Path, canaries: tuple[Path, Canaries], workers: int) -> None:
    away, watch = canaries
    inbox = editions(tmp_path / "in", 1)
    for name in ("page.html", "page.xhtml.html", "page.htm", "plain.txt"):
        put(inbox, name, PAGE.format(canary=away / "entity.txt"))
    (inbox / "linked.txt").symlink_to(away / "linked.txt")
    (inbox / "folder").symlink_to(away / "folder")
    put(inbox, "pages.csv", "file,url,fetched_at,site\n../away/indexed.txt,https://example.com/a,,desk\n"
                            f"{away / 'indexed.txt'},https://example.com/b,,desk\npage.html,file://{away / 'entity.txt'},,desk\n")
    done = watched_run(tmp_path, inbox, workers, source={"index": str(inbox / "pages.csv")})
    assert done.returncode == 0, done.stderr
    assert watch.opened() == set()
    rows = copydesk.open_dataset(tmp_path / "out")
    assert not any("canary sings" in body for body in rows.table("articles")["article_body"].to_pylist())
    codes = {row["source_path"]: row["code"] for row in rows.table("rejects").to_pylist()}
    assert codes["linked.txt"] == "symlink_outside"
    assert strange(noted(tmp_path, "open"), tmp_path) == []


def strange(opened: list[str], folder: Path) -> list[str]:
    """Opened files that are neither input nor output, nor of Python, its packages, this repository or the system's own."""
    own = [str(Path(path).resolve()) for path in (*sysconfig.get_paths().values(), sys.base_prefix, sys.prefix)]
    source = [str(Path(path).resolve()) for path in (*sys.path, *Path(copydesk.__file__).parents[:3]) if path]
    known = (str(folder / "in"), str(folder / "out"), str(folder / "hook"), *own, *source, "/usr/lib", "/usr/share/zoneinfo", "/proc",
             "/sys", "/dev/null", "/dev/urandom", "/etc/localtime", "/etc/mime.types")
    scratch = Path(tempfile.gettempdir()).resolve()  # of tempfile: the folder itself, and unnamed files in it
    return sorted({path for path in opened if not path.startswith(known) and scratch not in (Path(path), Path(path).parent)})
