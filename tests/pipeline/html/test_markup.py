"""Mark-up as bytes, before it is parsed: attributes are counted, references to control characters go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Page, PageError
from copydesk.html import markup
from copydesk.html.parser import parse
from copydesk.settings.schema import LimitSettings

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
