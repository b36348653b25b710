"""JSON-LD as pages have it, and as they must not have it."""

from __future__ import annotations

from typing import Any

import pytest

from copydesk import PageError
from copydesk.html import json_ld
from copydesk.settings.schema import LimitSettings
from support.html_pages import read


@pytest.mark.parametrize("source", [
    '{"@type": "A"}', '[{"@type": "A"}]', '{"@graph": [{"@type": "A"}]}', '<!-- {"@type": "A"} -->', '//<![CDATA[\n{"@type": "A"}\n//]]>',
    '{"@type": "A",}', '{"@type": "A"};', '/*<![CDATA[*/ {"@type": "A"} /*]]>*/'])
def test_json_ld_as_pages_have_it(source: str) -> None:
    assert read(f'<script type="application/ld+json">{source}</script>').json_ld == ({"@type": "A"},)


def test_json_ld_with_raw_control_characters_and_several_values() -> None:
    found = read('<script type="application/ld+json; charset=utf-8">{"a": "one\ntwo"} {"b": 1}</script>').json_ld
    assert found == ({"a": "one\ntwo"}, {"b": 1})


@pytest.mark.parametrize("source", [
    "", "null", "3", '"text"', "{", '{"a": 1', "[" * 60, "window.x = 1"])
def test_json_ld_that_cannot_be_read_is_skipped(source: str) -> None:
    found = read(f'<script type="application/ld+json">{source}</script><script type="application/ld+json">{{"good": 1}}</script><p>x')
    assert found.json_ld == ({"good": 1},)


DEEP: Any = ['{"a":' * 70, "[" * 70 + '"', '"\\\\"' + "[" * 70, "<!-- " + "[" * 70]


@pytest.mark.parametrize("script", DEEP)
def test_depth_is_found_before_a_parser_runs(script: str) -> None:
    with pytest.raises(PageError, match="nested over 60 deep"):
        json_ld.check([script], LimitSettings())


@pytest.mark.parametrize("script", ['"' * 100_001, '\\"' * 100_000, '"\\' * 100_000, "[]" * 100_000, '{"a": "' + "[" * 100_000])
def test_long_scripts_take_one_pass(script: str) -> None:
    json_ld.check([script], LimitSettings())
