"""HTML told from other text by its first characters."""

from __future__ import annotations

import pytest

from copydesk import MediaType, opens_as_html
from copydesk.html.sniffing import LOOKED_AT, media_type_of

PAGES = ["<!doctype html", "<html"]


@pytest.mark.parametrize(("content", "is_html"), [
    ("<!DOCTYPE html><title>x</title>", True),
    (b"\xef\xbb\xbf \n<HTML>", True),
    ("<!doctype \n  html>", True),
    ("<html>".encode("utf-16"), True),
    (b"<?xml version='1.0'?>\n<!-- saved -->\n<html lang=en>", True),
    ("<?xml version='1.0'><html>", True),  # the declaration does not end properly
    ("\x0b<html>", True),
    ("<htmlish>", False),
    ("<!doctype htm>", False),
    ("<rss><html>", False),
    ("text <html>", False),
    ("", False),
])
def test_openings_of_whole_pages(content: str | bytes, is_html: bool) -> None:
    assert opens_as_html(content, PAGES, comments=False) is is_html


def test_a_comment_alone_is_html_where_it_counts() -> None:
    assert opens_as_html("<!-- a --> text", PAGES)
    assert not opens_as_html("<!-- a --> text", PAGES, comments=False)
    assert not opens_as_html("<?xml version='1.0'?><!-- a --><rss>", PAGES)


def test_only_the_beginning_is_looked_at() -> None:
    assert not opens_as_html("<!--" + "x" * LOOKED_AT + "--><html>", PAGES, comments=False)


@pytest.mark.parametrize(("content", "kind"), [
    (b"Rain <p>fell</p>", MediaType.HTML), (b"x" * 60_000 + b"<body>", MediaType.HTML),
    (b"x" * 70_000 + b"<body>", MediaType.TEXT), (b"1 < 2, a<b>c", MediaType.TEXT)])
def test_a_page_without_a_name(content: bytes, kind: MediaType) -> None:
    assert media_type_of(content) is kind
