"""What may not pass the gate, and what may."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import MediaType, Page, PageError
from copydesk.html import json_ld, markup
from copydesk.html.parser import parse
from copydesk.settings.schema import LimitSettings
from copydesk.stages.gate import check

LIMITS = LimitSettings(page_bytes=1000, tags=50)


@pytest.mark.parametrize(("content", "code", "status"), [
    (b"", "empty", "rejected"),
    (b" \r\n\t", "empty", "rejected"),
    (b"x" * 1001, "limit_page_bytes", "quarantined"),
    (b"<p>" * 51, "limit_tags", "quarantined"),
    (b"\x89PNG\r\n\x1a\n" + bytes(40), "binary", "rejected"),
    (b"%PDF-1.7 text", "binary", "rejected"),
    (bytes(range(32)) * 8, "binary", "rejected"),
])
def test_refusals_have_a_code(content: bytes, code: str, status: str) -> None:
    with pytest.raises(PageError) as caught:
        check(Page(content), LIMITS)
    assert (caught.value.stage, caught.value.code, caught.value.status) == ("gate", code, status)


@pytest.mark.parametrize("content", [
    b"<p>A page with one \x00 byte in it is still a page.</p>",
    "Größe über alles".encode("latin-1"),
    "Plain words in two bytes each.".encode("utf-16"),
    "Plain words in two bytes each.".encode("utf-16-le"),
    "<p>日本語の本文です。</p>".encode("shift_jis"),
])
def test_text_in_any_encoding_passes(content: bytes) -> None:
    check(Page(content), LIMITS)


def test_tags_do_not_count_in_plain_text() -> None:
    check(Page(b"a < b " * 60, MediaType.TEXT), LIMITS)


def filled(size: int) -> bytes:
    """A page of so many bytes."""
    return b"<p>" + b"x" * (size - 3)


def passed(content: bytes, limits: LimitSettings) -> None:
    """Through the gate and the parser."""
    check(Page(content), limits)
    parse(Page(content), limits)


def ld(text: str) -> bytes:
    """A page with JSON-LD."""
    return f'<script type="application/ld+json">{text}</script><p>A page.'.encode()


def attributes(number: int) -> bytes:
    """A page whose tag has so many."""
    return b"<p " + b" ".join(b"a%d=x" % each for each in range(number)) + b">A page."


@pytest.mark.parametrize(("name", "limit", "within", "beyond"), [
    ("page_bytes", 1000, filled(1000), filled(1001)),
    ("tags", 50, b"<p>x" * 50, b"<p>x" * 51),
    ("attributes_per_tag", 30, attributes(30), attributes(31)),
    ("depth", 40, b"<div>" * 38 + b"x", b"<div>" * 41 + b"x"),
    ("blocks", 20, b"<p>x" * 20, b"<p>x" * 21),
    ("json_ld_bytes", 60, ld('{"a": "' + "x" * 51 + '"}'), ld('{"a": "' + "x" * 52 + '"}')),
    ("json_ld_bytes", 60, ld("é" * 30), ld("é" * 30 + "x")),
    ("json_ld_bytes", 60, ld("{}" * 15) * 2, ld("{}" * 15) + ld("{}" * 15 + " ")),
    ("json_ld_depth", 5, ld("[" * 5 + "]" * 5), ld("[" * 6 + "]" * 6)),
    ("json_ld_depth", 5, ld('{"a":' * 5 + "1" + "}" * 5), ld('{"a":' * 6 + "1" + "}" * 6)),
    ("json_ld_depth", 5, ld('[[[[["[[[\\"["]]]]][[[[["}"'), ld('[[[[["]]]]"[')),
])
def test_at_its_limit_a_page_passes_and_beyond_it_is_quarantined(name: str, limit: int, within: bytes, beyond: bytes) -> None:
    limits = LimitSettings.model_validate({name: limit})
    check(Page(within), limits)
    assert parse(Page(within), limits).blocks
    with pytest.raises(PageError) as caught:
        passed(beyond, limits)
    assert (caught.value.stage, caught.value.code, caught.value.status) == ("gate", f"limit_{name}", "quarantined")


MANY = " ".join(f"a{number}" for number in range(31))
HIDING = [
    f'<p a=="> <q {MANY} c=">', f'<!-- <p a=" --> <q {MANY}> <!-- " -->', f"<!-- <script --><q {MANY}>", f'<p x=\xa0">x</p> <q {MANY} ">',
    f"<!--><q {MANY}> -->", f"<!-- --!><q {MANY}> -->", f'<title><p a="</title><q {MANY} ">', f'<textarea><p a="</TEXTAREA><q {MANY} ">',
    f'<?x <p a="?> <q {MANY} ">', f'<![CDATA[ <p a="]]> <q {MANY} ">', f"<svg><style><q {MANY}></style></svg>",
    f"<q/{MANY.replace(' ', '/')}>",
    "<q " + MANY.replace(" ", "='>'") + ">", f"<Q\t{MANY}", f'<style><p a="</style><q {MANY} ">']


@pytest.mark.parametrize("source", HIDING)
def test_attributes_cannot_hide_from_the_count(source: str) -> None:
    with pytest.raises(PageError, match="attributes"):
        markup.check(source.encode(), LimitSettings(attributes_per_tag=30))


@pytest.mark.parametrize("source", [
    f"<!-- <q {MANY}> --><p>x", f"<script>if (a <q {MANY}) b</script><p>x", f'<p title="<q {MANY}>">x', f"<p>a < b {MANY}",
    f"<p title='{MANY}' class={MANY.replace(' ', '/')}>x", f"<p>{MANY}</p>" * 3])
def test_what_only_looks_like_attributes_does_not_count(source: str) -> None:
    markup.check(source.encode(), LimitSettings(attributes_per_tag=30))


MARKUP = st.sampled_from(["<p ", "<q", ">", '"', "'", "=", " a", " b=", "/", "<!--", "-->", "--!>", "<title>", "</title>", "x"])


@given(st.lists(MARKUP, max_size=60))
def test_no_more_attributes_than_counted_reach_the_parser(parts: list[str]) -> None:
    """Distinct names, so that the parser keeps each."""
    text = "".join(part.replace("a", f"a{place}").replace("b", f"b{place}") for place, part in enumerate(parts))
    tree = parse(Page(text.encode() or b" ")).tree
    held = max((len(node.attributes) for node in tree.css("*")), default=0) if tree else 0
    if held > 1:
        with pytest.raises(PageError, match="attributes"):
            markup.check(text.encode(), LimitSettings(attributes_per_tag=held - 1))


EASY = st.one_of(MARKUP, st.sampled_from([
    "<div>", "</div>", "<b>", "</b>", "<STRONG class=x>", "<sTRONG>", "</em >", "<i/>", "<sCRIPT>", "<script>", "</script>", "<style>",
    "</style>",
    "<iframe src='x>y'>", "</iframe>", "<xmp>", "<a<b>", "<span",
    ' c="d"', " e='f>'", ' =">"', ' g=="h"', " i=j\"k", ' l = "m>"',
    "<!>", "<!---->", "<?p>", "</>", "<\u017fcript>", "\xe9"]))


@given(st.lists(EASY, max_size=40))
def test_tags_passed_over_are_those_of_which_nothing_can_come(parts: list[str]) -> None:
    """What is taken in at once hides no formatting tag and no attributes from the count, and tags are not counted short."""
    source = "".join(parts).encode()
    formatting, number = markup._hard_tags(source, 500)
    seen = b"".join(markup._tags(source, 500))
    assert formatting == markup._FORMATTING_TAG.findall(seen)
    assert number >= seen.count(b"<")


FORMS = [(form, between) for form in ("a{}", "a{}=b", "a{}='>'", 'a{}="<"', "a{} = c", "a{}=d/", "a{}=e=f", "é{}")
         for between in (" ", "\n  ", "/", " / ") if between[0] != "/" or form[-1] in "}'\""]  # a slash behind a bare value is part of it


@pytest.mark.parametrize(("form", "between"), FORMS)
def test_the_limit_of_attributes_is_exact_whatever_their_form(form: str, between: str) -> None:
    limits = LimitSettings()
    most = limits.attributes_per_tag
    within, beyond = (f"<div>x</div><p {between.join(form.format(each) for each in range(number))} >x</p>".encode()
                      for number in (most, most + 1))
    markup.check(within, limits)
    with pytest.raises(PageError, match=f"a tag with {most + 1} attributes"):
        markup.check(beyond, limits)


CONTROL = [*range(9), *range(9, 32), 127]


REFERENCES = st.one_of(*(st.sampled_from(CONTROL).map(form.format) for form in ("&#{};", "&#{:04}", "&#x{:x};", "&#X{:X}")))
NEARLY = st.sampled_from(["&", "#", "x", "1", "11;", "b;", "0", "&#", "&#x", " ", "word", "&#38;"])


@given(st.lists(st.one_of(REFERENCES, NEARLY), max_size=12))
def test_no_reference_to_a_control_character_is_left(parts: list[str]) -> None:
    left = markup.strip_controls("".join(parts).encode()).decode()
    for decimal, hexadecimal in re.findall(r"&#(?:([0-9]+)|[xX]([0-9a-fA-F]+))", left):
        code = int(decimal) if decimal else int(hexadecimal, 16)
        assert code >= 32
        assert code != 127


@pytest.mark.parametrize(("text", "left"), [
    ("a&#11;b&#xB;c&#11 d&#x0000000000000bz", "a b c  d z"), ("&#&#1;11;", "&# 11;"), ("&#1&#1;1;", " 1;"),
    ("caf&#233;&#8;s", "caf&#233;s"),
    ("&#x;&#;&#abc;&#1114112;&#146;", "&#x;&#;&#abc;&#1114112;&#146;")])
def test_references_to_control_characters(text: str, left: str) -> None:
    assert markup.strip_controls(text.encode()) == left.encode()


DEEP: Any = ['{"a":' * 70, "[" * 70 + '"', '"\\\\"' + "[" * 70, "<!-- " + "[" * 70]


@pytest.mark.parametrize("script", DEEP)
def test_depth_is_found_before_a_parser_runs(script: str) -> None:
    with pytest.raises(PageError, match="nested over 60 deep"):
        json_ld.check([script], LimitSettings())


@pytest.mark.parametrize("script", ['"' * 100_001, '\\"' * 100_000, '"\\' * 100_000, "[]" * 100_000, '{"a": "' + "[" * 100_000])
def test_long_scripts_take_one_pass(script: str) -> None:
    json_ld.check([script], LimitSettings())
