"""Page processes: what goes wrong in one costs its page and nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_support import desk, story

from copydesk import MediaType, Page, Status, workers
from copydesk.workers import PagePool, WorkerStartError


def page(number: int, more: str = "") -> Page:
    return Page(story(number, more).encode(), MediaType.TEXT, f"{number}.txt")


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
            assert result.rows["articles"][0]["headline"] == f"Story {number}"
            assert result.rows["articles"][0]["fingerprint"] == "f"


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


def test_a_process_that_cannot_start_says_why_and_blames_no_page(tmp_path: Path) -> None:
    settings = desk(tmp_path)
    (tmp_path / "desk.py").write_text("raise RuntimeError('no desk today')\n")
    pool = PagePool(settings, 1)
    try:
        with pytest.raises(WorkerStartError, match="no desk today"):
            pool.submit(page(1), "f").result(timeout=60)
    finally:
        pool.close()


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
    assert [type(each.rows["bombs"][0]["value"]) for each in (text, fine)] == [str, str]


class Answer:
    """What cannot be read back."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("no number",)


def test_an_answer_that_cannot_be_read_costs_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = PagePool(desk(tmp_path), 1)
    once = iter([True])
    receive = workers._Process.receive

    def unreadable(process: workers._Process) -> object:
        answer = receive(process)
        return pickle.loads(pickle.dumps(Answer())) if answer != "ready" and next(once, False) else answer

    monkeypatch.setattr(workers._Process, "receive", unreadable)
    try:
        first, second = (pool.submit(page(number), "f").result(timeout=60) for number in range(2))
    finally:
        pool.close()
    assert first.reject is not None
    assert first.reject["code"] == "plugin_error"
    assert second.status is Status.WRITTEN


def test_an_interpreter_that_is_not_there_is_a_start_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "command", lambda: [str(tmp_path / "no-python")])
    pool = PagePool(desk(tmp_path), 1)
    try:
        with pytest.raises(WorkerStartError, match="No such file"):
            pool.submit(page(1), "f").result(timeout=60)
    finally:
        pool.close()
