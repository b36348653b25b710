"""Finds short blocks that say when a story was published or changed. Label, class, words and place decide how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copydesk import Block, BlockKind, Document, Label, Reason, When
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.label_summary import summary_of
from copydesk_plugins.shared.lines.main_heading import above_text, main_heading
from copydesk_plugins.shared.prose.languages import language_by_words
from copydesk_plugins.shared.prose.written_dates import TextDates

LABELLED = 32
"""Rank of a date in a block labelled as date or byline. (Of all ranks the smaller is surer.)"""
CLASSED = 35
"""Rank of a date in an element whose class says that it holds one."""
LINE = 38
"""Rank of a date on another short line near the headline."""
FAR = 10
"""Added to the rank of a date far from the headline, or in a list of other stories."""
AGO = 44
"""Rank of a day counted back from the capture."""
HEAD_BLOCKS = 12
"""Blocks below the headline that are near it."""
TEXT_BLOCKS = 20
"""Blocks above it that are near it in a plain-text scrape."""
BEFORE = 6
"""Blocks above it that are near it on an HTML page."""
ABOVE = 4
"""Added to the rank of a date above the headline."""
MOST_STEPS = 5
"""Most that distance adds to a rank in a plain-text scrape."""
BLOCKS_A_STEP = 3
"""Blocks of distance for each step."""
MOST_LINE = 160
"""Characters of a line that dates a story."""
MOST_BESIDE = 45
"""Characters that a line may have beside its date."""
SURE = 0.9
"""Weight of a label that says that a block belongs to a list of other stories."""
FIRST_YEAR = 1990
"""Dates before this year are no dates of web pages."""
OPENING = 3
"""Blocks of the article that may open with a dateline."""
DATELINE = 46
"""Rank of a dateline's date."""
MOST_DATELINE = 90
"""Characters within which a dateline has its date."""
PUBLISHED_BEFORE, MODIFIED_BEFORE, NEARER_BEFORE = 20, 60, 30
"""Characters before a date in which a word of publication or of change is looked for; a word of publication in the last 30 outweighs
one of change."""
CLASSED_ABOVE, AGO_ABOVE = 3, 2
"""Blocks above the headline in which a classed date, or a time counted back, may stand."""
MOST_WORD = 20
"""Characters of a line that says what the date behind it is."""
_ELSEWHERE = frozenset({"footer", "nav", "aside"})
"""Elements outside of the story."""
_DATING = frozenset({Reason.DATE, Reason.BYLINE})
"""Reasons of labels that mark dates."""
_LISTING = frozenset({Reason.RELATED, Reason.NAVIGATION})
"""Reasons of labels that mark lists of other stories."""
_DIGIT = re.compile(r"\d")
_PLACE = re.compile(r"[A-ZÀ-Þ][\w.’'-]{1,25}(?:[ /][A-ZÀ-Þ(][\w.’')-]{0,25}){0,3}(?:,\s[A-ZÀ-Þ][\w. ]{1,20})?(?:\s?[,(]|\s?,\s?\(|,?\s)\s?")
"""The place in a dateline, before its date."""
_BEHIND = re.compile(r"\)?\s?(?:\([^()]{2,25}\)\s?|/[\w. -]{2,30}/\s?)?(?:[.:]\s|[—–-]{1,2})")
"""What stands between a dateline's date and the text."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that a block gives a story.

    Attributes:
        when: the date.
        modified: whether it is the date of a change, not of publication.
        rank: how surely it dates the story; a smaller rank is surer.
        block: the index of its block.
        form: how it was found, for the claim's evidence.
    """

    when: When
    modified: bool
    rank: int
    block: int
    form: str = "dated-line"


class DatedLines:
    """Reads the lines around a headline."""

    def __init__(self, dates: TextDates) -> None:
        self.dates = dates
        classes = load("months")["classes"]
        self.elsewhere = frozenset(classes["elsewhere"])
        self.dated = re.compile(classes["dated"])

    def order(self, document: Document) -> bool | None:
        """Whether the day stands before the month in numbers. The page's stated language decides, else the words of its text."""
        told = self.dates.day_first((document.language, document.first_meta("og:locale"), document.first_meta("content-language")))
        return self.dates.day_first((document.once(language_by_words),)) if told is None else told

    def heading(self, document: Document, labels: tuple[Label, ...]) -> int | None:
        """The index of the headline's block; None when nothing shows where it is."""
        if not document.is_html:
            return above_text(document, labels)
        heading = document.once(main_heading)
        return heading.index if heading else None

    def find(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Dated]:
        """The dates of blocks labelled as date or byline, and of short blocks near the headline."""
        heading = self.heading(document, labels)
        labelled: set[int] = set()
        listed: set[int] = set()
        for label in labels:
            if label.reason in _DATING and label.start is None:
                labelled.add(label.block)
            elif label.reason in _LISTING and label.weight >= SURE:
                listed.add(label.block)
        start, stop = self._window(document, heading)
        dated = [block for block in (document.blocks[index] for index in sorted(labelled.union(range(start, stop))))
                 if len(block.text) <= MOST_LINE and (_DIGIT.search(block.text) or self.dates.counts_one(block.text))]
        order = self.order(document) if dated else None
        for block in dated:
            yield from self._of_block(block, document, block.index in labelled, heading, order, FAR if block.index in listed else 0)

    def dateline(self, document: Document, labels: tuple[Label, ...]) -> Dated | None:
        """The date in the dateline that the text opens with ("KARLSRUHE, 12 November 2021 –"). It is often the day of the event."""
        for index in sorted(summary_of(document, labels).inside)[:OPENING]:
            text = document.blocks[index].text[:MOST_LINE]
            if not _DIGIT.search(text, 0, MOST_DATELINE):
                continue
            found = next(self.dates.find(text[:MOST_DATELINE], self.order(document)), None)
            if found is not None and _PLACE.fullmatch(text[:found.start]) and _BEHIND.match(text, found.end):
                return Dated(found.when, False, DATELINE, index, "dateline")
        return None

    def _window(self, document: Document, heading: int | None) -> tuple[int, int]:
        last = len(document.blocks)
        if not document.is_html:
            place = heading or 0
            return max(0, place - TEXT_BLOCKS), min(last, place + HEAD_BLOCKS)
        place = heading or 0
        return max(0, place - BEFORE), min(last, place + HEAD_BLOCKS + 1)

    def _of_block(self, block: Block, document: Document, labelled: bool, heading: int | None, order: bool | None,
                  behind: int) -> Iterator[Dated]:
        found = list(self.dates.find(block.text, order))
        if not found:
            yield from self._ago(block, document, heading)
            return
        told = self.dates.says_published(block.text[max(0, found[0].start - PUBLISHED_BEFORE):found[0].start])
        small = told or len(block.text) - (found[0].end - found[0].start) <= MOST_BESIDE
        rank = self._rank(block, labelled, heading, small, document.is_html)
        if rank is None:
            return
        for each in found:
            before = block.text[max(0, each.start - MODIFIED_BEFORE):each.start] or self._line_before(block, document)
            modified = self.dates.says_modified(before) and not self.dates.says_published(before[-NEARER_BEFORE:])
            if each.when.instant.year >= FIRST_YEAR:
                yield Dated(each.when, modified, rank + (behind if document.is_html else 0), block.index)

    def _rank(self, block: Block, labelled: bool, heading: int | None, small: bool, is_html: bool) -> int | None:
        """The rank of a block with a date; None when it does not date the story. ``small``: the block says little more than the date."""
        place = block.index - (heading or 0)
        if not is_html:
            near = -TEXT_BLOCKS <= place <= HEAD_BLOCKS
            if not labelled and not small:
                return None
            steps = min(MOST_STEPS, abs(place) // BLOCKS_A_STEP) + (ABOVE if place < 0 and heading else 0)
            return (LABELLED if labelled else LINE) + (steps if near else FAR)
        classed = bool(self.dated.search(" ".join(block.own_tokens)))
        if labelled:
            near = -BEFORE <= place <= HEAD_BLOCKS
            return LABELLED + (0 if near else FAR) + (ABOVE if near and place < -1 and heading is not None and not classed else 0)
        if self.elsewhere.intersection(block.tokens) or _ELSEWHERE.intersection(block.path) or block.kind is BlockKind.TABLE_ROW:
            return None
        if classed and (heading is None or place >= -CLASSED_ABOVE):
            return CLASSED if heading is not None and place <= HEAD_BLOCKS else LINE
        return LINE if small and heading is not None and 0 < place <= HEAD_BLOCKS else None

    def _line_before(self, block: Block, document: Document) -> str:
        """The text of the block before, when it is a word or two ("Updated:"); else empty."""
        text = document.blocks[block.index - 1].text if block.index else ""
        return text if len(text) <= MOST_WORD else ""

    def _ago(self, block: Block, document: Document, heading: int | None) -> Iterator[Dated]:
        """A time counted back from the capture ("2 hours ago"), where the capture is known and the line stands at the headline."""
        captured = document.page.date_captured
        if captured is None or heading is None or not -AGO_ABOVE <= block.index - heading <= HEAD_BLOCKS:
            return
        when = self.dates.ago(block.text, captured)
        if when is not None:
            yield Dated(when, self.dates.says_modified(block.text), AGO, block.index, "relative")
