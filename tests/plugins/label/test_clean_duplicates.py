"""Passages that stand twice on a page."""

from __future__ import annotations

from copydesk import BlockKind
from copydesk_plugins.label import clean_duplicates
from support.cleaning import PARAGRAPHS, block, html_document, scrape


def gone(document: object) -> list[tuple[int, str]]:
    return [(label.block, label.rule) for label in clean_duplicates.label_blocks(document) if label.weight >= 0.5]  # type: ignore[arg-type]


def test_the_copy_in_running_text_stays() -> None:
    document = scrape("\n\n".join([PARAGRAPHS[1], "Share", "Video", "More", "Tags", *PARAGRAPHS]))
    assert gone(document) == [(0, "repeated-passage")]


def test_single_passages_are_not_touched() -> None:
    assert gone(scrape("\n\n".join(PARAGRAPHS))) == []


def test_short_lines_repeated_in_an_article_are_only_a_hint() -> None:
    source = "\n\n".join([PARAGRAPHS[0], "Serves four", PARAGRAPHS[1], "Serves four", PARAGRAPHS[2], "Serves four"])
    labels = list(clean_duplicates.label_blocks(scrape(source)))
    assert {label.block for label in labels} == {1, 3, 5}
    assert all(label.weight < 0.5 for label in labels)


def test_pull_quote_leaves_and_its_source_stays() -> None:
    pulled = block("We were promised three winters,", BlockKind.QUOTE, "pullquote")
    document = html_document(block(PARAGRAPHS[0]), pulled, block(PARAGRAPHS[2]), block(PARAGRAPHS[3]))
    assert gone(document) == []  # five words are too few to tell
    pulled = block("“We have had one, and it was a mild one”", BlockKind.QUOTE, "pullquote")
    assert gone(html_document(block(PARAGRAPHS[0]), pulled, block(PARAGRAPHS[2]), block(PARAGRAPHS[3]))) == [(1, "pull-quote")]
