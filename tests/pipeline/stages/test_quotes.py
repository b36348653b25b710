"""Quotes of plugins are checked; of two that overlap, one stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import PluginError, Quote, QuoteKind
from copydesk.stages.quotes import resolve_overlaps
from support.lone_plugin import TEXT, pipeline

QUOTES = """
@hookimpl
def propose_quotes(article, indirect):
    def quote(start, end, kind, confidence):
        return Quote(article.body[start:end], QuoteKind(kind), start, end, confidence=confidence)
    {}
"""


def test_the_surer_of_two_overlapping_quotes_stays(tmp_path: Path) -> None:
    code = QUOTES.format("return [quote(0, 9, 'direct', 0.4), quote(4, 14, 'direct', 0.8), quote(20, 25, 'direct', 0.1)]")
    assert [(q.start, q.end) for q in pipeline(tmp_path, code).find_quotes(TEXT)] == [(4, 14), (20, 25)]


def test_quotes_of_different_kinds_may_overlap(tmp_path: Path) -> None:
    code = QUOTES.format("return [quote(4, 9, 'mixed', 0.4), quote(0, 14, 'indirect', 0.8)]")
    made = pipeline(tmp_path, code)
    assert [q.kind for q in made.find_quotes(TEXT, indirect=True)] == ["indirect", "mixed"]
    assert [q.kind for q in made.find_quotes(TEXT)] == ["mixed"], "indirect speech only on request"


def test_a_dropped_quote_names_the_one_that_it_gave_way_to() -> None:
    def quote(start: int, end: int, confidence: float, kind: QuoteKind = QuoteKind.DIRECT) -> Quote:
        return Quote(TEXT[start:end], kind, start, end, confidence=confidence)

    early, between, sure, said = quote(0, 6, 0.3), quote(4, 20, 0.5), quote(10, 25, 0.9), quote(30, 40, 1.0, QuoteKind.INDIRECT)
    kept, dropped = resolve_overlaps([early, between, sure, said], indirect=False)
    assert kept == (early, sure), "the early one does not overlap the sure one"
    assert dropped == ((between, sure), (said, None)), "not the less sure one, which stands before it and overlaps it too"
    assert resolve_overlaps([early, between, sure, said], indirect=True)[0] == (early, sure, said)


@pytest.mark.parametrize(("line", "message"), [
    ("return [Quote('other words', QuoteKind.DIRECT, 0, 11)]", "do not give the text"),
    ("return [quote(0, 9999, 'direct', 1.0)]", "do not give the text"),
    ("return [quote(0, len(article.body), 'direct', 1.0)]", "crosses the end of a paragraph"),
    ("return 'x'", "returned str"),
])
def test_wrong_quotes_are_refused_at_the_border(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PluginError, match=message) as caught:
        pipeline(tmp_path, QUOTES.format(line)).find_quotes(TEXT + "\n" + TEXT)
    assert (caught.value.plugin, caught.value.hook) == ("mine", "propose_quotes")
