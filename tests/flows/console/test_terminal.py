"""Text in a terminal does nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from copydesk_flows.console.terminal import safe


@given(st.text())
def test_text_in_the_terminal_is_one_line_that_does_nothing(text: str) -> None:
    plain = safe(text).plain
    assert not {char for char in plain if unicodedata.category(char) == "Cc"}
    assert not set(plain) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
