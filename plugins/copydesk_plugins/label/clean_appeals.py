"""Labels whole letters that ask readers for money, from their opening to their call to subscribe or donate.

A letter has anchors at both ends: an opening (salutation, meter, "What is the X difference?") and a closing (price, subscribe, donate).
What lies between belongs to it when it reads as an outlet talking to its readers about itself.

Behind the end of an article a letter needs no closing in known words. Other evidence counts there: a meter, a salutation, a credit line
before it, an amount of money or a call, and share lines after it.

An article that merely begins "Dear reader" stays: nothing else on its page could be the article.
"""

from __future__ import annotations

from collections.abc import Iterator

from copydesk import BlockKind, Document, Label, PluginSettings, hookimpl
from copydesk_plugins.label.appeals.appeal_letters import CLOSING_REASONS, LetterPart, letters
from copydesk_plugins.label.appeals.reader_address import OPENING, Speech, Vocabulary
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.phrases.rules import phrases_of
from copydesk_plugins.shared.prose import sentences as prose

SURE = 0.9
"""Weight of the labels."""
SURE_PHRASE = 0.75
"""Weight from which a phrase counts as an anchor."""
NONE: frozenset[str] = frozenset()
"""What a block without phrases has."""


class Plugin:
    """Labels letters to readers."""

    class Settings(PluginSettings):
        """``[plugins.clean_appeals]``: the languages whose phrases anchor a letter."""

        languages: tuple[str, ...] = ("en",)

    def __init__(self, settings: Settings) -> None:
        self.phrases = phrases_of(*settings.languages)
        data = load("appeals_en")
        self.vocabulary = Vocabulary.read(data, "appeals_en")
        self.calls: tuple[str, ...] = tuple(data["calls"])

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """A label for each block of each letter; share lines and the like inside it have labels of their own."""
        frame, folded = document.frame, document.folded
        blocks = [block for block in document.blocks if block.index not in frame and block.kind is not BlockKind.TABLE_ROW]
        reasons = {index: frozenset([rule.reason for rule in rules if rule.weight >= SURE_PHRASE])
                   for index, rules in document.once(self.phrases.on).items()}
        greeting = {block.index for block in blocks if self.vocabulary.salutation.match(folded[block.index][:OPENING])}
        if not greeting and not any(found & CLOSING_REASONS and self._calls(folded[index]) for index, found in reasons.items()):
            return
        counts, sentences = document.word_counts, document.once(prose.sentences)
        parts = [LetterPart(counts[index], reasons.get(index, NONE), index in greeting, sentences[index],
                      Speech(block.text, folded[index], self.vocabulary)) for block in blocks for index in (block.index,)]
        for letter in letters(parts):
            for place in range(letter.start, letter.end):
                if not parts[place].furniture:
                    yield Label(blocks[place].index, letter.reason, "appeal-letter", SURE)

    def _calls(self, folded: str) -> bool:
        """Whether a text asks readers to subscribe or give. Most pages have no such text, and need no further look."""
        return any(call in folded for call in self.calls)
