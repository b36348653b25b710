"""Who said it: sentence patterns, names, pronouns, and what is no quotation."""

import pytest

from copydesk import QuoteKind
from plugins.quote_kit import only, quotes

INTRO = "Port director Ann Example met Mayor Bob Sample on Monday.\n"


@pytest.mark.parametrize(("text", "speaker", "cue", "pattern"), [
    ("“The pier is closed,” Ann Example said.", "Ann Example", "said", "quote-speaker-verb"),
    ("“The pier is closed,” said Ann Example.", "Ann Example", "said", "quote-verb-speaker"),
    ("“The pier is closed,” said Ann Example, who runs the port.", "Ann Example", "said", "quote-verb-speaker"),
    ("Ann Example said, “The pier is closed.”", "Ann Example", "said", "speaker-verb-quote"),
    ("Ann Example told reporters on Tuesday: “The pier is closed.”", "Ann Example", "told", "speaker-verb-clause"),
    ("Ann Example, an engineer at the port, said “the pier is closed for now.”", "Ann Example", "said", "speaker-verb-quote"),
    ("The port’s engineer, Ann Example, said “the pier is closed for now.”", "Ann Example", "said", "speaker-verb-quote"),
    ("The crews walked out, with union chief Ann Example describing the offer as “an insult to every crew.”", "Ann Example",
     "describing", "speaker-verb-clause"),
    ("The offer was “an insult to every crew,” according to Ann Example.", "Ann Example", "according to", "according-to"),
    ("Ann Example rejected the offer, calling it “an insult to every crew.”", "Ann Example", "calling", "speaker-verb-quote"),
    ("The crews called the offer “an insult,” and it will fail, Ann Example said.", "Ann Example", "said", "tag-at-end"),
    ("“Why now?” Ann Example asked.", "Ann Example", "asked", "quote-speaker-verb"),
    ("“The pier is closed,” beamed Ann Example.", "Ann Example", "beamed", "quote-verb-speaker"),
    ("Ann Example said that Bob Sample had described the pier as “a heap of rust and nails.”", "Ann Example", "said",
     "speaker-verb-clause"),
    ("“The pier is closed,” Ann Example, head of the port said.", "Ann Example", "said", "quote-speaker-verb"),
    ("Ann Example herself said, “The pier is closed.”", "Ann Example", "said", "speaker-verb-quote"),
    ("“The pier is closed,” the statement said.", "the statement", "said", "quote-speaker-verb"),
    ("“The pier is closed,” said a spokesman for the port.", "a spokesman for the port", "said", "quote-verb-speaker"),
    ("Ann Example, who has in the past described the pier as “a heap of rust and nails,” resigned.", "Ann Example", "described",
     "speaker-verb-clause"),
    ("Ann Example toured the port and in a letter called it “a heap of rust and nails.”", "Ann Example", "called", "speaker-verb-quote"),
    ("Ann Example said on Monday that “the pier is closed,” one of the crews said it was not.", "Ann Example", "said",
     "speaker-verb-clause"),
    ("“The pier is closed,” Ann Example, who worked there, said.", "Ann Example", "said", "quote-speaker-verb"),
    ("“The pier is closed,” wrote a man calling himself Bob Example.", "Bob Example", "wrote", "quote-verb-speaker"),
    ("Minutes later, Ann Example sent a letter saying “the pier is closed.”", "Ann Example", "saying", "speaker-verb-quote"),
    ("Said Ann Example: “The pier is closed.”", "Ann Example", "Said", "speaker-verb-clause"),
    ("Ann Example, the director of the port said “the pier is closed for now.”", "Ann Example", "said", "speaker-verb-quote"),
    ("Ann Example leaned in and boomed: “The pier is closed!”", "Ann Example", "boomed", "colon"),
    ("About 200 protesters met at the pier, holding signs and chanting “Open it, open it now.”", "About 200 protesters", "chanting",
     "speaker-verb-quote"),
    ("A nurse who had seen the old pier said “the pier is closed for now.”", "A nurse", "said", "speaker-verb-quote"),
    ("A child asked for a photo and Ann Example said, “The pier is closed.”", "Ann Example", "said", "speaker-verb-quote"),
    ("“The pier is closed.” Ann Example said.", "Ann Example", "said", "quote-speaker-verb"),
    ("What the port now needs - Ann Example: “We need a pier that is open.”", "Ann Example", None, "colon"),
    ("“The pier is closed,” Ann Example, after a long pause, said.", "Ann Example", "said", "quote-speaker-verb"),
    ("The talks pose “a real risk to jobs,” according to Mr. Sample’s office.", "Mr. Sample’s office", "according to", "according-to"),
])
def test_sentence_patterns(text: str, speaker: str, cue: str | None, pattern: str) -> None:
    found = only(text)
    assert (found.speaker, found.cue, found.pattern) == (speaker, cue, pattern)
    assert 0.0 < found.confidence <= 1.0


def test_the_speaker_of_a_sentence_goes_on_in_the_next() -> None:
    first, second = quotes("“We saw it coming,” Ann Example told reporters. “Nobody listened to us.”")
    assert (second.speaker, second.pattern) == ("Ann Example", "continued")
    assert (first.utterance, first.part, second.utterance, second.part) == (0, 0, 0, 1)


def test_a_colon_introduces_the_next_paragraph() -> None:
    found = only("Ann Example wrote to the crews:\n“The pier is closed until further notice.”")
    assert (found.speaker, found.pattern) == ("Ann Example", "colon")


def test_short_forms_become_the_fullest_name() -> None:
    found = quotes("Ann Example met the press.\n“We waited,” Ms. Example said.\n“We left,” said Example.")
    assert [quote.speaker for quote in found] == ["Ann Example", "Ann Example"]
    assert [quote.speaker_text for quote in found] == ["Example", "Example"]


def test_the_family_name_may_come_first() -> None:
    assert quotes("Song Dae, an analyst, spoke first.\n“It is a show of force,” Mr. Song said.")[0].speaker == "Song Dae"


def test_an_address_tells_two_people_of_one_name_apart() -> None:
    text = "Mrs. Dora Sample and Mr. Carl Sample run the port.\n“We waited,” Mrs. Sample said.\n“We left,” Mr. Sample said."
    assert [quote.speaker for quote in quotes(text)] == ["Dora Sample", "Carl Sample"]


def test_roles_stand_beside_the_name() -> None:
    found = only("Asked about it, NATO Secretary-General Ann Example said, “We cannot confirm this.”")
    assert (found.speaker, found.speaker_role, found.speaker_type) == ("Ann Example", "NATO Secretary-General", "person")
    assert only("“It is late,” said Ann Example, professor of law at the college.").speaker_role == "professor of law at the college"


def test_a_pronoun_means_the_person_in_focus() -> None:
    found = quotes("Ann Example opened the port. She said “we are glad to be back at work.”")
    assert (found[0].speaker, found[0].speaker_text, found[0].speaker_type) == ("Ann Example", "She", "person")


def test_gender_words_of_the_text_rule_people_out() -> None:
    text = "Mr. Carl Sample and Ms. Ann Example toured the port. Mr. Sample left early.\n“It was a long day,” she said."
    assert quotes(text)[0].speaker == "Ann Example"


def test_an_unknown_pronoun_names_nobody() -> None:
    found = only("“It was a long day,” he said.")
    assert found.speaker is None
    assert found.confidence == 0.0


def test_organisations_speak() -> None:
    found = only("“The pier is closed,” the Harbour Safety Agency said.")
    assert (found.speaker, found.speaker_type) == ("Harbour Safety Agency", "organization")


@pytest.mark.parametrize("text", [
    "The so-called “ghost ferry” sails twice a day.",
    "Ann Example, author of “The Long Winter of the North Sea,” lives here.",
    "The crews watched “Harbour Nights” on television.",
    "Bob “Captain” Sample retired in May.",
    "The word “pier” comes from Latin.",
])
def test_titles_labels_and_nicknames_are_no_quotations(text: str) -> None:
    assert quotes(text) == []


def test_direct_and_mixed() -> None:
    assert only("Ann Example said “it would be wise to wait for the tide.”").kind is QuoteKind.DIRECT
    assert only("“It would be wise to wait,” said Ann Example.").kind is QuoteKind.DIRECT
    mixed = only("Ann Example warned that a storm could turn the bay into a “sea of broken boats.”")
    assert mixed.kind is QuoteKind.MIXED
    assert mixed.clause_start is not None
    assert mixed.clause_start < mixed.start < mixed.end <= (mixed.clause_end or 0)


def test_indirect_speech_only_on_request() -> None:
    text = "Ann Example said that the pier would open in June. According to police, nobody was hurt."
    assert quotes(text) == []
    found = quotes(text, indirect=True)
    assert [(quote.text, quote.speaker) for quote in found] == [
        ("that the pier would open in June", "Ann Example"), ("nobody was hurt", "police")]
    assert {quote.kind for quote in found} == {QuoteKind.INDIRECT}


def test_a_phrase_whose_noun_stands_in_marks_is_no_speaker() -> None:
    assert [quote.speaker for quote in quotes(f"{INTRO}The so-called “pool tax” was in “a long and very dull book”.")] == [None]


@pytest.mark.parametrize("who", ["one of them, a nurse called Ida Holm", "another, a nurse named Ida Holm", "one of the nurses, Ida Holm"])
def test_one_of_several_is_who_is_named_behind(who: str) -> None:
    assert only(f"{INTRO}“It is a scandal,” said {who}.").speaker == "Ida Holm"


@pytest.mark.parametrize(("text", "role"), [
    ("Police chief Ann Example said the pier was “closed for now.”", "Police chief"),
    ("Her sister Ann Example said: “The pier is closed.”", "sister"),
    ("Ann Example, whose brother Carl Sample left in May, said “the pier is closed.”", None),
    ("Ann Example, who was the head of the port, said “the pier is closed.”", None),
])
def test_a_role_is_made_of_whole_words(text: str, role: str | None) -> None:
    assert only(text).speaker_role == role


@pytest.mark.parametrize("text", [
    "“The pier is closed,” Reuters quoted Ann Example as saying.",
    "“The pier is closed,” the Harbour Press Agency quoted Ann Example, the port’s director, as saying on Monday.",
    "The Harbour Press Agency quoted Ann Example as saying “the pier is closed.”",
    "“The pier is closed now,” Ann Example was quoted as saying by the Harbour Press Agency.",
    "Ann Example was quoted by the Harbour Press Agency as saying “the pier is closed.”",
])
def test_who_is_quoted_as_saying_it_speaks(text: str) -> None:
    assert only(text).speaker == "Ann Example"


@pytest.mark.parametrize(("text", "speaker"), [
    ("Ann Example, calling the plan “a cruel joke”, dismissed him for life.", "Ann Example"),
    ("Denounced by the judge as “a cruel man”, Bob Sample was jailed.", "the judge"),
    ("Mayor Bob Sample met Ann Example, whom he called “a cruel woman”.", "Bob Sample"),
    ("Governor Carl Jones' office said the plan was “a cruel joke”.", "Governor Carl Jones' office"),
])
def test_who_acts_in_a_sentence_speaks(text: str, speaker: str) -> None:
    assert only(text).speaker == speaker


def test_a_quotation_that_goes_on_is_no_surer_than_the_one_before() -> None:
    first, second = quotes("Ann Example’s pier and the “war on small boats” were discussed. Ms. Example is nicknamed “The Hammer.”")
    assert (first.pattern, second.pattern) == ("same-sentence", "continued")
    assert second.confidence <= first.confidence < 0.9


def test_a_sentence_with_a_quotation_of_its_own_is_no_tag_of_the_one_before() -> None:
    found = quotes("Ann Example said “the pier is closed.” Bob Sample said “the pier is open.”")
    assert [quote.speaker for quote in found] == ["Ann Example", "Bob Sample"]


def test_names_may_hold_an_article_of_their_own() -> None:
    text = "The minister’s spokesman Nadir al-Beispiel said “it is late now.” Mr. Beispiel said: “It is.”\n“Yes,” al-Beispiel said."
    assert [(quote.speaker, quote.speaker_type) for quote in quotes(text)] == [("Nadir al-Beispiel", "person")] * 3


@pytest.mark.parametrize(("title", "name"), [
    ("PM ", "PM Ann Example"),
    ("Sheikh ", "Sheikh Nadir bin Omar Al Beispiel"),
    ("Secretary of State ", "Secretary of State Ann Example"),
    ("Secretary of Home Affairs ", "Secretary of Home Affairs Nadir Beispiel"),
    ("Speaker of the House ", "Speaker of the House Nadir Beispiel"),
])
def test_titles_are_no_part_of_a_name(title: str, name: str) -> None:
    found = only(f"{name} said “the pier is closed.”")
    assert found.speaker == name.removeprefix(title)
    assert (found.speaker_type, found.speaker_role) == ("person", title.strip())


def test_nobody_is_both_he_and_she() -> None:
    found = quotes("Ann Example spoke to Carl Sample.\n“He was late,” she said.\n“She was early,” he said.\n“I was not late,” she said.")
    assert [quote.speaker for quote in found] == ["Ann Example", "Carl Sample", "Ann Example"]


@pytest.mark.parametrize("text", [
    "Ann Example and Bob Sample said in a letter: “The pier is closed.”",
    "“The pier is closed,” Ann Example and Bob Sample said in a letter.",
])
def test_two_who_speak_together_are_named_both(text: str) -> None:
    found = only(text)
    assert (found.speaker, found.speaker_text) == ("Ann Example and Bob Sample", "Ann Example and Bob Sample")


@pytest.mark.parametrize(("text", "kind"), [
    ("The crews met Tarrow. “The pier is closed,” said Tarrow.", "unknown"),
    ("The coach was calm. “The pier is closed,” the Norwegian said.", "unknown"),
    ("The crews met the HPA. “The pier is closed,” the HPA said.", "organization"),
    ("“The pier is closed,” the Harbour Safety Agency said.", "organization"),
])
def test_a_lone_word_tells_no_type(text: str, kind: str) -> None:
    assert only(text).speaker_type == kind


@pytest.mark.parametrize("text", [
    "The pier has been “closed for years,” per Ann Example.",
    "The pier is, in the words of Ann Example, “a heap of rust and nails.”",
    "Per Ann Example, the pier has been “closed for years.”",
])
def test_per_and_in_the_words_of_name_a_source(text: str) -> None:
    assert only(text).speaker == "Ann Example"


def test_per_a_unit_names_nobody() -> None:
    assert quotes("Ann Example paid “a small fortune,” or £40 per person, Bob Sample said.")[0].speaker != "person"


@pytest.mark.parametrize("who", ["One", "Another"])
def test_one_and_another_speak(who: str) -> None:
    found = only(f"{who} added: “We can’t go on.”")
    assert (found.speaker, found.cue) == (who, "added")
