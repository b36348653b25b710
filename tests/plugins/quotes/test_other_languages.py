"""Languages other than English: marks, and speakers only where a verb and a name touch the quotation."""

from __future__ import annotations

import pytest

from support.quotations import quotes


@pytest.mark.parametrize(("language", "text", "speaker", "cue"), [
    ("de", "„Wir hatten keine andere Wahl“, sagte Anna Muster am Montag.", "Anna Muster", "sagte"),
    ("de", "„Wir hatten keine andere Wahl“, erklärte die Sprecherin Anna Muster.", "Anna Muster", "erklärte"),
    ("de", "„Wir hatten keine andere Wahl“, sagte Ministerin Anna von Muster.", "Anna von Muster", "sagte"),
    ("de", "Anna Muster leitet den Hafen.\nMuster sagte: „Wir hatten keine andere Wahl.“", "Anna Muster", "sagte"),
    ("fr", "« Nous n’avions pas le choix », a déclaré la ministre Anne Exemple.", "Anne Exemple", "a déclaré"),
    ("fr", "« Nous n’avions pas le choix », explique Anne de Exemple, qui dirige le port.", "Anne de Exemple", "explique"),
    ("es", "«No teníamos otra opción», dijo la alcaldesa Ana Ejemplo el lunes.", "Ana Ejemplo", "dijo"),
    ("es", "Ana Ejemplo afirmó: “No teníamos otra opción.”", "Ana Ejemplo", "afirmó"),
    ("pt", "“Não tínhamos outra escolha”, disse a ministra Ana Exemplo.", "Ana Exemplo", "disse"),
    ("it", "«Non avevamo altra scelta», ha detto la sindaca Anna Esempio.", "Anna Esempio", "ha detto"),
    ("it", "“Non avevamo altra scelta”, spiega Anna Esempio.", "Anna Esempio", "spiega"),
])
def test_a_verb_and_a_name_that_touch_tell_the_speaker(language: str, text: str, speaker: str, cue: str) -> None:
    found = quotes(text, language)[0]
    assert (found.speaker, found.cue) == (speaker, cue)
    assert text[found.speaker_start:found.speaker_end] == found.speaker_text
    assert text[found.cue_start:found.cue_end] == cue
    assert 0.0 < found.confidence < 1.0


@pytest.mark.parametrize(("language", "text"), [
    ("de", "„Wir hatten keine andere Wahl“, sagte sie der Zeitung Neue Muster Post."),
    ("de", "„Wir hatten keine andere Wahl“, sagte die Sprecherin."),
    ("de", "Carl Muster und Anna Muster kamen.\n„Wir hatten keine andere Wahl“, sagte Muster."),
    ("fr", "« Nous n’avions pas le choix », a déclaré à Anne Exemple le ministre."),
    ("es", "«No teníamos otra opción», dijo a Ana Ejemplo el ministro."),
    ("it", "«Non avevamo altra scelta», ha detto lui ad Anna Esempio."),
    ("nl", "“Wij hadden geen andere keuze”, zei Anna Voorbeeld."),
])
def test_nobody_is_guessed(language: str, text: str) -> None:
    found = quotes(text, language)
    assert [(quote.speaker, quote.cue) for quote in found] == [(None, None)]


def test_the_next_quotation_behind_a_tag_goes_on() -> None:
    first, second = quotes("„Wir hatten keine andere Wahl“, sagte Anna Muster. „Das Wetter war zu schlecht.“", "de")
    assert (first.speaker, second.speaker, second.pattern) == ("Anna Muster", "Anna Muster", "continued")


@pytest.mark.parametrize(("language", "tag"), [
    ("de", "sagte der Anwalt von Anna Muster."),
    ("de", "sagte der Sohn Anna Musters."),
    ("fr", "a déclaré l’avocat de Jean Exemple."),
    ("fr", "a déclaré l’avocat d’Anne Marie Exemple."),
    ("fr", "a déclaré le directeur de l’Agence Nouvelle."),
    ("es", "dijo el portavoz de Ana Ejemplo."),
    ("es", "dijo el ministro de Asuntos Exteriores, Juan Ejemplo."),
    ("pt", "disse o advogado de Ana Exemplo."),
    ("pt", "disse o presidente da Câmara dos Deputados, João Exemplo."),
    ("pt", "disse o presidente da Câmara João Exemplo."),
    ("it", "ha detto l’avvocato di Anna Esempio."),
])
def test_whose_somebody_is_does_not_speak(language: str, tag: str) -> None:
    assert [quote.speaker for quote in quotes(f"“Bla bla bla bla bla”, {tag}", language)] == [None]


@pytest.mark.parametrize(("language", "tag", "speaker"), [
    ("de", "sagte Musters Sprecher Carl Beispiel.", "Carl Beispiel"),
    ("de", "sagte Deutschlands Außenministerin Anna Muster.", "Anna Muster"),
    ("de", "sagte Fraktionschefin Anna Muster.", "Anna Muster"),
    ("de", "sagte Grünen-Chefin Anna Muster.", "Anna Muster"),
    ("de", "sagte der Berliner Bürgermeister Carl Beispiel der Deutschen Presse-Agentur.", "Carl Beispiel"),
    ("de", "sagte Anna Muster zum Auftakt.", "Anna Muster"),
    ("de", "sagte Anna von der Muster.", "Anna von der Muster"),
    ("fr", "a déclaré le ministre de la région Jean Exemple.", "Jean Exemple"),
    ("fr", "a déclaré Jean Exemple du Parti Nouveau.", "Jean Exemple"),
    ("es", "dijo Juan Ejemplo y María Muestra rió.", "Juan Ejemplo"),
    ("it", "ha detto Anna Esempio della Lega.", "Anna Esempio"),
])
def test_a_name_ends_where_other_words_begin(language: str, tag: str, speaker: str) -> None:
    assert quotes(f"“Bla bla bla bla bla”, {tag}", language)[0].speaker == speaker


@pytest.mark.parametrize(("language", "text"), [
    ("ja", "「明日は学校に行きます」と田中さんは言った。"),
    ("zh", "“我们明天走。”王先生说。"),
    ("zh", "“我们明天走，因为下雨了”，王先生说。"),
])
def test_languages_without_blanks_have_quotations(language: str, text: str) -> None:
    assert [quote.speaker for quote in quotes(text, language)] == [None]


def test_a_word_in_marks_is_no_quotation_without_blanks_either() -> None:
    assert quotes("「東京」は日本の首都です。", "ja") == []


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
