"""The worked examples of docs/examples: their own tests, and their tables in a dataset beside the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import copydesk
from copydesk import Settings
from copydesk.settings.schema import from_mapping
from support.places import ROOT

EXAMPLES = sorted(path.parent for path in (ROOT / "docs/examples").glob("*/pyproject.toml"))
WORDS = '[topics]\nparliament = ["bill", "chamber", "vote", "lawmakers"]\nsea = ["tidal", "barrier", "water", "flood"]\n'


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_its_own_tests_pass(example: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(example / "src"), *(entry for entry in sys.path if entry)])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "its"), str(example)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}, cwd=example,
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with both examples, as modules of a path."""
    for example in EXAMPLES:
        monkeypatch.syspath_prepend(str(example / "src"))
    (tmp_path / "words.toml").write_text(WORDS, encoding="utf-8")
    return from_mapping({"plugins": {"load": ["copydesk_readability", "copydesk_topics"], "copydesk_topics": {"words": "words.toml"}}},
                        base=str(tmp_path))


def test_their_tables_stand_in_the_dataset(settings: Settings, tmp_path: Path) -> None:
    report = copydesk.run([ROOT / "seeds"], tmp_path / "out", settings)
    dataset = copydesk.open_dataset(tmp_path / "out")
    ids = set(dataset.table("articles").column("article_id").to_pylist())
    assert report.counts["written"] == len(ids)
    assert set(dataset.table("readability").column("article_id").to_pylist()) == ids
    topics = dataset.table("topics")
    assert set(topics.column("article_id").to_pylist()) <= ids
    assert set(topics.column("topic").to_pylist()) == {"parliament", "sea"}
    assert all(hits >= 2 for hits in topics.column("hits").to_pylist())
    assert copydesk.check_dataset(tmp_path / "out").ok
    card = (tmp_path / "out/README.md").read_text(encoding="utf-8")
    assert all(f"{name}-*.parquet" in card for name in ("readability", "topics"))


def test_their_rows_go_with_their_article(settings: Settings, tmp_path: Path) -> None:
    copydesk.run([ROOT / "seeds"], tmp_path / "out", settings)
    gone = copydesk.open_dataset(tmp_path / "out").table("topics").column("article_id").to_pylist()[0]
    copydesk.erase(tmp_path / "out", gone)
    dataset = copydesk.open_dataset(tmp_path / "out")
    assert all(gone not in dataset.table(name).column("article_id").to_pylist() for name in ("articles", "readability", "topics"))
