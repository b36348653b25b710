"""What plugins hand over is checked, value by value."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import MediaType, Page
from support.lone_plugin import TEXT, pipeline


@pytest.mark.parametrize(("claim", "message"), [
    ("Claim('headlyne', 'x', 'e')", "no field named 'headlyne'"),
    ("Claim('headline', ('x',), 'e')", "headline takes str"),
    ("Claim('authors', ('x',), 'e')", "authors takes a tuple of Person"),
    ("Claim('date_published', '2024-01-01', 'e')", "date_published takes When"),
    ("Claim('is_accessible_for_free', 'no', 'e')", "is_accessible_for_free takes bool"),
])
def test_wrong_claims_are_refused_at_the_border(tmp_path: Path, claim: str, message: str) -> None:
    made = pipeline(tmp_path, f"@hookimpl\ndef propose_metadata(document):\n    return [{claim}]\n")
    reject = made.process(Page(TEXT.encode(), MediaType.TEXT)).reject
    assert reject is not None
    assert message in reject.message


@pytest.mark.parametrize(("hook", "result", "message"), [
    ("label_blocks(document)", "[Label(0, None, 'r', 0.9)]", "Label.reason takes str, not NoneType"),
    ("label_blocks(document)", "[Label('z', 'related', 'r', 0.9)]", "Label.block takes int, not str"),
    ("label_blocks(document)", "[Label(0, 'related', ['r'], 0.9)]", "Label.rule takes str, not list"),
    ("label_blocks(document)", "[Label(9, 'related', 'r', 0.9)]", "label for block 9, but the document has 2"),
    ("label_blocks(document)", "[Label(-1, 'related', 'r', 0.9)]", "label for block -1"),
    ("label_blocks(document)", "[Label(0, 'Related', 'r', 0.9)]", "reason 'Related' is not of the form"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', float('nan'))]", "weight nan of rule 'r'"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.0)]", "weight 0.0 of rule 'r'"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.9, 0, 999)]", "span 0-999 of rule 'r' is not inside block 0"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.9, None, 3)]", "span None-3 of rule 'r'"),
    ("propose_metadata(document)", "[Claim('headline', 'x', 'e', 'a')]", "Claim.rank takes int, not str"),
    ("propose_metadata(document)", "[Claim('headline', 'x', None)]", "Claim.evidence takes str, not NoneType"),
    ("propose_metadata(document)", "[Claim('authors', (Person(3),), 'e')]", "Person.name takes str, not int"),
    ("propose_quotes(article)", "[Quote(article.body[:3], QuoteKind.DIRECT, 0, 3, speaker=5)]", "Quote.speaker takes str or None, not int"),
    ("extract(page)", "Document(page, (Block(0, BlockKind.PARAGRAPH, 5),))", "Block.text takes str, not int"),
    ("choose_metadata(document)", "Metadata(headline=5)", "Metadata.headline takes str or None, not int"),
    ("label_blocks(document)", "sys.exit(4)", "SystemExit: 4"),
])
def test_wrong_fields_are_their_plugins_error(tmp_path: Path, hook: str, result: str, message: str) -> None:
    code = f"import sys\nfrom copydesk import *\nfrom copydesk import BlockKind\n@hookimpl\ndef {hook}:\n    return {result}\n"
    reject = pipeline(tmp_path, code).process(Page((TEXT + "\n\n" + TEXT).encode(), MediaType.TEXT)).reject
    assert reject is not None
    assert (reject.plugin, reject.code) == ("mine", "plugin_error")
    assert message in reject.message
