"""A pipeline with a plugin whose code a test writes."""

from __future__ import annotations

from pathlib import Path

import copydesk
from copydesk.settings.schema import from_mapping

HEAD = "from copydesk import *\nfrom copydesk import hookimpl\n"
TEXT = "The river rose again on Monday and the bridge was closed."


def pipeline(tmp_path: Path, code: str, **settings: object) -> copydesk.Pipeline:
    """A pipeline whose only quote plugin is the given code."""
    (tmp_path / "mine.py").write_text(HEAD + code, encoding="utf-8")
    names = {info.name for info in copydesk.Pipeline().plugins.infos if "propose_quotes" in info.hooks}
    return copydesk.Pipeline(from_mapping({"plugins": ["mine.py"], "disable": sorted(names), **settings}, base=str(tmp_path)))
