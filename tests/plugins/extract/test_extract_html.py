from __future__ import annotations

import pytest

from copydesk import LimitSettings, MediaType, Page, PageError, Pipeline, Status
from copydesk_plugins.extract import extract_html

LIMITS = LimitSettings()


def test_takes_html_only() -> None:
    assert extract_html.extract(Page(b"<p>x", MediaType.TEXT), LIMITS) is None
    document = extract_html.extract(Page("<p>Grüße".encode("cp1252"), charset="latin1", site="s"), LIMITS)
    assert document is not None
    assert (document.blocks[0].text, document.charset, document.replacements, document.site) == ("Grüße", "windows-1252", 0, "s")


def test_keeps_to_the_limits_of_the_settings() -> None:
    with pytest.raises(PageError, match="over 2 blocks"):
        extract_html.extract(Page(b"<p>a<p>b<p>c"), LimitSettings(blocks=2))


@pytest.mark.parametrize(("content", "status", "code"), [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00", Status.REJECTED, "binary"),
    (bytes(range(256)) * 20, Status.REJECTED, "binary"),
    (b"", Status.REJECTED, "empty"),
    (b" \n\t ", Status.REJECTED, "empty"),
    (b"<div>" * 100_000, Status.QUARANTINED, "limit_depth"),
    (b"<p " + b"a=1 " * 100_000 + b">x", Status.QUARANTINED, "limit_attributes_per_tag"),
    (b"<i>" * 200_000, Status.QUARANTINED, "limit_tags"),
    (b"<html><head><title>x</title></head><body></body></html>", Status.REJECTED, "no_text")])
def test_bad_pages_get_a_code(content: bytes, status: Status, code: str) -> None:
    outcome = Pipeline().process(Page(content))
    assert outcome.reject is not None
    assert (outcome.status, outcome.reject.code) == (status, code)
