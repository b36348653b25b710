"""What the names of elements say of their lines."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, BlockKind
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.lines import lines_of
from copydesk_plugins.shared.lines.template_marks import Marks, marked
from support.cleaning import PARAGRAPHS, html_document, scrape

TOKENS = st.lists(st.sampled_from([
    "byline", "article-author", "post_date", "caption", "photo-credit", "x", "byline-name", "credit", "date", ""]), max_size=14).map(tuple)


@given(TOKENS, st.integers(0, 10), st.sampled_from(["byline", "date", "caption", "image_credit", "bio"]))
def test_marks_are_those_of_the_first_tokens(tokens: tuple[str, ...], most: int, what: str) -> None:
    markup = load("furniture")["markup"]
    document = html_document(Block(0, BlockKind.PARAGRAPH, "By Ann Marsh", tokens=tokens), Block(0, BlockKind.PARAGRAPH, "x"))
    said = any({token, *re.split("[-_]", token)} & set(markup[what]) for token in tokens[:most])
    marks = document.once(Marks(markup).on)
    assert marked(marks[0], what, most) == said
    assert not marks[1]


def test_lines_of_a_scrape_have_no_marks() -> None:
    assert not any(scrape("\n\n".join(PARAGRAPHS)).once(lines_of().marks.on))
