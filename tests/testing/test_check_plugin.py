"""Bad plugins, each with the finding that it gets; and the built-in ones, which have none."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from copydesk import LimitSettings
from copydesk.testing import Check, check_plugin

HEAD = '''"""A plugin."""
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import copydesk
from copydesk import Document, Label, Reason

'''
LABELS = HEAD + '''@copydesk.hookimpl
def label_blocks(document: Document) -> Iterator[Label]:
    """Labels."""
'''
GOOD = LABELS + "    return iter([Label(block.index, Reason.PROMOTION, 'x', 0.9) for block in document.blocks])\n"
QUICK = LimitSettings(page_seconds=5, cpu_seconds=3)
BAD = {
    "raises": (LABELS + "    raise KeyError('no such thing')\n", Check.RAISES, "KeyError: 'no such thing'"),
    "exits": (LABELS + "    sys.exit(4)\n", Check.RAISES, "SystemExit: 4"),
    "dies": (LABELS + "    os._exit(9)\n", Check.DIES, "exit code 9"),
    "hangs": (LABELS + "    time.sleep(100)\n", Check.LIMITS, "not done after 5 seconds"),
    "spins": (LABELS + "    while True: pass\n", Check.LIMITS, "seconds"),
    "memory": (LABELS + "    return iter([bytearray(5 * 10**9)])\n", Check.LIMITS, "MemoryError"),
    "no iterable": (LABELS + "    return 7\n", Check.RETURNS, "returned int, not an iterable of Label"),
    "wrong items": (LABELS + "    return iter(['garbage'])\n", Check.RETURNS, "yielded str, not Label"),
    "out of bounds": (LABELS + "    return iter([Label(99999, Reason.PROMOTION, 'x', 0.9)])\n", Check.RETURNS, "label for block 99999"),
    "mutates": (LABELS + "    document.meta['seen'] = ('yes',)\n    return iter([])\n", Check.MUTATES, "changes what it is given"),
    "mutates the tree": (LABELS + "    for node in document.tree.css('p') if document.tree else (): node.attrs['x'] = 'y'\n"
                                  "    return iter([])\n", Check.MUTATES, "changes what it is given"),
    "writes": (LABELS + "    Path('left-behind.txt').write_text('x')\n    return iter([])\n", Check.WRITES, "left-behind.txt"),
    "network": (LABELS + "    socket.create_connection(('127.0.0.1', 9))\n    return iter([])\n", Check.NETWORK, "uses the network"),
    "subprocess": (LABELS + "    subprocess.run(['true'])\n    return iter([])\n", Check.SUBPROCESS, "starts a process"),
    "random": (LABELS + "    return iter([Label(0, Reason.PROMOTION, 'x', random.uniform(0.1, 0.9))] if document.blocks else [])\n",
               Check.PURE, "another result"),
    "set order": (LABELS + "    words = {str(number) for number in range(50)}\n"
                           "    return iter([Label(0, Reason.PROMOTION, word, 0.1) for word in words] if document.blocks else [])\n",
                  Check.PURE, "another process"),
    "keeps count": (LABELS + "    COUNT.append(1)\n    return iter([Label(0, Reason.PROMOTION, str(len(COUNT)), 0.1)] "
                             "if document.blocks else [])\n\n\nCOUNT: list[int] = []\n", Check.PURE, "second call"),
    "unknown argument": (GOOD.replace("document: Document", "doc: Document"), Check.SIGNATURE, "takes an argument 'doc'"),
    "unknown hook": (GOOD.replace("def label_blocks", "def label_block"), Check.SIGNATURE, "is label_blocks meant?"),
    "default": (GOOD.replace("document: Document", "document: Document | None = None"), Check.SIGNATURE, "has a default"),
    "no mark": (GOOD.replace("@copydesk.hookimpl\n", ""), Check.SIGNATURE, "not marked with @copydesk.hookimpl"),
    "async": (GOOD.replace("def label", "async def label"), Check.SIGNATURE, "is async"),
    "no annotation": (GOOD.replace("document: Document", "document"), Check.ANNOTATIONS, "'document' has no annotation"),
    "wrong annotation": (GOOD.replace("document: Document", "document: str"), Check.ANNOTATIONS, "annotated str; the core passes Document"),
    "wrong result": (GOOD.replace("Iterator[Label]", "Iterator[str]"), Check.ANNOTATIONS, "the core takes Iterable[Label]"),
    "no docstring": (GOOD.replace('    """Labels."""\n', ""), Check.DOCSTRINGS, "no docstring"),
    "no module docstring": (GOOD.replace('"""A plugin."""\n', ""), Check.DOCSTRINGS, "module has no docstring"),
    "no import": (HEAD + "import no_such_module\n", Check.LOAD, "No module named 'no_such_module'"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_gets_its_finding(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, check, words = BAD[name]
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "bad.py"
    file.write_text(source, encoding="utf-8")
    found = check_plugin(file, limits=QUICK)
    assert {finding.check for finding in found.findings} == {check}, found.text()
    assert words in found.findings[0].message, found.text()
    assert "\n" not in found.findings[0].message
    assert [path.name for path in tmp_path.iterdir()] == ["bad.py"]
    with pytest.raises(AssertionError, match="findings"):
        found.raise_if_failed()
    found.raise_if_failed(ignore=[check])


def test_a_good_plugin_has_none_and_its_time_is_told(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD, encoding="utf-8")
    found = check_plugin(str(tmp_path / "good.py"))
    found.raise_if_failed()
    assert found.plugin == "good"
    assert found.hooks == ("label_blocks",)
    assert found.milliseconds["label_blocks"] > 0


@pytest.mark.parametrize("name", sorted(point.name for point in entry_points(group="copydesk")))
def test_every_built_in_plugin_passes(name: str) -> None:
    check_plugin(name).raise_if_failed()
