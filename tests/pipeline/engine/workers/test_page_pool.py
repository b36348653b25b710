"""Page processes: what goes wrong in one costs its page and nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pytest

from copydesk import Status
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.engine.workers import child as child_module
from copydesk.engine.workers.page_pool import InProcess, PagePool
from copydesk.pipeline import Pipeline
from copydesk.rows.arrow_batches import unpacked
from copydesk.rows.page_result import PageResult
from support.page_processes import code, page, worked
from support.tiny_desk import desk


def rows_of(result: PageResult, table: str) -> list[dict[str, Any]]:
    """The rows that a page gave a table of the core."""
    batch = unpacked({table: result.batches[table]}, SCHEMAS)[table]
    return list(batch.to_pylist())


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[PagePool]:
    made = PagePool(desk(tmp_path, limits={"page_seconds": 2}), 2)
    yield made
    made.close()


def test_answers_belong_to_their_pages_and_trouble_to_its_own(pool: PagePool) -> None:
    troubles = {3: "HANG", 5: "EXIT", 6: "LEAVE", 8: "RAISE"}
    futures = [pool.submit(page(number, troubles.get(number, "")), "f") for number in range(12)]
    results = [future.result(timeout=60) for future in futures]
    codes = {number: result.reject["code"] for number, result in enumerate(results) if result.reject}
    assert codes == {3: "limit_seconds", 5: "worker_died", 6: "plugin_error", 8: "plugin_error"}
    for number, result in enumerate(results):
        if number not in troubles:
            assert result.status is Status.WRITTEN
            [row] = rows_of(result, "articles")
            assert (row["headline"], row["fingerprint"]) == (f"Story {number}", "f")


def test_plugins_that_print_do_not_disturb(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = desk(tmp_path)
    (tmp_path / "loud.py").write_text("import os, sys, copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n"
                                      "    print('loud' * 1000); os.write(1, b'louder'); sys.stderr.write('loudest')\n    return []\n")
    pool = PagePool(settings.model_copy(update={"plugins": ("desk.py", "loud.py")}), 1)
    try:
        assert pool.submit(page(1), "f").result(timeout=60).status is Status.WRITTEN
    finally:
        pool.close()
    assert "loud" not in "".join(capfd.readouterr())


def test_closing_ends_what_is_under_way(tmp_path: Path) -> None:
    pool = PagePool(desk(tmp_path), 1)
    future = pool.submit(page(1, "HANG"), "f")
    waiting = pool.submit(page(2), "f")
    pool.warm()
    pool.close()
    assert future.cancelled() or future.exception(timeout=10) is not None
    assert waiting.cancelled() or waiting.exception(timeout=10) is not None


BOMBS = """
import copydesk, pyarrow as pa
class Bomb:
    def __reduce__(self):
        return (eval, ("1/0",))
class Text(str):
    def __reduce__(self):
        return (eval, ("1/0",))
def rows(article):
    body = article.body
    value = Bomb() if "BOMB" in body else Text("plain") if "TEXT" in body else "fine"
    return [{"article_id": article.article_id, "value": value}]
@copydesk.hookimpl
def tables():
    return [copydesk.Table("bombs", pa.schema([("article_id", pa.string()), ("value", pa.string())]), rows)]
"""


def test_rows_leave_a_process_as_plain_values_or_not_at_all(tmp_path: Path) -> None:
    settings = desk(tmp_path)
    (tmp_path / "bombs.py").write_text(BOMBS, encoding="utf-8")
    pool = PagePool(settings.model_copy(update={"plugins": ("desk.py", "bombs.py")}), 1)
    try:
        bad, text, fine = (pool.submit(page(number, more), "f").result(timeout=60) for number, more in enumerate(["BOMB", "TEXT", ""]))
    finally:
        pool.close()
    assert bad.reject is not None
    assert (bad.reject["code"], bad.reject["plugin"]) == ("plugin_error", "bombs")
    schemas = {"bombs": pa.schema([("article_id", pa.string()), ("value", pa.string())])}
    values = [unpacked({"bombs": each.batches["bombs"]}, schemas)["bombs"]["value"].to_pylist() for each in (text, fine)]
    assert values == [["plain"], ["fine"]]


class Answer:
    """What cannot be read back."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("no number",)


def test_an_answer_that_cannot_be_read_costs_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = PagePool(desk(tmp_path), 1)
    once = iter([True])
    receive = child_module.Child.receive

    def unreadable(process: child_module.Child) -> object:
        answer = receive(process)
        return pickle.loads(pickle.dumps(Answer())) if isinstance(answer, PageResult) and next(once, False) else answer

    monkeypatch.setattr(child_module.Child, "receive", unreadable)
    try:
        first, second = (pool.submit(page(number), "f").result(timeout=60) for number in range(2))
    finally:
        pool.close()
    assert first.reject is not None
    assert first.reject["code"] == "plugin_error"
    assert second.status is Status.WRITTEN


IN_DESK = "(in plugin 'desk', hook extract)"


def test_what_kills_a_process_in_c_code_costs_the_page_in_flight_alone(tmp_path: Path) -> None:
    limits = {"page_seconds": 2, "memory_bytes": 400_000_000}
    found = worked(PagePool(desk(tmp_path, limits=limits), 1), ["", "HANG_C", "", "SEGV", "", "EXIT", "", "MALLOC", ""])
    assert [code(each) for each in found] == ["", "limit_seconds", "", "worker_died", "", "worker_died", "", "limit_memory_bytes", ""]
    said = [str(each.reject["message"]) for each in found if each.reject]
    assert said == [f"{words} {IN_DESK}" for words in (
        "not done after 2 seconds", "the page process died: signal SIGSEGV", "the page process died: exit code 9",
        "needs more than 400000000 bytes of memory")]


def test_memory_beyond_its_limit_costs_the_page(tmp_path: Path) -> None:
    found = worked(PagePool(desk(tmp_path, limits={"memory_bytes": 400_000_000}), 1), ["OOM", "", "HUGE", ""])
    assert [code(each) for each in found] == ["limit_memory_bytes", "", "limit_memory_bytes", ""]
    assert {(each.reject["stage"], each.reject["plugin"], each.reject["message"]) for each in found if each.reject} == {
        ("process", "desk", f"needs more than 400000000 bytes of memory {IN_DESK}")}


def test_memory_that_a_plugin_keeps_is_not_blamed_on_later_pages(tmp_path: Path) -> None:
    found = worked(PagePool(desk(tmp_path, limits={"memory_bytes": 400_000_000}), 1), ["KEEP"] * 4)
    assert [code(each) for each in found] == [""] * 4


@pytest.mark.parametrize("hook", ["label_blocks", "tables"])
def test_memory_that_runs_out_in_any_hook_is_no_error_of_the_plugin(tmp_path: Path, hook: str) -> None:
    """Also in this process, where only the system has a limit."""
    settings = desk(tmp_path)
    greedy = {"label_blocks": "def label_blocks(document):\n    bytearray(1 << 60)\n",
              "tables": "def tables():\n    schema = pa.schema([('article_id', pa.string())])\n"
                        "    return [copydesk.Table('greedy', schema, lambda article: bytearray(1 << 60))]\n"}
    (tmp_path / "greedy.py").write_text(f"import copydesk, pyarrow as pa\n@copydesk.hookimpl\n{greedy[hook]}")
    found = InProcess(Pipeline(settings.model_copy(update={"plugins": ("desk.py", "greedy.py")}))).submit(page(1), "f").result()
    assert code(found) == "limit_memory_bytes"


def test_cpu_time_beyond_its_limit_costs_the_page(tmp_path: Path) -> None:
    found = worked(PagePool(desk(tmp_path, limits={"cpu_seconds": 0.5}), 1), ["SPIN", "", "XCPU", ""])
    assert [code(each) for each in found] == ["limit_cpu_seconds", "", "limit_cpu_seconds", ""]
    assert {each.reject["message"] for each in found if each.reject} == {f"not done after 0.5 seconds of CPU time {IN_DESK}"}


def test_sleeping_is_no_cpu_time(tmp_path: Path) -> None:
    found = worked(PagePool(desk(tmp_path, limits={"cpu_seconds": 1, "page_seconds": 1.5}), 1), ["HANG", ""])
    assert [code(each) for each in found] == ["limit_seconds", ""]


def test_a_kill_from_outside_is_told_apart(tmp_path: Path) -> None:
    [killed, fine] = worked(PagePool(desk(tmp_path), 1), ["KILL", ""])
    assert killed.reject is not None
    assert (killed.reject["code"], code(fine)) == ("worker_died", "")
    assert killed.reject["message"] == f"the page process died: killed from outside: out of memory? (signal SIGKILL) {IN_DESK}"


def test_an_idle_process_that_is_killed_costs_no_page(tmp_path: Path) -> None:
    pool = PagePool(desk(tmp_path), 1)
    assert code(pool.submit(page(1), "f").result(timeout=60)) == ""
    [child] = (each for each in psutil.Process().children() if any("page_process" in part for part in each.cmdline()))
    child.kill()
    child.wait()
    assert [code(each) for each in worked(pool, ["", ""])] == ["", ""]
