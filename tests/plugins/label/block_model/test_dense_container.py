"""The container that holds most of the running text."""

from __future__ import annotations

from copydesk import Page, parse_html
from copydesk_plugins.label.block_model import dense_container
from support.labelled_pages import STORY


def test_density_takes_the_container_with_most_running_text() -> None:
    document = parse_html(Page(f"""<div class=teasers><p>{STORY[0]}</p></div>
        <div class=body><p>{STORY[1]}</p><p>Short one.</p><h3>Heading</h3><p>{STORY[2]}</p></div>
        <p><a href=/>{STORY[3]}</a></p>""".encode()))
    found = sorted(dense_container.body_blocks(document.blocks))
    assert [document.blocks[index].text for index in found] == [STORY[1], "Short one.", "Heading", STORY[2]]


def test_density_without_long_paragraphs_is_empty() -> None:
    assert dense_container.body_blocks(parse_html(Page(b"<p>Short.</p>")).blocks) == frozenset()
