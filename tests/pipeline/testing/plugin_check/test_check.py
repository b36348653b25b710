"""What a check of a plugin finds, by plugins that do one thing wrong each."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.settings.schema import LimitSettings
from copydesk.testing.plugin_check.check import check_plugin
from copydesk.testing.plugin_check.findings import Check

HEAD = '''"""A plugin that does one thing wrong."""
import os
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import copydesk
from copydesk import Article, Claim, Document, Label, Reason, Table
'''
LABELS = HEAD + '''
@copydesk.hookimpl
def label_blocks(document: Document) -> Iterator[Label]:
    """Labels."""
    {}
    yield from ()
'''
ROWS = HEAD + '''
def rows(article: Article) -> Iterator[dict[str, object]]:
    """Rows."""
    yield {}

@copydesk.hookimpl
def tables() -> list[Table]:
    """Tables."""
    return [Table("own", pa.schema([("article_id", pa.string()), ("n", pa.int32())]), rows)]
'''
WRONG: dict[str, tuple[str, Check, str]] = {
    "raises": (LABELS.format("document.blocks[0].text"), Check.RAISES, "IndexError: tuple index out of range"),
    "raises on some page": (LABELS.format("document.title.encode('ascii')"), Check.RAISES, "UnicodeEncodeError"),
    "returns garbage": (LABELS.format("yield 3"), Check.RETURNS, "yielded int, not Label"),
    "wrong offsets": (LABELS.format("yield from (Label(b.index, Reason.PAYWALL, 'r', 0.9, 0, len(b.text) + 1) for b in document.blocks)"),
                      Check.RETURNS, "is not inside block"),
    "hangs": (LABELS.format("time.sleep(60)"), Check.LIMITS, "not done after 3 seconds"),
    "eats memory": (LABELS.format("[bytearray(10_000_000) for _ in range(1_000)]"), Check.LIMITS, "needs more than"),
    "ends the process": (LABELS.format("os._exit(3)"), Check.DIES, "the process died: exit code 3"),
    "is random": (LABELS.format("yield from (Label(b.index, Reason.PAYWALL, 'r', random.random() or 1.0) for b in document.blocks)"),
                  Check.PURE, "gives another result"),
    "remembers": (HEAD + '''
SEEN = []

@copydesk.hookimpl
def label_blocks(document: Document) -> list[Label]:
    """Labels."""
    SEEN.append(document)
    return [Label(b.index, Reason.PAYWALL, f"r{len(SEEN)}", 0.5) for b in document.blocks]
''', Check.PURE, "a second call on the same input gives another result"),
    "mutates": (LABELS.format("[item.update(mine='x') for item in document.json_ld]"), Check.MUTATES, "it changes what it is given"),
    "writes facts": (LABELS.format("document.meta.update(mine=('x',))"), Check.RAISES, "'mappingproxy' object has no attribute 'update'"),
    "writes": (LABELS.format("Path('left-behind').write_text('x')"), Check.WRITES, "it opens 'left-behind' for writing"),
    "connects": (LABELS.format("socket.create_connection(('127.0.0.1', 9))"), Check.NETWORK, "it uses the network"),
    "starts a process": (LABELS.format("subprocess.run(['true'])"), Check.SUBPROCESS, "it starts a process"),
    "unknown argument": (LABELS.format("pass").replace("(document: Document)", "(document: Document, url: str)"), Check.SIGNATURE,
                         "it takes an argument 'url'; the core passes document"),
    "misspelt hook": (LABELS.format("pass").replace("def label_blocks", "def label_block"), Check.SIGNATURE, "is label_blocks meant?"),
    "not marked": (LABELS.format("pass") + '''
def extract(page):
    """Not marked."""
''', Check.SIGNATURE, "is not marked with @copydesk.hookimpl"),
    "wrong annotation": (LABELS.format("pass").replace("(document: Document)", "(document: Article)"), Check.ANNOTATIONS,
                         "its argument 'document' is annotated Article; the core passes Document"),
    "wrong result annotation": (LABELS.format("pass").replace("Iterator[Label]", "Iterator[Claim]"), Check.ANNOTATIONS,
                                "its result is annotated Iterator[Claim]; the core takes Iterable[Label]"),
    "no annotation": (LABELS.format("pass").replace("(document: Document)", "(document)"), Check.ANNOTATIONS,
                      "'document' has no annotation"),
    "no docstring": (LABELS.format("pass").replace('    """Labels."""\n', ""), Check.DOCSTRINGS, "it has no docstring"),
    "no module docstring": (LABELS.format("pass").partition("\n")[2], Check.DOCSTRINGS, "the module has no docstring"),
    "row of a wrong type": (ROWS.format("{'article_id': article.article_id, 'n': 'three'}"), Check.RETURNS,
                            "table 'own', row 1: column 'n': 'three' is no int32"),
    "row of another article": (ROWS.format("{'article_id': 'abc', 'n': 3}"), Check.RETURNS, "article_id is 'abc'"),
    "cannot be loaded": ("import nothing_of_that_name\n", Check.LOAD, "No module named 'nothing_of_that_name'"),
    "writes at its import": (HEAD + "Path('left-behind').write_text('x')\n", Check.LOAD, "has no hooks"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_plugin_has_its_finding(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, check, message = WRONG[what]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.py").write_text(code, encoding="utf-8")
    found = check_plugin(tmp_path / "wrong.py", limits=LimitSettings(page_seconds=3, memory_bytes=800_000_000))
    assert [finding for finding in found.findings if finding.check == check and message in str(finding)], found.text()
    assert not found.ok
    with pytest.raises(AssertionError, match="wrong"):
        found.raise_if_failed()
    assert what == "writes at its import" or not (tmp_path / "left-behind").exists()


def test_a_right_plugin_has_none(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(LABELS.format(
        "yield from (Label(b.index, Reason.PROMOTION, 'listen', 0.9) for b in document.blocks if b.text.startswith('Listen'))"),
        encoding="utf-8")
    found = check_plugin(tmp_path / "right.py")
    assert found.findings == ()
    assert found.hooks == ("label_blocks",)
    assert set(found.milliseconds) == {"label_blocks"}
    assert found.text().startswith("right: all checks hold\n")


def test_settings_reach_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text('''"""A plugin with a setting."""
import copydesk
from copydesk import Document, Label, PluginSettings

class Plugin:
    """It needs a word."""

    class Settings(PluginSettings):
        """``word`` must be given."""

        word: str

    def __init__(self, settings: Settings) -> None:
        self.word = settings.word

    @copydesk.hookimpl
    def label_blocks(self, document: Document) -> list[Label]:
        """None."""
        return []
''', encoding="utf-8")
    assert check_plugin(tmp_path / "own.py", settings={"word": "x"}).ok
    [finding] = check_plugin(tmp_path / "own.py").findings
    assert (finding.check, "word" in finding.message) == (Check.LOAD, True)


def test_a_module_can_be_given(tmp_path: Path) -> None:
    from copydesk_plugins.describe import page_type

    assert check_plugin(page_type).plugin == "page_type"
