"""Dialogues behind dashes."""

from __future__ import annotations

import pytest

from support.quotations import quotes


@pytest.mark.parametrize(("language", "text", "found"), [
    ("es", "—No teníamos otra opción —dijo Ana Ejemplo—. Mañana vamos.\n—¿Por qué? —preguntó Juan Muestra.\n—Por eso.",
     [("No teníamos otra opción", "Ana Ejemplo"), ("Mañana vamos.", None), ("¿Por qué?", "Juan Muestra"), ("Por eso.", None)]),
    ("fr", "— Nous partons demain, a dit Anne Exemple.\n— Pourquoi donc ? a demandé Jean Essai.",
     [("Nous partons demain", "Anne Exemple"), ("Pourquoi donc ?", "Jean Essai")]),
    ("pl", "– Nie mieliśmy wyboru – powiedziała Anna Przykład. Port jest zamknięty.", [("Nie mieliśmy wyboru", "Anna Przykład")]),
])
def test_a_dash_opens_speech_where_a_tag_stands(language: str, text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(quote.text, quote.speaker) for quote in quotes(text, language)] == found


@pytest.mark.parametrize(("language", "text"), [
    ("es", "Hay tres cosas:\n— Un puerto nuevo.\n— Dos barcos."),
    ("de", "Dazu gehören:\n– Ein neuer Hafen, sagte Anna Muster.\n– Zwei Schiffe."),
    ("fr", "Il faut :\n— Un port, un bateau.\n— Deux trains."),
])
def test_a_list_behind_dashes_is_no_dialogue(language: str, text: str) -> None:
    assert quotes(text, language) == []
