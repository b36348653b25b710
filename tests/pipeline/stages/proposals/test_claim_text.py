"""Claims without characters that turn writing around."""

from __future__ import annotations

import copydesk
from copydesk import Page
from support.lone_plugin import TEXT


def test_values_of_rows_turn_no_writing_around() -> None:
    head = ('<meta property="og:title" content="Bridge \u202egnp\u202c shut"><meta name="author" content="Ana \u202eBrandt\u200f">'
            '<meta property="og:site_name" content="\u2067Harbor\x1b Times\u2069"><meta name="keywords" content="storm\u200e, \u202e">')
    body = f"<h1>Bridge \u202egnp\u202c shut</h1><p>{TEXT * 4}</p><p>{TEXT * 4}</p>"
    found = copydesk.Pipeline().process(Page(f"<html><head>{head}</head><body>{body}</body></html>".encode()))
    assert found.article is not None
    said = found.article.metadata
    assert (said.headline, said.publisher, said.keywords) == ("Bridge gnp shut", "Harbor Times", ("storm",))
    assert [person.name for person in said.authors] == ["Ana Brandt"]
