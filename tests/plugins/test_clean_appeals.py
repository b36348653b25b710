"""Whole letters to readers, in several outlets' voices; and texts that only look like one."""

from __future__ import annotations

import pytest

from copydesk_plugins import clean_appeals, clean_phrases
from plugins.clean_support import PARAGRAPHS, STORY, labelled, scrape

MONEY = {"donation", "subscription", "promotion", "paywall", "newsletter"}

LETTERS = {
    "meter, slogan and letter": """
You have read 2 of your 3 complimentary stories. Sign in to continue.
Careful news, told plainly.
What is the Quay difference? Going back. Counting twice. That's Quay reporting – news that lets you make up your own mind.

Dear Readers,

Three winters ago I found a sentence about this paper in a trade magazine, under the headline “Nine papers nobody needs”:

“What I began out of duty,” writes the critic Ole Brandt, “I finished out of curiosity. My book owes a lot to a piece in the Quay Post.”

If we had to print something on our mugs, it would be that. People find us a little slow, and we are.

But here is the thing. We change minds, because we stay for the whole meeting.

The Post is an odd paper. We're owned by a trust, but we don't write for its trustees.

If you like slow news, you can subscribe to the Post for $12. You'll get the weekend issue and unlimited access to our archive.""",
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


@pytest.mark.parametrize("name", LETTERS)
def test_letter_below_a_story_leaves_whole(plugin: clean_appeals.Plugin, name: str) -> None:
    kept, gone = left_over(plugin, f"Ferry crews vote to strike\n\n{STORY}\n{LETTERS[name]}")
    assert kept == ["Ferry crews vote to strike", *PARAGRAPHS]
    assert gone


@pytest.mark.parametrize("name", LETTERS)
def test_letter_in_the_middle_leaves_the_rest_of_the_story(plugin: clean_appeals.Plugin, name: str) -> None:
    more = (
        "The port authority declined to comment on the numbers, but it confirmed that a study of the route is under way.\n\n"
        "A second hearing is planned for the spring, when the council will have seen the accounts for the whole of the season."
    )
    kept, _ = left_over(plugin, f"Ferry crews vote to strike\n\n{STORY}\n{LETTERS[name]}\n\n{more}")
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
