"""Sentences that equate a quotation with somebody's words."""

from __future__ import annotations

import pytest

from support.quotations import only


@pytest.mark.parametrize(("text", "cue"), [
    ("“We have a deal” is how Carla Dunn put it.", "put"),
    ("“We have a deal,” is how Carla Dunn described it.", "described"),
    ("“We have a deal” — that was the message from Carla Dunn.", "message from"),
    ("“A very long day” was the verdict of Carla Dunn.", "verdict of"),
])
def test_a_quotation_that_is_somebodys_words(text: str, cue: str) -> None:
    found = only(text)
    assert (found.speaker, found.cue) == ("Carla Dunn", cue)
