"""Any mix of pages that hang, crash, leave, raise and eat memory: exactly those are quarantined, the others are as without them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
from support.tiny_desk import column, desk, put, rejects, story

PAGES = 42
"""Enough for two page processes (`copydesk.engine.run.PAGES_A_WORKER`)."""
CODES = {"HANG_C": "limit_seconds", "SEGV": "worker_died", "EXIT": "worker_died", "OOM": "limit_memory_bytes", "RAISE": "plugin_error"}
TABLES = ("articles", "quotes", "removals", "claims", "lengths")
PLACES = st.lists(st.integers(0, PAGES - 1), min_size=len(CODES), max_size=len(CODES), unique=True)
MIXES = st.builds(lambda places, words: dict(zip(places, words, strict=True)), PLACES, st.permutations(sorted(CODES)))


def run(folder: Path, name: str, mix: dict[int, str], left_out: bool, workers: int) -> Path:
    """A run over the pages; those of the mix make trouble, or are left out."""
    inbox = folder / f"{name}-in"
    for number in range(PAGES):
        if not (left_out and number in mix):
            put(inbox, f"story-{number:03}.txt", story(number, mix.get(number, "")))
    chosen = desk(folder, run={"workers": workers}, limits={"page_seconds": 3, "memory_bytes": 300_000_000})
    copydesk.run([inbox], folder / name, chosen)
    return folder / name


def rows(output: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables but rejects."""
    found = copydesk.open_dataset(output)
    return {name: found.table(name).to_pylist() for name in TABLES}


@settings(max_examples=2, deadline=None)
@given(MIXES)
def test_exactly_the_bad_pages_are_quarantined(mix: dict[int, str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        output = run(folder, "mixed", mix, left_out=False, workers=2)
        assert rejects(output) == {f"story-{number:03}.txt": (CODES[word], "quarantined") for number, word in mix.items()}
        assert rows(output) == rows(run(folder, "good", mix, left_out=True, workers=0))
        assert len(column(output, "articles", "article_id")) == PAGES - len(mix)
