"""Processes that cannot start say why, and blame no page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from copydesk import Settings
from copydesk.engine.workers import launch, page_process
from copydesk.engine.workers.child import WorkerStartError
from copydesk.engine.workers.launch import start_child
from copydesk.engine.workers.page_pool import PagePool
from copydesk.engine.workers.watch import Watch
from support.page_processes import code, page, worked
from support.tiny_desk import desk


def test_a_process_that_cannot_start_says_why_and_blames_no_page(tmp_path: Path) -> None:
    settings = desk(tmp_path)
    (tmp_path / "desk.py").write_text("raise RuntimeError('no desk today')\n")
    pool = PagePool(settings, 1)
    try:
        with pytest.raises(WorkerStartError, match="no desk today"):
            pool.submit(page(1), "f").result(timeout=60)
    finally:
        pool.close()


def test_an_interpreter_that_is_not_there_is_a_start_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "command", lambda _: [str(tmp_path / "no-python")])
    pool = PagePool(desk(tmp_path), 1)
    try:
        with pytest.raises(WorkerStartError, match="No such file"):
            pool.submit(page(1), "f").result(timeout=60)
    finally:
        pool.close()


MORTAL = """
import os, pathlib, sys, threading
import copydesk
if "copydesk.engine.workers.page_process" in sys.modules and "copydesk.engine.workers.page_pool" not in sys.modules:
    with open(os.path.join(os.path.dirname(__file__), "births"), "a") as births:
        births.write("x")
    DYING
@copydesk.hookimpl
def label_blocks(document):
    return []
"""


@pytest.mark.parametrize(("dying", "said"), [("os._exit(7)", "exit code 7"), ("os.abort()", "Fatal Python error|SIGABRT")])
def test_a_plugin_that_kills_the_process_at_import_ends_the_run_and_costs_no_page(tmp_path: Path, dying: str, said: str) -> None:
    settings = desk(tmp_path)
    (tmp_path / "mortal.py").write_text(MORTAL.replace("DYING", dying))
    pool = PagePool(settings.model_copy(update={"plugins": ("desk.py", "mortal.py")}), 1)
    try:
        futures = [pool.submit(page(number), "f") for number in range(3)]
        for future in futures:
            with pytest.raises(WorkerStartError, match=said):
                future.result(timeout=60)
    finally:
        pool.close()
    assert len((tmp_path / "births").read_text()) >= 3


def test_a_process_that_dies_before_its_first_page_costs_none(tmp_path: Path) -> None:
    """The first process is killed when it is ready; its page goes to the next."""
    settings = desk(tmp_path)
    dying = "if len(open(births.name).read()) == 1: os.close(0), os._exit(7)"
    (tmp_path / "mortal.py").write_text(MORTAL.replace("DYING", dying))
    pool = PagePool(settings.model_copy(update={"plugins": ("desk.py", "mortal.py")}), 1)
    assert [code(each) for each in worked(pool, ["", ""])] == ["", ""]
    assert (tmp_path / "births").read_text() == "xx"


def test_a_memory_limit_below_what_a_process_needs_to_start_ends_the_run(tmp_path: Path) -> None:
    pool = PagePool(desk(tmp_path, limits={"memory_bytes": 1_000_000}), 1)
    with pytest.raises(WorkerStartError, match=r"limits\.memory_bytes is 1000000"):
        worked(pool, [""])


@pytest.mark.skipif(not hasattr(os, "pwrite"), reason="nothing is noted there")
def test_what_was_printed_at_the_start_is_no_plugin_at_work(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text("import copydesk\nprint('a page of words' * 30, flush=True)\n@copydesk.hookimpl\n"
                                      "def label_blocks(document):\n    return []\n", encoding="utf-8")
    watch = Watch()
    try:
        child = start_child(page_process.NAME, Settings(plugins=("loud.py",), base=str(tmp_path)), watch)
        assert child.at_work() == ("", "")
        assert b"words" in child.errors.read()
    finally:
        watch.close()
