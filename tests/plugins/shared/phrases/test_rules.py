"""The phrase files: each rule hits what it must and leaves what it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import Block, BlockKind, Document
from copydesk_plugins.shared.phrases.rules import Phrases, Rule, phrases_of, read_rules, voice_of
from copydesk_plugins.shared.prose import sentences
from support.cleaning import LINES, PARAGRAPHS, html_document


def page(*lines: str) -> Document:
    """An HTML page of paragraphs."""
    return html_document(*(Block(0, BlockKind.PARAGRAPH, line) for line in lines))


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=60), max_size=8))
def test_sentences_and_hits_of_a_page_are_those_of_its_blocks(lines: list[str]) -> None:
    document, phrases = page(*lines), phrases_of("en")
    assert document.once(sentences.sentences) == tuple(map(sentences.is_sentence, lines))
    assert document.once(phrases.on) == {index: hits for index, line in enumerate(lines) if (hits := phrases.hits(line))}


def test_rows_of_links_and_tables_have_no_hits() -> None:
    offer = "Subscribe now for one euro a month"
    links = [Block(0, BlockKind.PARAGRAPH, offer, link_density=1.0)] * 4
    document = html_document(Block(0, BlockKind.PARAGRAPH, PARAGRAPHS[0]), *links, Block(0, BlockKind.TABLE_ROW, offer),
                             Block(0, BlockKind.PARAGRAPH, offer))
    assert list(document.once(phrases_of("en").on)) == [6]


LANGUAGES = ("en", "de", "fr", "es")
PHRASES = Phrases(LANGUAGES)
RULE = {"rule": "r", "reason": "share", "weight": 0.9, "needs": ["a"], "pattern": "a{1,3}", "hit": "a", "miss": "b"}


@pytest.mark.parametrize("rule", PHRASES.rules, ids=lambda rule: rule.name)
def test_rule_hits_its_examples_and_no_rule_hits_its_near_misses(rule: Rule) -> None:
    for text in rule.hits:
        assert rule.matches(voice_of(text)), text
        assert rule in PHRASES.hits(text), f"its needs do not lead to it: {text}"
    for text in rule.misses:
        assert [other.name for other in PHRASES.hits(text)] == [], text


def test_rule_names_are_unique() -> None:
    names = [rule.name for rule in PHRASES.rules]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pattern": "a+"}, "upper bound"),
        ({"pattern": "(?:a*){1,2}"}, "upper bound"),
        ({"pattern": "a{2,}"}, "upper bound"),
        ({"pattern": "("}, "rule 'r'"),
        ({"pattern": "<nowhere> a"}, "no slot named 'nowhere'"),
        ({"reason": "Not A Reason"}, "out of form"),
        ({"weight": 1.5}, "out of form"),
        ({"wieght": 0.9}, "unknown \\['wieght'\\]"),
    ],
)
def test_loader_refuses_bad_rules_and_names_them(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_rules({"rules": [RULE | change]}, "phrases_xx")


def test_loader_names_a_missing_key() -> None:
    with pytest.raises(ValueError, match="missing \\['miss'\\]"):
        read_rules({"rules": [{key: value for key, value in RULE.items() if key != "miss"}]}, "phrases_xx")
