from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Block, BlockKind, Document, LimitSettings, MediaType, Page, PageError, Status, count_words, fold_text, words
from copydesk.html.parser import parse
from copydesk.stages import gate


def read(source: str | bytes, **limits: int) -> Document:
    content = source.encode() if isinstance(source, str) else source
    return parse(Page(content), LimitSettings(**limits))


def texts(source: str) -> list[str]:
    return [block.text for block in read(source).blocks]


def only(source: str) -> Block:
    (block,) = read(source).blocks
    return block


# blocks

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


def test_mis_nested_and_unclosed_markup() -> None:
    assert texts("<div><p>one<div>two<b>three<p>four</b>five<li>six<td>seven") == ["one", "twothree", "fourfive", "sixseven"]


# facts

def test_facts() -> None:
    found = read("""<html lang=en-GB><head><title>A &amp; B</title><meta NAME=Author content=Ann><meta property="og:title" content=T>
        <meta name=author content=Bea><link rel="canonical alternate" href=" /x " hreflang=en><meta http-equiv=Refresh content=5></head>
        <body><p class=d>On <time datetime=2026-05-06 itemprop=datePublished class=t>6 May</time>
        <span itemprop=dateModified content=2026></span>""")
    assert (found.title, found.language) == ("A & B", "en-GB")
    assert found.meta == {"author": ("Ann", "Bea"), "og:title": ("T",), "refresh": ("5",), "datemodified": ("2026",)}
    assert [(link.rel, link.href, link.hreflang) for link in found.links] == [("canonical", "/x", "en"), ("alternate", "/x", "en")]
    (time,) = found.times
    assert (time.datetime, time.text, time.itemprop, time.block) == ("2026-05-06", "6 May", "datepublished", 0)
    assert time.tokens == ("t", "datepublished", "d")
    assert [element.text for element in found.css("p.d")] == ["On 6 May"]


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


# bad input

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


# blocks are the frozen records they say they are, however they are made

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


# facts made when they are asked for

@given(st.lists(st.text(min_size=1), max_size=6))
def test_folded_texts_and_word_counts_are_those_of_the_blocks(found: list[str]) -> None:
    blocks = tuple(Block(index, BlockKind.PARAGRAPH, text) for index, text in enumerate(found))
    document = Document(Page(b"x", MediaType.TEXT), blocks)
    asked = Document(Page(b"x", MediaType.TEXT), blocks)
    for _ in range(2):
        assert asked.folded == tuple(map(fold_text, found))
        assert asked.word_counts == tuple(map(count_words, found))
    assert asked == document
    assert repr(asked) == repr(document)


def test_a_document_with_other_blocks_has_facts_of_its_own() -> None:
    document = read("<p>One two<p>Three")
    assert (document.folded, document.word_counts) == (("one two", "three"), (2, 1))
    other = replace(document, blocks=document.blocks[1:])
    assert (other.folded, other.word_counts) == (("three",), (1,))


# every visible word once

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
