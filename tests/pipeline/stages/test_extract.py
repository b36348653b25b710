"""Documents of plugins: facts that are a mapping, and can only be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import MediaType, Page, PluginError
from copydesk.stages.extract import extract
from support.lone_plugin import TEXT, pipeline

EXTRACT = """
@hookimpl
def extract(page):
    return Document(page, (Block(0, BlockKind.PARAGRAPH, "The river rose again on Monday."),), meta={})
"""


@pytest.mark.parametrize("meta", ["None", "('og:title',)", "3"])
def test_facts_that_are_no_mapping_are_refused_at_the_border(tmp_path: Path, meta: str) -> None:
    with pytest.raises(PluginError, match="not a mapping") as caught:
        pipeline(tmp_path, EXTRACT.format(meta)).read(TEXT)
    assert (caught.value.plugin, caught.value.hook) == ("mine", "extract")


def test_what_plugins_get_of_the_facts_can_only_be_read(tmp_path: Path) -> None:
    made = pipeline(tmp_path, EXTRACT.format("{'og:title': ('Storm',)}"))
    document = extract(made.plugins, Page(TEXT.encode(), MediaType.TEXT))
    assert document.first_meta("og:title") == "Storm"
    with pytest.raises(TypeError, match="does not support item assignment"):
        document.meta["og:title"] = ("Mine",)  # type: ignore[index]
