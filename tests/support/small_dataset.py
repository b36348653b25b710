"""What the tests of a dataset's maintenance share: the tiny desk with quotes, and a small dataset of several batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import copydesk
from copydesk.plugins.discovery import installed_names
from copydesk.settings.schema import from_mapping
from support.tiny_desk import SPEECH, desk, fill, put, story

DATES = '''
# And a line "date D" is the day of publication.
from copydesk import Claim

@copydesk.hookimpl
def propose_metadata(document):
    for line in document.text.splitlines():
        if line.startswith("date "):
            found = copydesk.parse_when(line[5:].strip())
            if found is not None:
                yield Claim("date_published", found, "text:date", 10)
'''
TWO = {"batch_files": 2}


def speaking(folder: Path, **settings: Any) -> copydesk.Settings:
    """Settings with the tiny desk and its quotes; two pages a batch unless said otherwise."""
    desk(folder)
    (folder / "speech.py").write_text(SPEECH + DATES, encoding="utf-8")
    off = [name for name in installed_names() if name != "source_files"]
    return from_mapping({"plugins": ["desk.py", "speech.py"], "disable": off, "run": {"workers": 0}, "dataset": TWO, **settings},
                        base=str(folder))


def said(number: int, more: str = "") -> str:
    """A page with a quote and a date; higher numbers are older."""
    return story(number, f"date 2024-05-{28 - number % 28:02}\nThe mayor said [we will build bridge {number}] and left. {more}")


def made(folder: Path, count: int = 7) -> tuple[Path, Path, copydesk.Settings]:
    """(inbox, output, settings) of a dataset with several batches, one in two parts, a reject and a duplicate."""
    inbox, output, settings = folder / "in", folder / "out", speaking(folder)
    for number in range(count):
        put(inbox, f"story-{number:03}.txt", said(number))
    put(inbox, "bad.txt", story(99, "RAISE"))
    put(inbox, "twin.txt", said(0) + "\n")
    copydesk.run([inbox], output, settings)
    put(inbox, "story-001.txt", said(1, "A new ending."))
    copydesk.run([inbox], output, settings)
    return inbox, output, settings


def table(output: Path, name: str, commit: int | None = None) -> list[dict[str, Any]]:
    """The rows of a table, sorted."""
    return sorted(copydesk.open_dataset(output, commit).table(name).to_pylist(), key=str)


def all_rows(output: Path, commit: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables, sorted."""
    return {name: table(output, name, commit) for name in copydesk.open_dataset(output).tables}


def clean(output: Path) -> None:
    """Assert that a check finds nothing at all."""
    assert copydesk.check_dataset(output).findings == ()


__all__ = ["all_rows", "clean", "fill", "made", "put", "said", "speaking", "story", "table"]
