"""What may not pass the gate, and what may."""

import pytest

from copydesk import MediaType, Page, PageError
from copydesk.gate import check
from copydesk.settings import LimitSettings

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
