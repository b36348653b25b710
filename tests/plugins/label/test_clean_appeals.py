"""Whole letters to readers, in several outlets' voices; and texts that only look like one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from copydesk_plugins.label import clean_appeals, clean_phrases
from copydesk_plugins.label.appeals import appeal_letters
from support.cleaning import PARAGRAPHS, STORY, labelled, scrape

MONEY = {"donation", "subscription", "promotion", "paywall", "newsletter", "share"}

LETTERS = {
    "a gift appeal with a matching donation": """
To everyone who reads us,

There is a clock above the bread counter that has been wrong since April. Everyone in town knows it, and nobody touches it.

We think of our newsroom in the same way. You know our faults by heart, and you set your day by us all the same.

Until midnight on Sunday a family that wishes to stay unnamed will match every gift. If a neighbour reads us over your shoulder, tell them.

Please make a donation of whatever size suits you. Your gift will be doubled.

Ingrid Solberg
Publisher""",
    "a publisher's note about printing costs": """
Only 1 complimentary article left.

To all our subscribers,

Newsprint went up by a third in January, and diesel for the three vans that carry us over the pass followed in March.

I could thin the pages, as others have. I would rather tell you what the paper costs us and let you judge.

A copy leaves our press for 91 cents and reaches your gate for 2.40 euros. We have charged you two since the floods.

From Monday it will be 2.50 euros at the kiosk. I hope you will bear with us.

Kurt Amrein""",
    "a quiz-style meter": """
Free reads remaining: 0

How many people does it take to fill this page? Guess before you scroll on.

Seven. We are four writers, two people who check what the writers say, and Dag, who looks after the press and the kettle.

And how many of our readers pay for it? One in thirty, and we can name most of them.

So here is the last question, and only you can answer it: would you miss us?

An annual pass is 39 euros.""",
    "a numbered list of reasons": """
Greetings, neighbours,

Why does a paper of our size ask you for anything at all? Because:

1. We drive out. Our reporters covered 61,000 kilometres of gravel last year, and you can read every one of them.

2. We ring back. If you leave us a message before nine, one of us will answer it before noon.

3. We say sorry. Our corrections stand on the front, where you can find them.

You can pick your own price, from five dollars up, and nobody here will ever ask you why.

https://valley.example/pay""",
    "a founder's anecdote": """
Out of free articles for this month?

Hello reader,

My mother set the first issue by hand in a wash-house, with a borrowed case that had no letter k. For a year she wrote around it.

I still have the wash-house and I still run the paper, and we now own every letter there is.

What we do not own is a rich uncle. Nobody sends us a cheque but you and your neighbours, and we have never wanted it any other way.

Take us for a season. If you are not a little harder to fool by the end of it, I shall send your money back.

Scan the QR code to see our plans""",
    "a broadcaster's word": """
A word from our station manager

Nobody pays to hear us, and I mean to keep it that way. Our reporting costs money all the same.

When the bridge went down in May our reporters slept in the van for nine nights, so that you could wake up and know which road was open.

Please become a sustaining member, at whatever level lets you sleep.""",
}


CLOSED = {
    "donation letter without salutation": """
It is our winter appeal, and here is why it matters.

We are a nonprofit newsroom of nine people. We have no shareholders, and no advertiser tells us what to print.

Last year our reporters sat through 212 council meetings so that you did not have to.

A reader from the hills wrote to us in May: “You are the only ones who rang back.” We keep that card above the copier.

Please make a donation of any size today. Your gift is matched until Friday.

With gratitude,

Ann Example
Editor-in-chief""",
    "greeting of another kind": """
Hello friends,

When I took this job I promised myself never to write one of these letters, and now I am writing one.

The truth is that our newspaper costs more to make than our subscribers pay for it. We closed the gap with stamps and luck.

We would like to keep publishing for another hundred years. For that we need you.

Join us as a member for 5 euros a month, and support independent reporting from the coast.

Thank you,

The editors""",
    "public broadcaster": """
A message from our news director

We don't have a paywall, and we never will. Our reporting is free for everyone because listeners like you pay for it.

This week our journalists spent four days on the island so that you could hear from the people who live there.

If you value that kind of journalism, please become a sustaining member now.""",
}


@pytest.fixture(scope="module")
def plugin() -> clean_appeals.Plugin:
    return clean_appeals.Plugin(clean_appeals.Plugin.Settings())


def left_over(plugin: clean_appeals.Plugin, source: str) -> tuple[list[str], list[str]]:
    """The texts of the blocks that neither letters nor phrases remove, and those that do leave."""
    document = scrape(source)
    phrases = clean_phrases.Plugin(clean_phrases.Plugin.Settings())
    found = labelled([*plugin.label_blocks(document), *phrases.label_blocks(document)], document, 0.6)
    gone = [block.text for block in document.blocks if found.get(block.text, set()) & MONEY]
    return [block.text for block in document.blocks if block.text not in gone], gone


@pytest.mark.parametrize("name", [*LETTERS, *CLOSED])
def test_letter_below_a_story_leaves_whole(plugin: clean_appeals.Plugin, name: str) -> None:
    kept, gone = left_over(plugin, f"Ferry crews vote to strike\n\n{STORY}\n{(LETTERS | CLOSED)[name]}")
    assert kept == ["Ferry crews vote to strike", *PARAGRAPHS]
    assert gone


@pytest.mark.parametrize("name", CLOSED)
def test_letter_in_the_middle_leaves_the_rest_of_the_story(plugin: clean_appeals.Plugin, name: str) -> None:
    more = (
        "The port authority declined to comment on the numbers, but it confirmed that a study of the route is under way.\n\n"
        "A second hearing is planned for the spring, when the council will have seen the accounts for the whole of the season."
    )
    kept, _ = left_over(plugin, f"Ferry crews vote to strike\n\n{STORY}\n{CLOSED[name]}\n\n{more}")
    assert kept == ["Ferry crews vote to strike", *PARAGRAPHS, *more.split("\n\n")]


def test_article_that_is_a_letter_stays(plugin: clean_appeals.Plugin) -> None:
    paragraphs = [
        "Dear reader,",
        "I write to you from a harbour where nobody reads newspapers any more, and where we all know what our neighbours think.",
        "We used to argue on the quay about the stories in the paper. You could hear us from the lighthouse, and we were wrong.",
        "Now our arguments come by telephone, from people whom you and I will never meet, and I find that we are wrong still.",
        "What I miss is not the news. I miss our habit of reading the same page before we fought about it, and so, I think, do you.",
    ]
    call = "Subscribe to the Quay Post for $12 a month."
    kept, gone = left_over(plugin, "\n\n".join(["A letter from the harbour", *paragraphs, call]))
    assert kept == ["A letter from the harbour", *paragraphs]
    assert gone == [call]


def test_story_between_two_boxes_stays(plugin: clean_appeals.Plugin) -> None:
    box = "Support independent journalism. Donate today."
    kept, gone = left_over(plugin, "\n\n".join([PARAGRAPHS[0], box, *PARAGRAPHS[1:], STORY.replace("ferry", "train"), box]))
    assert box not in kept
    assert set(PARAGRAPHS) <= set(kept)
    assert set(gone) == {box}


def test_first_person_column_between_two_boxes_stays(plugin: clean_appeals.Plugin) -> None:
    column = [
        "I have taken the night boat for thirty years, and I can tell you what we lose when it goes.",
        "We lose the hour in which nobody can reach you. We lose the thermos that somebody's aunt always had with her.",
        "You may say that we can fly. We can, and we will be there sooner, and none of us will know why we came.",
    ]
    box = "If you value our work, please consider a donation."
    kept, _ = left_over(plugin, "\n\n".join([*PARAGRAPHS, box, *column, box]))
    assert set(column) <= set(kept)


STAYING = {
    "a first-person column behind a meter": """
You have 2 free articles left this month.

I have read this newspaper for forty years, and my wife will tell you that I have argued with it for thirty-nine of them.

We never agreed about the harbour. You may remember what I wrote to the editor in 1998, and what my neighbours wrote to me.

My father sold the paper on the quay for a dollar, and he told us never to believe a headline with a question mark.""",
    "letters to the editor": """
Dear Editor,

Your newspaper reported that we on the islands do not use the night boat. I do, and so do my readers in the book club.

If you doubt it, join us on a Friday. A ticket is 12 euros, and I will pay yours.

Dear neighbours,

We want our paper to print the timetable again. Please help us ask the editor for it, for the price of a stamp.""",
    "an interview": """
Hello, readers, she says when the camera is on, and laughs at herself.

“We used to read the news aloud,” she said. “My aunt did the voices, and we paid her a dollar for each politician.”

Lund opened the bakery in 1998 with 4,000 euros from her sister, and paid it back within two years of the first loaf.

The council has since named a street after her, although it is a short one and leads only to the bakery itself.""",
}


@pytest.mark.parametrize("name", STAYING)
def test_text_in_the_first_person_below_a_report_stays(plugin: clean_appeals.Plugin, name: str) -> None:
    source = STAYING[name].strip()
    kept, _ = left_over(plugin, f"Ferry crews vote to strike\n\n{STORY}\n\n{source}")
    meter = "You have 2 free articles left this month."
    assert kept == ["Ferry crews vote to strike", *PARAGRAPHS, *(text for text in source.split("\n\n") if text != meter)]


def test_a_column_that_begins_below_a_greeting_stays(plugin: clean_appeals.Plugin) -> None:
    column = "\n\n".join(["Dear readers,", *STAYING["a first-person column behind a meter"].strip().split("\n\n")[1:]])
    kept, _ = left_over(plugin, f"What I owe the paper\n\n{column}")
    assert kept == ["What I owe the paper", *column.split("\n\n")]


@pytest.mark.parametrize("name", LETTERS)
def test_letters_share_no_sentence_with_the_rules(name: str) -> None:
    rules = clean_phrases.Plugin(clean_phrases.Plugin.Settings()).all.rules
    assert [text for rule in rules for text in rule.hits if len(text.split()) > 3 and text.casefold() in LETTERS[name].casefold()] == []


def test_many_letters_are_read_in_a_bounded_number_of_steps(monkeypatch: pytest.MonkeyPatch, plugin: clean_appeals.Plugin) -> None:
    read: list[int] = []

    def count(parts: Sequence[appeal_letters.LetterPart]) -> bool:
        read.append(len(parts))
        return False

    monkeypatch.setattr(appeal_letters, "_reads_as_appeal", count)
    for times in (50, 400):
        list(plugin.label_blocks(scrape("Dear reader,\n\nSubscribe to our paper for $5 a month.\n\n" * times)))
        read.append(-1)
    first = read.index(-1)
    assert sum(read[first + 1:-1]) <= appeal_letters.MOST_OPENINGS * appeal_letters.MOST_BLOCKS ** 2
