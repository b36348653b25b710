"""Who said it: the patterns of sentences that link a quotation with its speaker."""

from __future__ import annotations

import pytest

from support.quotations import only, quotes

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


def test_a_phrase_whose_noun_stands_in_marks_is_no_speaker() -> None:
    assert [quote.speaker for quote in quotes(f"{INTRO}The so-called “pool tax” was in “a long and very dull book”.")] == [None]


@pytest.mark.parametrize("who", ["one of them, a nurse called Ida Holm", "another, a nurse named Ida Holm", "one of the nurses, Ida Holm"])
def test_one_of_several_is_who_is_named_behind(who: str) -> None:
    assert only(f"{INTRO}“It is a scandal,” said {who}.").speaker == "Ida Holm"


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


@pytest.mark.parametrize("text", [
    "Ann Example and Bob Sample said in a letter: “The pier is closed.”",
    "“The pier is closed,” Ann Example and Bob Sample said in a letter.",
])
def test_two_who_speak_together_are_named_both(text: str) -> None:
    found = only(text)
    assert (found.speaker, found.speaker_text) == ("Ann Example and Bob Sample", "Ann Example and Bob Sample")


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
