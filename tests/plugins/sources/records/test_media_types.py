"""Which content is HTML and which is text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import MediaType
from copydesk.html.sniffing import LOOKED_AT
from copydesk_plugins.sources.records.media_types import MediaTypes
from support.records import page


@pytest.mark.parametrize("field", ["content", "text"])
@pytest.mark.parametrize("markup", [
    "<p>A</p>", '<div class="a">A</div>', "<br/>A", "<h2>A</h2>", "<UL><li>A</UL>", "<html\nlang=en><p>A",
    "\ufeff\n <!DOCTYPE html><p>A", "\u200b<p>A</p>", "\u200b\ufeff <p>A</p>", "<li>A</li>", "<td>A", "<dd>A", "<tr><td>A", "<svg/><p>A",
    "<time>1</time>", "<sup>1</sup>A", "<figcaption>A</figcaption>", "<cite>A</cite>", "<mark>A</mark>", "<abbr>A</abbr>",
    "<label>A</label>",
    "<template></template>A",
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><p>A',
    "<!-- wp:paragraph --><p>A</p>", "<!-- a --><!-- b -->\n<html>A", "\xa0<strong>A</strong>", "<!-- " + "long " * 1_500 + "--><p>A"])
def test_what_opens_as_html_is_html(field: str, markup: str) -> None:
    assert page({field: markup}).media_type is MediaType.HTML
    assert page({field: markup.encode()}).media_type is MediaType.HTML


@pytest.mark.parametrize("field", ["content", "text"])
@pytest.mark.parametrize("text", [
    "A", "The tag <b> is bold, and <p> begins a paragraph.", "<3 hearts", "<pre-tax profit>", "<person> said", "< p >A",
    "5 < 6", "<", "<p", "<!-", '<?xml version="1.0"?><rss><channel>A</channel></rss>', '<?xml version="1.0"?><!-- a feed --><rss>A</rss>',
    "<?xml never ends <p>A",
    "A" * LOOKED_AT + "<p>A</p>"])
def test_what_only_mentions_markup_stays_text(field: str, text: str) -> None:
    assert page({field: text}).media_type is MediaType.TEXT


@given(st.text(st.characters(exclude_characters="<")) | st.binary().map(lambda data: data.replace(b"<", b"")))
def test_nothing_without_an_angle_bracket_is_html(content: str | bytes) -> None:
    assert not MediaTypes.of(fragments=True).is_html(content)


@given(before=st.lists(st.sampled_from([" ", "\n", "<!-- a -->", "<!-- <rss> -->", "\ufeff"]), max_size=6),
       tag=st.sampled_from(MediaTypes.of(fragments=True).openings), behind=st.sampled_from(" \n\t/>"))
def test_comments_and_blanks_may_stand_before_any_opening(before: list[str], tag: str, behind: str) -> None:
    content = "".join(before) + tag.upper() + behind + "A"
    assert MediaTypes.of(fragments=True).is_html(content)
    assert MediaTypes.of(fragments=True).is_html(content.encode())


@pytest.mark.parametrize(("content", "due"), [
    (b"<?xml version='1.0'?><!-- a --><html>", MediaType.HTML), (b"<!-- a --> A", MediaType.HTML),
    (b"<?xml version='1.0'?><!-- a --><rss>", None),
    ("\ufeff<!DOCTYPE html><p>A".encode("utf-16-le"), MediaType.HTML), ("\ufeff<html>A".encode("utf-16-be"), MediaType.HTML),
    ("A <p>".encode("utf-16"), MediaType.TEXT), (b"\xff\xfe<", MediaType.TEXT),
    (b"<section>A", MediaType.TEXT), (b"<p>A", MediaType.HTML)])
def test_web_archives_take_whole_pages_alone(content: bytes, due: MediaType | None) -> None:
    assert MediaTypes.of().sniffed(content) is due
