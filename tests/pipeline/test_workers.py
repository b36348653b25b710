"""Page processes: what goes wrong in one costs its page and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_support import desk, story

from copydesk import MediaType, Page, Status
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
    assert codes == {3: "limit_seconds", 5: "worker_died", 6: "page_error", 8: "plugin_error"}
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
