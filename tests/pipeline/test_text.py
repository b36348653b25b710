"""Text normalising and inertness hold for any text."""

from hypothesis import given
from hypothesis import strategies as st

from copydesk import fold_text, inert, normalise


@given(st.text())
def test_normalise_leaves_one_line_and_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert not set("\n\r\t\x00\x0b\xad\u200b") & set(once)


@given(st.text())
def test_fold_text_ignores_case_and_marks(text: str) -> None:
    assert fold_text(text) == fold_text(text.replace("’", "'").replace("“", '"'))


@given(st.text())
def test_inert_text_does_nothing_in_a_terminal(text: str) -> None:
    shown = inert(text)
    assert all(char == "\n" or char.isprintable() for char in shown)
    assert not set("\x1b\x07\x9b\u202e\u2066\u200f") & set(shown)


def test_inert_keeps_what_is_harmless() -> None:
    assert inert("Zürich — “naïve”\n日本") == "Zürich — “naïve”\n日本"
