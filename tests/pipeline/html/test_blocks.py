"""Text blocks: where one begins and ends, of which kind it is, and what is known of it."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Block, BlockKind, words
from support.html_pages import only, read, texts


def test_kinds_and_reading_order() -> None:
    found = read("""<h2>Heading</h2><p>Paragraph</p><ul><li>Item</li></ul><blockquote><p>Quoted</p></blockquote>
        <figure><img><figcaption>Caption</figcaption></figure><pre>Code</pre><table><tr><td>Cell</td></tr></table><dl><dt>Term</dt></dl><div>Bare</div>""")
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.HEADING, "Heading"), (BlockKind.PARAGRAPH, "Paragraph"), (BlockKind.LIST_ITEM, "Item"), (BlockKind.QUOTE, "Quoted"),
        (BlockKind.CAPTION, "Caption"), (BlockKind.PREFORMATTED, "Code"), (BlockKind.TABLE_ROW, "Cell"), (BlockKind.LIST_ITEM, "Term"),
        (BlockKind.OTHER, "Bare")]
    assert [block.index for block in found.blocks] == list(range(9))
    assert found.headings[0].level == 2


def test_text_around_a_nested_block_becomes_blocks_of_its_own() -> None:
    assert texts("<div>before<p>inside</p>after <b>bold</b></div>") == ["before", "inside", "after bold"]


def test_two_line_breaks_end_a_paragraph_and_one_does_not() -> None:
    found = read("<div>First line<br>goes on.<br><br>Second.<br> <br/>Third.</div>").blocks
    assert [(block.text, block.kind) for block in found] == [
        ("First line goes on.", BlockKind.PARAGRAPH), ("Second.", BlockKind.PARAGRAPH), ("Third.", BlockKind.PARAGRAPH)]


def test_inline_elements_do_not_cut_words_but_links_and_buttons_stand_apart() -> None:
    assert texts("<p>Wash<b>ing</b>ton H<sub>2</sub>O</p>") == ["Washington H2O"]
    assert texts("<div><a href=/>home</a><a href=/n>news</a><button>Go</button>now</div>") == ["home news Go now"]
    assert texts("<div><span>By</span><span>Ann</span></div>") == ["By Ann"]


def test_a_table_row_is_one_block_unless_its_cells_hold_blocks() -> None:
    assert texts("<table><tr><th>Name<th>Votes<tr><td>Ann<td>12</table>") == ["Name | Votes", "Ann | 12"]
    assert texts("<table><tr><td><p>One.</p><p>Two.</p></td><td>side</td></tr></table>") == ["One.", "Two.", "side"]


def test_blank_lines_split_preformatted_text() -> None:
    assert texts("<pre>One\nline.\n\nTwo.</pre>") == ["One line.", "Two."]


def test_q_gets_the_marks_that_browsers_show() -> None:
    assert texts("<p>He said <q>no</q>.</p>") == ["He said “no”."]


@pytest.mark.parametrize("element", ["script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "object", "video"])
def test_unseen_elements(element: str) -> None:
    assert texts(f"<p>seen</p><{element}>unseen</{element}><p>too</p>") == ["seen", "too"]


def test_hidden_blocks_are_marked_and_hidden_inline_text_is_unseen() -> None:
    found = read('<p>one<span style="display: none">gone</span></p><div hidden><p>two</p></div>'
                 '<p style="DISPLAY:none">three</p><dialog>four</dialog>').blocks
    assert [(block.text, "hidden" in block.tokens) for block in found] == [("one", False), ("two", True), ("three", True), ("four", True)]


def test_features_of_a_block() -> None:
    block = only('<body class=Page><main id=M><div class="Story Lead" role=note>'
                 '<p><b><a class=x href="/a">all of it</a></b></p></div></main>')
    assert block.path == ("main", "div", "p", "b", "a")
    assert block.tokens == ("x", "story", "lead", "note", "m", "page")
    assert block.own_tokens == ("x",)
    assert (block.link_density, block.hrefs, block.bold) == (1.0, ("/a",), True)


def test_link_density_is_the_share_of_characters() -> None:
    block = only("<p>1234<a href=/x>56</a><a name=y>78</a></p>")
    assert (block.link_density, block.hrefs, block.bold) == (0.25, ("/x",), False)


def test_an_element_around_all_the_text_lends_its_tokens_and_one_around_a_part_does_not() -> None:
    assert only("<div class=a><span class=b>By <i class=c>Ann</i></span></div>").own_tokens == ("b", "a")
    assert only("<div class=a><span class=b>By</span> Ann</div>").own_tokens == ("a",)


@given(st.lists(st.sampled_from([
    "<p class='a B'>", "<b>", "</b>", "<a href=/x>", "</a>", "word ", "<h2>", "<td>", "<li hidden>"]), max_size=20))
def test_a_block_that_was_read_is_as_one_that_was_constructed(parts: list[str]) -> None:
    for block in read("".join(parts)).blocks:
        constructed = Block(**asdict(block))
        assert type(block) is Block
        assert (block, hash(block), repr(block)) == (constructed, hash(constructed), repr(constructed))
        assert pickle.loads(pickle.dumps(block)) == replace(block, text=block.text) == block
        with pytest.raises(FrozenInstanceError):
            block.text = ""  # type: ignore[misc]  # what is tested


INLINE = st.sampled_from(["b", "i", "span", "a href=/x", "em", "time", "label", "x-custom", "code", "sup"])
BLOCK = st.sampled_from([
    "p", "div", "section", "article", "ul", "li", "h2", "blockquote", "figure", "figcaption", "pre", "dl", "dd", "footer", "aside",
    "center", "address", "details", "summary"])
UNSEEN = st.sampled_from(["script", "style", "noscript", "template", "svg", "textarea"])


def _close(tag: str) -> str:
    return f"</{tag.split()[0]}>"


def _element(tag: str, inner: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    return f"<{tag}>" + "".join(html for html, _ in inner) + _close(tag), [word for _, seen in inner for word in seen]


def _table(rows: list[list[tuple[str, list[str]]]]) -> tuple[str, list[str]]:
    html = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell, _ in row) + "</tr>" for row in rows)
    return f"<table>{html}</table>", [word for row in rows for _, seen in row for word in seen]


WORD = st.integers(0, 10**9).map(lambda number: (f" w{number} ", [f"w{number}"]))
BREAK = st.sampled_from(["<br>", "<br><br>", "<hr>", "<img alt=no>", "<!-- no -->", "\n", "&nbsp;"]).map(lambda html: (html, []))
HIDDEN = st.builds(lambda tag: (f"<{tag}>no{_close(tag)}", []), UNSEEN)
LEAF = st.one_of(WORD, WORD, BREAK, HIDDEN)
INLINES = st.recursive(
    LEAF, lambda inner: st.builds(_element, INLINE.filter(lambda tag: tag[0] != "a"), st.lists(inner, max_size=3)), max_leaves=6)
FLOW = st.recursive(
    INLINES, lambda inner: st.one_of(
        st.builds(_element, BLOCK.filter(lambda tag: tag not in ("p", "h2", "pre")), st.lists(inner, max_size=4)),
        st.builds(_element, st.sampled_from(["p", "h2", "pre", "a href=/y"]), st.lists(INLINES, max_size=4)),
        st.builds(_table, st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3))),
    max_leaves=25)


@settings(max_examples=200, deadline=None)
@given(st.lists(FLOW, max_size=6))
def test_every_visible_word_stands_in_exactly_one_block_in_page_order(parts: list[tuple[str, list[str]]]) -> None:
    found = read("<!doctype html><body>" + "".join(html for html, _ in parts))
    seen = [word for block in found.blocks for word in words(block.text)]
    assert seen == [word for _, expected in parts for word in expected]
