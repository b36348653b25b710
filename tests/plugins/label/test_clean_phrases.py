"""What the phrase files find on a page: whole lines, last sentences, lines between two offers; and what stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk import BlockKind, Reason
from copydesk_plugins.label import clean_phrases
from support.cleaning import PARAGRAPHS, block, html_document, labelled, scrape


@pytest.fixture(scope="module")
def plugin() -> clean_phrases.Plugin:
    return clean_phrases.Plugin(clean_phrases.Plugin.Settings())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("You've used 4 of your 6 complimentary stories this month.", "paywall"),
        ("Log in or subscribe to keep reading.", "paywall"),
        ("To read the rest of this story, become a subscriber.", "paywall"),
        ("Not a subscriber? Join today.", "paywall"),
        ("Get unlimited digital access to our journalism for 1 € a month.", "subscription"),
        ("Begin your free trial now", "subscription"),
        ("Fund fearless, independent reporting.", "donation"),
        ("Without readers like you, we could not do this work.", "donation"),
        ("Please consider supporting us. Your gift keeps this newsroom going.", "donation"),
        ("Become a member of the Quay Post today", "donation"),
        ("Sign up here for our weekly politics newsletter.", "newsletter"),
        ("The best of the week, straight to your inbox.", "newsletter"),
        ("Enter your e-mail address", "newsletter"),
        ("Get our news app for iPhone and Android.", "promotion"),
        ("Follow the Quay Post on Instagram", "share"),
        ("Scan the QR code to read this on your phone", "share"),
        ("https://quay.example/2024/strike", "share"),
        ("READ MORE: Ferry crews vote to strike", "related"),
        ("Also read: Ferry crews vote to strike", "related"),
        ("RELATED: Ferry crews vote to strike", "related"),
        ("3 comments", "comments"),
        ("Leave a comment below", "comments"),
        ("© 2024 Quay Media Ltd", "copyright"),
        ("Advertisement", "advertisement"),
        ("Free articles remaining: 0", "paywall"),
        ("You are out of free stories for May.", "paywall"),
        ("0 of 4 complimentary articles left", "paywall"),
        ("Enjoying this story? Read more with a subscription.", "paywall"),
    ],
)
def test_paraphrases_are_hit(plugin: clean_phrases.Plugin, text: str, reason: str) -> None:
    document = scrape("\n\n".join([*PARAGRAPHS, text]))
    assert reason in labelled(list(plugin.label_blocks(document)), document)[text]


@pytest.mark.parametrize(
    "text",
    [
        "The charity said donations fell 10% last year, and that fewer members renewed.",
        "The newspaper said it had 40,000 subscribers in May, most of them digital.",
        "Subscriptions to the streaming service cost $15 a month, and customers can leave when they like, the company said.",
        "“Subscribe to our newsletter,” the sign over his stall says.",
        "The newsletter, which the party sends to its members each week, called the vote a fraud.",
        "Copyright owners sued the start-up on Friday.",
        "She advertised the flat for 900 euros, and 300 people wrote to her.",
        "More people moved away than were born.",
        "Follow the money, the auditor told the committee, and you will find the road.",
        "He signed up for the army at 17 and was sent to the coast.",
        "Comments from the public will be read aloud at the hearing on Tuesday.",
        "Police shared the video on social media.",
    ],
)
def test_news_about_such_things_stays(plugin: clean_phrases.Plugin, text: str) -> None:
    document = scrape("\n\n".join([PARAGRAPHS[0], text, *PARAGRAPHS[1:]]))
    labels = [label for label in plugin.label_blocks(document) if label.block == 1 and label.weight >= 0.5]
    assert labels == []


def test_last_sentence_of_a_paragraph_is_labelled_as_a_span(plugin: clean_phrases.Plugin) -> None:
    call = "Sign up for our newsletter to get more stories like this."
    document = scrape(f"{PARAGRAPHS[0]} {PARAGRAPHS[1]} {call}\n\n{PARAGRAPHS[2]}")
    spans = [label for label in plugin.label_blocks(document) if label.start is not None]
    assert [document.blocks[0].text[label.start : label.end] for label in spans] == [call]
    assert spans[0].reason == Reason.NEWSLETTER


def test_line_between_two_offers_is_part_of_the_offer(plugin: clean_phrases.Plugin) -> None:
    document = html_document(
        block(PARAGRAPHS[0]),
        block("Unlimited access to every issue", BlockKind.LIST_ITEM),
        block("The weekend crossword", BlockKind.LIST_ITEM),
        block("Cancel at any time", BlockKind.LIST_ITEM),
    )
    assert labelled(list(plugin.label_blocks(document)), document)["The weekend crossword"] == {"subscription"}


def test_ornament_lines_are_leftovers(plugin: clean_phrases.Plugin) -> None:
    document = scrape(f"{PARAGRAPHS[0]}\n\n* * *\n\n{PARAGRAPHS[1]}")
    assert labelled(list(plugin.label_blocks(document)), document) == {"* * *": {"navigation"}}


FOREIGN = {
    "de": ("Der Rat hat am Montag beschlossen, dass die Brücke im Herbst nicht mehr für Wagen offen ist und der Weg über das Tal geht.",
           "Lesen Sie auch: Fährleute stimmen für Streik", "related"),
    "fr": ("Le conseil a décidé lundi que le pont ne sera plus ouvert aux camions, et que les voitures passeront par la vallée.",
           "Inscrivez-vous à notre infolettre", "newsletter"),
    "es": ("El consejo decidió el lunes que el puente no se abra más a los camiones, y que los coches pasen por el valle.",
           "Hazte socio y apoya el periodismo local", "donation"),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_phrases_are_those_of_the_page_and_not_of_another_language(plugin: clean_phrases.Plugin, language: str) -> None:
    report, line, reason = FOREIGN[language]
    document = scrape("\n\n".join([report, report.replace("1", "2"), line]))
    assert reason in labelled(list(plugin.label_blocks(document)), document)[line]
    english = scrape("\n\n".join([*PARAGRAPHS, line]))
    assert line not in labelled(list(plugin.label_blocks(english)), english)


def test_a_line_in_the_page_frame_may_quote_a_headline_that_says_who_said_what(plugin: clean_phrases.Plugin) -> None:
    line = "QR code to Mayor says the night boat will sail all winter. Who is to pay for it?"
    document = scrape("\n\n".join([*PARAGRAPHS, line]))
    assert labelled(list(plugin.label_blocks(document)), document)[line] == {"share"}


TEXTS = st.lists(st.sampled_from([
    "A word", "3.5", "U.S", ".", "!", "?!", "...", "....", " ", "  ", '"', "’", ")", "end", "a. ", "b.) ", "one, two ", "é", "x" * 90,
    "sentence that goes on for a while "]), max_size=30).map("".join)
SENTENCE = re.compile(r"[^.!?]{1,600}[.!?]{1,3}[\"'”’)]{0,2}(?= |$)")


@given(TEXTS)
def test_sentences_are_told_apart_as_one_pattern_says_it(text: str) -> None:
    """The pattern takes time in the square of the length where full stops end no sentence; what is shipped does not."""
    found = [match.span() for match in SENTENCE.finditer(text[:600])]
    assert list(clean_phrases._sentences(text[:600])) == found
