"""What may not pass the gate, and what may."""

from __future__ import annotations

import pytest

from copydesk import MediaType, Page, PageError
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
