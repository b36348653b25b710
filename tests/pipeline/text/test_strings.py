"""Text normalising and inertness hold for any text."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from copydesk import count_words, fold_text, inert, normalise, words

ODD = st.lists(st.sampled_from([
    *map(chr, range(0xB0)), "ß", "İ", "Σς", "ﬁ", "\u2003", "\u200b", "\u2028", "\u2060", "\ufeff", "’", "“", "–", "′", "船", "word", " "]),
    max_size=12).map("".join)


@given(st.text())
def test_normalise_leaves_one_line_and_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert not set("\n\r\t\x00\x0b\xad\u200b") & set(once)


@given(ODD)
def test_white_space_separates_and_what_is_unseen_does_not(text: str) -> None:
    """Said the slow way: what is unseen goes, runs of white space become a blank."""
    seen = "".join(char for char in text if char in "\t\n\r\x85"
                   or not (unicodedata.category(char) == "Cc" or char in "\xad\u200b\ufeff\u2060"))
    assert normalise(text) == re.sub(r"\s+", " ", seen).strip()


@given(ODD)
def test_fold_text_said_the_slow_way(text: str) -> None:
    wide = unicodedata.normalize("NFKC", text)
    for marks, plain in (("‘’‚‛′`´", "'"), ("“”„‟«»″", '"'), ("‐‑‒–—―−", "-"), ("\xad\u200b\u200c\u200d\u200e\u200f\ufeff", "")):
        wide = re.sub(f"[{marks}]", plain, wide)
    assert fold_text(text) == re.sub(r"\s+", " ", wide).strip().casefold()


@given(st.text() | ODD | st.text("ab_ 1.,'’“…-船ñ", max_size=40))
def test_words_said_the_slow_way(text: str) -> None:
    found = re.findall(r"\w+", text)
    assert words(text) == found
    signs = re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text)
    assert count_words(text) == (max(len(found), len(signs) // 2) if len(found) * 12 < len(text) else len(found))


@given(st.text())
def test_scripts_without_blanks_have_words_too(text: str) -> None:
    assert count_words(text) >= len(words(text))
    assert count_words("金曜日に船を離れた" * 4) == 18


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
