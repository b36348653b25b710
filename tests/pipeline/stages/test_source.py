"""What source plugins give is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk import PluginError
from copydesk.stages.source import items
from support.lone_plugin import pipeline


@pytest.mark.parametrize(("result", "message"), [
    ("[Page('text', MediaType.HTML, 'a')]", "Page.content takes bytes, not str"),
    ("[Page(b'x', 'text/html', 'a')]", "Page.media_type takes MediaType, not str"),
    ("[Page(b'x', MediaType.HTML, None)]", "Page.source_path takes str, not NoneType"),
    ("[Page(b'x', source_offset=2**64)]", "Page.source_offset is beyond 64 bits"),
    ("[Fault('code', None, 'a')]", "Fault.message takes str, not NoneType"),
    ("(1 / 0 for _ in 'x')", "ZeroDivisionError"),
    ("7", "returned int, not an iterable of Page and Fault"),
])
def test_what_a_source_gives_is_checked(tmp_path: Path, result: str, message: str) -> None:
    made = pipeline(tmp_path, f"@hookimpl\ndef open_source(source_range):\n    return {result}\n")
    with pytest.raises(PluginError, match=message.replace("*", r"\*")) as caught:
        list(items(made.plugins, copydesk.SourceRange(copydesk.Location("/x", "x", 1))) or ())
    assert (caught.value.plugin, caught.value.hook) == ("mine", "open_source")
