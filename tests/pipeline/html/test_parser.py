"""The parser: odd, broken and hostile pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import LimitSettings, Page, PageError, Status
from copydesk.html.parser import parse
from copydesk.stages import gate
from support.html_pages import read, texts


def test_mis_nested_and_unclosed_markup() -> None:
    assert texts("<div><p>one<div>two<b>three<p>four</b>five<li>six<td>seven") == ["one", "twothree", "fourfive", "sixseven"]


def test_control_character_references_and_nul_bytes_go() -> None:
    assert texts("<p>one&#11;two&#x1;x\x00y don&#146;t &#38; &#0;z</p>") == ["one twoxy don’t & z"]


@pytest.mark.parametrize(("source", "code"), [
    ("<div>" * 100_000 + "x", "limit_depth"),
    ("<span>" * 3_000 + "x", "limit_depth"),
    ("<p>good<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x", "limit_attributes_per_tag"),
    ("<p " + " ".join(f"a{n}='>'" for n in range(600)) + ">x", "limit_attributes_per_tag"),
    ("".join(f"<b class={n}><p>" for n in range(3_000)), "limit_tags"),
    ("<p>x" * 60_000, "limit_blocks")])
def test_pages_beyond_a_limit_are_quarantined(source: str, code: str) -> None:
    with pytest.raises(PageError) as caught:
        read(source)
    assert (caught.value.code, caught.value.status, caught.value.stage) == (code, Status.QUARANTINED, "gate")


@pytest.mark.parametrize("source", [
    "", " ", "\x00", "<", "<p", "<p a='", "<!--", "<script>", "</p></p>", "<![CDATA[x]]>", "<a <a <a", "&#xD800;&#99999999;&",
    "<table><td><table>" * 50,
    "<svg><p>x</svg>", "<select><p>x", "<frameset><frame>", "<template><p>x", "<plaintext>x", "<title>x"])
def test_odd_pages_do_not_crash(source: str) -> None:
    read(source)


def test_deep_but_allowed_nesting_is_read() -> None:
    assert texts("<div>" * 300 + "x" + "</div>" * 300) == ["x"]


def test_a_run_of_less_than_signs_is_text() -> None:
    page = Page(("<p>" + "<" * 200_000).encode())
    gate.check(page, LimitSettings())
    assert [len(block.text) for block in parse(page).blocks] == [200_000]


def test_many_tags_in_scripts_do_not_count() -> None:
    assert texts("<script>" + 'x = "<div><div a=1 b=2>"; if (a<b) {y = "' * 20_000 + "</script><p>x</p>") == ["x"]


@given(st.binary(max_size=300))
def test_any_bytes_parse_or_are_refused(content: bytes) -> None:
    for block in read(content).blocks:
        assert block.text
        assert block.text == " ".join(block.text.split())


@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<div class=a>", "</div>", "<b>", "</b>", "<a href=x>", "</a>", "<td>", "<table>", "</table>", "<li>", "<br>", "<pre>",
    "word ", "two\n\nlines", "<q>", "</q>", "<time>", "<!-- c -->", "<tr>", "&nbsp;", "<h2>", "<select>", "&#11;"]), max_size=40))
def test_tag_soup_parses(parts: list[str]) -> None:
    found = read("".join(parts))
    assert [block.index for block in found.blocks] == list(range(len(found.blocks)))
    assert all(0.0 <= block.link_density <= 1.0 for block in found.blocks)
