"""Which field of a record is its page, and of which kind."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Fault, MediaType, Pipeline, Status
from copydesk_plugins.sources.records.fields import Fields, FieldSettings
from support.records import LIMITS, page, read


def test_a_fragment_becomes_an_article_without_tags() -> None:
    paragraphs = [f"The council met on {day} to speak of the ferry, and none left before noon." for day in ("Monday", "Tuesday", "Friday")]
    outcome = Pipeline().process(page({"title": "Ferry strike", "content": "".join(f"<p>{each}</p>" for each in paragraphs)}))
    assert outcome.article is not None
    assert outcome.article.body == "\n\n".join(paragraphs)


def test_html_goes_before_text_in_whichever_field() -> None:
    assert page({"text": "A", "content": "<p>B</p>"}).content == b"<p>B</p>"
    assert page({"text": "A", "content": "B"}).content == b"A"
    assert page({"content": "<p>B</p>", "html": "C"}).content == b"C"


@pytest.mark.parametrize(("value", "content"), [
    (["One.", "Two."], b"One.\n\nTwo."), (["One."], b"One."), (["One.", None, " ", "Two."], b"One.\n\nTwo."),
    (["<p>One.</p>", "<p>Two.</p>"], b"<p>One.</p>\n\n<p>Two.</p>"), ({"rendered": "<p>A</p>", "protected": False}, b"<p>A</p>")])
def test_content_in_paragraphs_and_in_objects(value: object, content: bytes) -> None:
    found = page({"content": value})
    assert found.content == content
    assert (found.media_type is MediaType.HTML) == content.startswith(b"<p>")


def test_paragraphs_are_text_where_they_are_texts() -> None:
    assert page({"paragraphs": ["One.", "Two."]}).content == b"One.\n\nTwo."
    assert page({"paragraphs": ["One."], "article_body": "A"}).content == b"A"
    for value in ([{"start": 0, "end": 5}], 3):
        assert isinstance(read({"paragraphs": value}), Fault)
        assert page({"paragraphs": value, "article_body": "A"}).content == b"A"


def test_a_post_of_wordpress() -> None:
    found = page({"id": 7, "date": "2026-03-14T09:00:00", "link": "https://x.example/a", "title": {"rendered": "T"},
                  "content": {"rendered": "<p>A</p>", "protected": False}, "author": 5})
    assert (found.source_record, found.url, dict(found.stated)) == (
        "7", "https://x.example/a", {"headline": "T", "date_published": "2026-03-14T09:00:00"})


@pytest.mark.parametrize(("record", "told"), [
    ({"content": {"a": 1}, "text": 5, "id": 1}, ": content is an object, text is a number; the record has content, text, id"),
    ({"html": "", "body": [1], "story": True}, ": html is blank, body is a list, story is true or false; the record has html, body, story"),
    ({"text": None, "html": []}, ": text is null, html is a list; the record has text, html"), ({}, "; the record has no fields"),
    ({"id": 1}, "; the record has id"),
    ({"content": {"rendered": 5}}, ": content is an object, content.rendered is a number; the record has content"),
    ({"foo": {"text": "A"}}, "; the record has foo")])
def test_what_stood_in_place_of_a_page_is_told(record: dict[str, Any], told: str) -> None:
    found = read(record)
    assert isinstance(found, Fault)
    assert (found.code, found.message) == ("no_content", "no field holds HTML or text" + told)


DOCUMENT = "<!DOCTYPE html><p>caf\xe9".encode("latin-1")


def test_html_in_base64() -> None:
    coded = base64.b64encode(DOCUMENT).decode()
    found = page({"url": "https://x.example/a", "httpResponseBody": coded})
    assert (found.content, found.media_type, found.charset) == (DOCUMENT, MediaType.HTML, None)
    named = Fields.of(FieldSettings(html="httpResponseBody"))
    assert page({"httpResponseBody": coded}, named).content == DOCUMENT
    assert page({"httpResponseBody": coded, "browserHtml": "<p>B</p>"}).content == b"<p>B</p>"
    assert page({"html": coded}).content == coded.encode(), "only in the fields that are known to be so"


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@given(content=st.binary(max_size=300).map(lambda data: b"<p>" + data), width=st.integers(1, 80),
       end=st.sampled_from(["\n", "\r\n", " ", "\n\t"]))
def test_base64_may_be_broken_into_lines(content: bytes, width: int, end: str) -> None:
    whole = coded(content)
    broken = end.join(whole[at:at + width] for at in range(0, len(whole), width)) + end
    for value in (broken, broken.encode()):
        found = page({"httpResponseBody": value})
        assert (found.content, found.media_type) == (content, MediaType.HTML)


def test_text_in_base64_is_text() -> None:
    found = page({"httpResponseBody": coded("Café".encode())})
    assert (found.content, found.media_type, found.charset) == ("Café".encode(), MediaType.TEXT, None)
    assert page({"httpResponseBody": coded(b"A"), "content": "<p>B</p>"}).content == b"<p>B</p>"


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?><rss>", bytes(40)])
def test_other_things_in_base64_are_of_an_unsupported_type(content: bytes) -> None:
    fault = read({"id": "a", "httpResponseBody": base64.encodebytes(content).decode()})
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.source_record) == ("unsupported_media_type", Status.REJECTED, "a")
    assert "httpResponseBody is neither HTML nor text; the record has id, httpResponseBody" in fault.message
    assert page({"httpResponseBody": coded(content), "text": "A"}).content == b"A"
    assert page({"httpResponseBody": coded(content), "html_content": "<p>A</p>"}).content == b"<p>A</p>"


@pytest.mark.parametrize(("value", "what"), [
    (coded(DOCUMENT)[:-1], "no base64"), ("caf\xe9", "no base64"), (coded(DOCUMENT) + "*", "no base64"), ("\ud800", "no base64"),
    ("The council met.", "no base64"), (coded(b" \n"), "base64 that holds no page"), (" ", "blank"), ({}, "an object")])
def test_what_is_no_page_in_base64_is_no_content(value: object, what: str) -> None:
    fault = read({"httpResponseBody": value})
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status) == ("no_content", Status.REJECTED)
    assert fault.message == f"no field holds HTML or text: httpResponseBody is {what}; the record has httpResponseBody"


@pytest.mark.parametrize("value", ["<p>A</p>", "<!DOCTYPE html><p>caf\xe9", DOCUMENT])
def test_html_as_it_is_in_a_field_of_base64(value: str | bytes) -> None:
    found = page({"httpResponseBody": value})
    assert found.media_type is MediaType.HTML
    assert found.content == (value.encode() if isinstance(value, str) else value)


@given(st.text(st.characters(exclude_characters="<")).filter(lambda text: not text.isspace()))
def test_text_in_a_field_of_base64_is_never_taken_as_it_is(value: str) -> None:
    found = read({"httpResponseBody": value})
    assert isinstance(found, Fault) or found.content == base64.b64decode(value)


def test_a_page_in_base64_is_bounded_as_any() -> None:
    found = read({"httpResponseBody": base64.b64encode(b"<p>" + b"a" * LIMITS.page_bytes).decode()})
    assert isinstance(found, Fault)
    assert found.code == "limit_page_bytes"
    assert len(page({"httpResponseBody": base64.b64encode(b"<p>" + b"a" * (LIMITS.page_bytes - 3)).decode()}).content) == LIMITS.page_bytes
