"""Text of a page with what is marked in it, cut into pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk import Label
from copydesk_flows.inspection.html_text import _cuts, _pieces

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=6).map(
    lambda found: sorted((start, min(start + length, 31)) for start, length in found))


@given(cuts=SPANS, marks=SPANS)
def test_pieces_are_the_text_each_with_what_is_there(cuts: list[tuple[int, int]], marks: list[tuple[int, int]]) -> None:
    """As one would tell it character by character."""
    text = "".join(map(chr, range(65, 96)))
    labels = [Label(0, "donation", f"rule-{number}", 1.0, start, end) for number, (start, end) in enumerate(cuts)]
    cut = _cuts(labels)
    told = [(start, end, ("quote", "cue", "speaker")[number % 3], number) for number, (start, end) in enumerate(marks)]
    pieces = list(_pieces(text, cut, told))
    assert "".join(piece.text for piece in pieces) == text
    position = 0
    for piece in pieces:
        for place in range(position, position + len(piece.text)):
            assert piece.label is next((label for start, end, label in cut if start <= place < end), None)
            for kind, found in (("quote", piece.quotes), ("cue", piece.cues), ("speaker", piece.speakers)):
                assert found == tuple(number for start, end, what, number in told if what == kind and start <= place < end)
        position += len(piece.text)
        assert piece.last == tuple(number for _, end, what, number in told if what == "quote" and end == position)
