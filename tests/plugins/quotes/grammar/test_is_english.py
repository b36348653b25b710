"""Which texts are read as English."""

from __future__ import annotations

import pytest

from support.quotations import quotes


@pytest.mark.parametrize("text", [
    "„Wir hatten keine andere Wahl“, sagte Anna Muster am Montag.",
    "“No teníamos otra opción”, dijo la alcaldesa Ana Ejemplo el lunes.",
    "« Nous n’avions pas le choix », a déclaré la ministre Anne Exemple.",
    "„Vi hadde ikke noe valg“, sa Anna Eksempel.",
])
def test_a_text_of_unknown_language_is_not_read_as_english(text: str) -> None:
    assert [(quote.speaker, quote.pattern) for quote in quotes(text)] == [(None, "marks")]


def test_english_of_a_country_is_english() -> None:
    assert quotes("“The pier is closed,” said Ann Example.", "en-GB")[0].speaker == "Ann Example"
