"""The transition table of the data contract ("seen again | then"), row by row; and what ``--refresh`` and ``retry`` change in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from support.tiny_desk import column, desk, put, story


class Desk:
    """An inbox, an output, and runs between them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox, self.output = folder, folder / "in", folder / "out"
        self.desk = desk(folder)

    def put(self, name: str, text: str) -> None:
        put(self.inbox, name, text)

    def run(self, again: str = "") -> dict[str, int]:
        """Outcomes that were counted."""
        report = copydesk.run([self.inbox], self.output, self.desk, refresh=again == "refresh", retry=again == "retry")
        report.check()
        assert copydesk.check_dataset(self.output).findings == ()
        return {name: count for name, count in report.counts.items() if count}

    def bodies(self) -> list[str]:
        return sorted(column(self.output, "articles", "article_body"))

    def new_fingerprint(self) -> None:
        path = self.folder / "desk.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n# another version\n", encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.put("a.txt", story(1))
    made.put("bad.txt", story(2, "RAISE"))
    made.put("b.pdf", "of a kind that nothing reads")
    assert made.run() == {"written": 1, "rejected": 1, "quarantined": 1}
    return made


AGAIN = ["", "retry", "refresh"]
OTHERS = {"": {"unchanged": 2}, "retry": {"rejected": 1, "quarantined": 1}, "refresh": {"rejected": 1, "quarantined": 1}}


def plus(others: dict[str, int], **more: int) -> dict[str, int]:
    return {name: others.get(name, 0) + more.get(name, 0) for name in {*others, *more}}


@pytest.mark.parametrize("again", AGAIN)
def test_same_bytes_same_path(place: Desk, again: str) -> None:
    before = place.bodies()
    assert place.run(again) == plus(OTHERS[again], **({"written": 1} if again == "refresh" else {"unchanged": 1}))
    assert place.bodies() == before


@pytest.mark.parametrize("again", AGAIN)
def test_same_bytes_another_path(place: Desk, again: str) -> None:
    (place.inbox / "a.txt").rename(place.inbox / "moved.txt")
    assert place.run(again) == plus(OTHERS[again], **({"written": 1} if again == "refresh" else {"unchanged": 1}))
    assert len(place.bodies()) == 1


@pytest.mark.parametrize("again", AGAIN)
def test_same_record_other_bytes(place: Desk, again: str) -> None:
    place.put("a.txt", story(1, "A new ending."))
    assert place.run(again) == plus(OTHERS[again], written=1)
    assert ["A new ending." in body for body in place.bodies()] == [True]


@pytest.mark.parametrize("again", AGAIN)
def test_source_gone(place: Desk, again: str) -> None:
    (place.inbox / "a.txt").unlink()
    assert place.run(again) == OTHERS[again]
    assert len(place.bodies()) == 1


@pytest.mark.parametrize("again", AGAIN)
def test_source_gone_and_erased(place: Desk, again: str) -> None:
    copydesk.erase(place.output, "https://news.example.com/1")
    assert place.run(again) == plus(OTHERS[again], unchanged=1)
    place.put("a.txt", story(1, "A new ending."))
    assert place.run(again) == plus(OTHERS[again], rejected=1)
    assert place.bodies() == []


@pytest.mark.parametrize("again", AGAIN)
def test_new_fingerprint(place: Desk, again: str) -> None:
    place.new_fingerprint()
    assert place.run(again) == plus(OTHERS["retry"], **({"written": 1} if again == "refresh" else {"unchanged": 1}))


@pytest.mark.parametrize("again", AGAIN)
def test_rejected_before(place: Desk, again: str) -> None:
    assert place.run(again)["unchanged" if not again else "quarantined"] == (3 if not again else 1)
    assert place.run() == {"unchanged": 3}


def test_rejected_before_and_mended(place: Desk) -> None:
    place.put("bad.txt", story(2))
    assert place.run() == {"unchanged": 2, "written": 1}
    assert len(place.bodies()) == 2


def test_retry_writes_what_can_be_read_now_without_another_fingerprint(tmp_path: Path) -> None:
    """Something outside the page was in the way: the same bytes under the same fingerprint give an article the second time."""
    made = Desk(tmp_path)
    path = tmp_path / "desk.py"
    path.write_text(path.read_text(encoding="utf-8").replace(
        'if "RAISE" in text:', f'if "RAISE" in text and not os.path.exists({str(tmp_path / "mended")!r}):'), encoding="utf-8")
    made.put("a.txt", story(1))
    made.put("bad.txt", story(2, "RAISE"))
    assert made.run() == {"written": 1, "quarantined": 1}
    (tmp_path / "mended").touch()
    assert made.run() == {"unchanged": 2}
    assert made.run("retry") == {"unchanged": 1, "written": 1}
    assert made.run("retry") == {"unchanged": 2}
    assert len(made.bodies()) == 2
