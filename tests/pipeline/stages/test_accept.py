"""Pages of types that nobody wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import MediaType, Page, PageError, Status
from support.lone_plugin import TEXT, pipeline


def test_unwanted_page_types_are_rejected_with_a_code(tmp_path: Path) -> None:
    code = "@hookimpl\ndef propose_metadata():\n    return [Claim('page_type', 'index', 'mine', 0)]\n"
    made = pipeline(tmp_path, code)
    outcome = made.process(Page(TEXT.encode(), MediaType.TEXT))
    assert outcome.status is Status.REJECTED
    assert outcome.reject is not None
    assert outcome.reject.code == "page_type_index"
    with pytest.raises(PageError, match="of type index"):
        made.read(TEXT)
    everything = pipeline(tmp_path, code, content={"page_types": ["all"]}).process(Page(TEXT.encode(), MediaType.TEXT))
    assert everything.status is Status.WRITTEN
