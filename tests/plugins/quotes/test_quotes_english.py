"""What holds on any text: offsets, paragraphs, no overlap, no error, work in proportion to length."""

import sys
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import Quote
from support.quotations import article, quotes

PIECES = ["“", "”", '"', "''", "``", "«", "»", "„", "‘", "’", "'", "'''", "\n", ". ", ", ", "? ", ": ", " ", "—", "(", ")", "6'2\"", "5\"",
          "Ann Example", "Mr. Sample", "Sample’s", "U.S.", "said", "says", "he", "she", "who", "according to", "told reporters", "adding",
          "that", "the statement", "was called", "by", "and", "of", "It rained", "we won’t go", "\u00a0", "é", "𝒳", "…", "The", "N.H.",
          "― ", "- Ann Example.", "SAMPLE: ", "Bob Sample: ", "asked whether", "promised to", "calling himself", "because",
          "it’s", "(Laughter.)", "sagte ", "a dit ", "dijo ", "Anna Muster ", "die "]
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=60).map("".join)


@given(SOUP, st.booleans(), st.sampled_from([None, "en", "de", "fr", "es", "pt", "it", "nl"]))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_sound_quotes(text: str, indirect: bool, language: str | None) -> None:
    page = article(text, language)
    found = quotes(text, language, indirect)
    assert found == sorted(found, key=lambda quote: (quote.start, quote.end))
    for quote in found:
        assert text[quote.start:quote.end] == quote.text
        assert quote.text.strip()
        assert any(span.start <= quote.start and quote.end <= span.end for span in page.paragraphs)
        assert 0.0 <= quote.confidence <= 1.0
        places = ((quote.speaker_text, quote.speaker_start, quote.speaker_end), (quote.cue, quote.cue_start, quote.cue_end))
        for shown, start, end in places:
            assert shown is None if start is None else text[start:end] == shown
        if quote.clause_start is not None:
            assert quote.clause_end is not None
            assert quote.clause_start <= quote.start
            assert quote.end <= quote.clause_end


@given(SOUP)
@settings(max_examples=200, deadline=None)
def test_quotes_of_one_kind_never_overlap(text: str) -> None:
    by_kind: dict[str, list[Quote]] = {}
    for quote in quotes(text, indirect=True):
        by_kind.setdefault(quote.kind, []).append(quote)
    for group in by_kind.values():
        for before, after in pairwise(group):
            assert before.end <= after.start


@given(st.lists(st.sampled_from(["Ann Example", "Bob Sample", "Cy Case"]), min_size=1, max_size=6))
def test_each_attribution_names_its_own_speaker(names: list[str]) -> None:
    text = "\n".join(f"“Boat number {place} is late again,” said {name}." for place, name in enumerate(names))
    assert [quote.speaker for quote in quotes(text)] == names


def lines_run(text: str) -> int:
    """How many lines of Python the plugin runs on a text: its work, without a clock."""
    count = 0

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        return local if "_quote" in frame.f_code.co_filename or "quotes_english" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        quotes(text, indirect=True)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ['"', "“a ", "“a b c” said Bob Sample. ", "'a ", "‘as’ ", "said ", "said, Bob, ", "Aa ", "Al Be said. ",
                                   "Ann said:\n“a b c d”\n", "Ann Bee sat. “A b c,” he said. ", "(", "— ", "who said ", "“a b c d\n",
                                   "“ANN: a b\n", "- Ann Lee.\n", "“A b c.” ― Ann Lee\n", "asked whether ", "said that ",
                                   "and said, ", "according to ", "calling himself "])
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    short, long = lines_run(piece * 400), lines_run(piece * 800)
    assert long < 2.4 * short + 2000


def test_speech_over_paragraphs_that_nobody_is_named_for() -> None:
    text = ("Draper won in two hours.\n\n“Having other players do well is amazing for island tennis. You always say it, but we can all "
            "push each other to be better.\n\n“I do not think there should be any difference. I wish them the best.”")
    assert [(quote.text[:6], quote.speaker) for quote in quotes(text)] == [("Having", "Draper"), ("I do n", None)]
