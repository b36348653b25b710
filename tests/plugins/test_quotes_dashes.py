"""Other languages: dialogues behind dashes, short quotations beside tags, types, owners, texts of which nobody told the language."""

import pytest

from plugins.quote_kit import quotes


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


@pytest.mark.parametrize(("language", "text", "speaker"), [
    ("it", "«Partiamo domani», ha detto Mario Rossi.", "Mario Rossi"),
    ("de", "„Wir kommen“, sagte Anna Muster.", "Anna Muster"),
    ("pl", "„Idziemy jutro”, powiedział Jan Przykład.", "Jan Przykład"),
])
def test_two_words_beside_a_tag_are_a_quotation(language: str, text: str, speaker: str) -> None:
    assert [quote.speaker for quote in quotes(text, language)] == [speaker]


def test_two_words_without_a_tag_are_none() -> None:
    assert quotes("Il romanzo «Partiamo domani» è lungo.", "it") == []


@pytest.mark.parametrize(("language", "tag", "speaker", "kind"), [
    ("de", "sagte die Deutsche Bahn.", "Deutsche Bahn", "organization"),
    ("de", "sagte Ministerin Anna Muster.", "Anna Muster", "person"),
    ("de", "sagte Anna Muster.", "Anna Muster", "unknown"),
    ("fr", "a déclaré Air France.", "Air France", "organization"),
    ("de", "sagte Anna Musters Mann Carl Beispiel.", "Carl Beispiel", "person"),
    ("de", "sagte Hans’ Tochter Anna Muster.", "Anna Muster", "person"),
    ("de", "sagte Fritz’ Sprecher Carl Beispiel.", "Carl Beispiel", "person"),
])
def test_names_have_a_type_where_the_text_tells(language: str, tag: str, speaker: str, kind: str) -> None:
    found = quotes(f"„Bla bla bla bla bla“, {tag}", language)[0]
    assert (found.speaker, found.speaker_type) == (speaker, kind)


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
