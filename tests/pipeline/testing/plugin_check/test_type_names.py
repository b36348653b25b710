"""Annotations of hooks are read as a type checker reads them, whatever stands under ``if TYPE_CHECKING:``."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.plugins.discovery import named
from copydesk.testing.plugin_check.contract import static_findings

WRAPPING = """
import functools

def wrapped(function):
    @functools.wraps(function)
    def inner(document):
        return function(document)
    return inner
"""
READS = {
    "another name": ("if TYPE_CHECKING:\n    from copydesk import Document as Page, Label as Mark", ""),
    "a wrong type": ("if TYPE_CHECKING:\n    from copydesk import Document as Page, Article as Mark",
                     "its result is annotated Iterable[Article]; the core takes Iterable[Label]"),
    "a name that is nowhere": ("if TYPE_CHECKING:\n    from copydesk import Document as Page",
                               "its annotations cannot be read: NameError: name 'Mark' is not defined"),
    "inside of a condition": ("if typing.TYPE_CHECKING and sys.version_info > (3,):\n    if sys.platform:\n"
                              "        from copydesk import Document as Page, Label as Mark", ""),
    "the other branch": ("if not TYPE_CHECKING:\n    Page = Mark = object\nelse:\n"
                         "    from copydesk import Document as Page, Label as Mark", ""),
    "one that is not installed": ("if TYPE_CHECKING:\n    try:\n        import nowhere\n    except ImportError:\n        pass\n"
                                  "    from copydesk import Document as Page, Label as Mark", ""),
    "one that exits": ("if TYPE_CHECKING:\n    raise SystemExit(7)\n    from copydesk import Document as Page, Label as Mark", ""),
    "a name of its own": ("if TYPE_CHECKING:\n    Page, Mark = copydesk.Document, copydesk.Label", ""),
    "behind a decorator": ("from wrapping import wrapped\nfrom copydesk import Document as Page, Label as Mark", ""),
}


@pytest.mark.parametrize("what", READS)
def test_annotations_are_read_as_a_type_checker_reads_them(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, expected = READS[what]
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "wrapping.py").write_text(WRAPPING, encoding="utf-8")
    (tmp_path / "names.py").write_text(f'''"""A plugin."""
from __future__ import annotations
import sys
import typing
from collections.abc import Iterable
from typing import TYPE_CHECKING
import copydesk
{names}

@copydesk.hookimpl
{"@wrapped" if "wrapped" in names else ""}
def label_blocks(document: Page) -> Iterable[Mark]:
    """Labels."""
    return []
''', encoding="utf-8")
    found = static_findings(named("names.py", str(tmp_path)).module)
    assert [finding.message for finding in found] == [expected] * bool(expected)
