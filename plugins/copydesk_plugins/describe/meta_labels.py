"""Claims what the cleaning plugins have labelled: headline, standfirst, byline, dateline, captions and credits, paywalls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from copydesk import Block, BlockKind, Claim, Document, Field, Image, Label, Person, Reason, hookimpl, words
from copydesk_plugins.describe.bylines.byline_elements import elements_of
from copydesk_plugins.describe.bylines.name_lines import NameLines
from copydesk_plugins.shared.lines.label_summary import summary_of
from copydesk_plugins.shared.lines.lines import lines_of
from copydesk_plugins.shared.lines.main_heading import above_text, main_heading
from copydesk_plugins.shared.prose.person_names import authors, names_of
from copydesk_plugins.shared.prose.written_dates import text_dates
from copydesk_plugins.shared.structured.claim_makers import MOST_TEXT, plain

HEADLINE_RANK = 16
STANDFIRST_RANK = 8
BYLINE_RANK = 20
AUTHORS_RANK = 32
PICTURE_RANK = 30
DATELINE_RANK = 29
PAYWALL_RANK = 50
"""Ranks of the claims by kind of label; a smaller rank is surer."""
STUB_WORDS = 150
"""Words of text before a paywall that are only the beginning of an article."""
NEAR = 2
"""Blocks between neighbours of a byline, and between a caption and its credit."""
BEFORE = 8
"""Blocks above the main heading of an HTML page in which its byline may stand."""
BEHIND = 120
"""Blocks below it."""
BEHIND_LINES = 15
"""The same below the headline of a plain-text scrape."""
BEFORE_LINES = 30
"""The same above it."""
MOST_RUNS = 2
"""Bylines of a page that make claims."""
LEAST_JOINED = 4
"""Words of a byline that may be names without commas between them."""
MOST_ELEMENTS = 40
"""Elements of a byline that are looked at."""
_HOLDERS = frozenset({"span", "a"})
"""Elements that templates set names in."""
EMPHASIS = frozenset({"b", "strong", "em", "i", "span"})
"""Elements that only set text off."""
LONG = 20
"""Words of a paragraph of the text."""
MOST_SHORT = 6
"""Letters of an organisation's abbreviation."""
TITLE, NAME_LINE, SIGNED = 10, 4, 6
"""Added to the rank of weaker evidence: the title of a scrape, names told by their neighbours, a name set off beside the text."""
MOST_STEP = 9
"""Most that a byline's place among several adds to its rank."""
_DATELINE = Reason.DATELINE
_PICTURED = (Reason.CAPTION, Reason.IMAGE_CREDIT)
"""Reasons of labels that mark pictures."""


class Plugin:
    """Makes claims of labelled blocks."""

    def __init__(self) -> None:
        self.names = names_of()
        self.lines = lines_of()
        self.name_lines = NameLines(self.names, self.lines, text_dates())

    @hookimpl
    def propose_metadata(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claims that keep the content of labelled blocks; each lists its blocks."""
        told = summary_of(document, labels).reasons
        blocks: dict[str, list[Block]] = {}
        for index in sorted(told):
            blocks.setdefault(told[index], []).append(document.blocks[index])
        yield from self._headline(blocks.get(Reason.HEADLINE, []), document)
        yield from self._standfirst(blocks.get(Reason.STANDFIRST, []))
        if document.is_html:
            main = document.once(main_heading)
            yield from self._bylines(blocks.get(Reason.BYLINE, []), document, main.index if main else None)
            yield from self._signed(document, labels)
        else:
            yield from self._scraped(blocks.get(Reason.BYLINE, []), document, labels)
        yield from self._images([(document.blocks[index], told[index]) for index in sorted(told) if told[index] in _PICTURED],
                                {label.block: label for label in labels if label.start is not None and label.reason == Reason.IMAGE_CREDIT})
        yield from self._datelines(document, labels)
        yield from self._paywall(document, labels, told)

    def _headline(self, blocks: list[Block], document: Document) -> Iterator[Claim]:
        if blocks:
            yield Claim(Field.HEADLINE, plain(blocks[0].text), f"label:headline:{blocks[0].index}", HEADLINE_RANK,
                        tuple(block.index for block in blocks if block.text == blocks[0].text))
        elif not document.is_html and document.title:
            yield Claim(Field.HEADLINE, plain(document.title), "text:title", HEADLINE_RANK + TITLE)

    def _standfirst(self, blocks: list[Block]) -> Iterator[Claim]:
        """Claim the first standfirst, with those that directly follow it."""
        run = next(iter(_runs(blocks, 1)), [])
        if run:
            yield Claim(Field.DESCRIPTION, " ".join(block.text for block in run), f"label:standfirst:{run[0].index}", STANDFIRST_RANK,
                        tuple(block.index for block in run))

    def _bylines(self, blocks: list[Block], document: Document, heading: int | None) -> Iterator[Claim]:
        """Claim the bylines near the main heading (in a scrape: near the text). Those far away belong to other stories."""
        behind = BEHIND if document.is_html else BEHIND_LINES
        before = BEFORE if document.is_html else BEFORE_LINES
        runs = [run for run in _runs(blocks, NEAR) if heading is None or -before <= run[0].index - heading <= behind]
        if heading is not None and not document.is_html:
            runs.sort(key=lambda run: abs(run[0].index - heading))
        for step, run in enumerate(runs[:MOST_RUNS]):
            indices = tuple(block.index for block in run)
            evidence = f"label:byline:{indices[0]}"
            texts: dict[str, int] = {}
            for block in run:
                texts.setdefault(block.text, block.index)
            yield Claim(Field.BYLINE, " | ".join(texts)[:MOST_TEXT], evidence, BYLINE_RANK + min(step, MOST_STEP), indices)
            found = authors(person for text, index in texts.items() for person in self.names.split(self._with_commas(text, document, index))
                            if person.organization or self.names.looks_like_person(person.name))
            found = found or tuple(Person(short, organization=short) for text in list(texts)[:1] if (short := self._short_body(text)))
            people = tuple(person for person in found if not self.names.agencies.full_name(person.name))
            if people or (found and not document.is_html):
                yield Claim(Field.AUTHORS, people or found, evidence, AUTHORS_RANK + min(step, MOST_STEP), indices)

    def _scraped(self, blocks: list[Block], document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claim the bylines of a plain-text scrape. When none names a person, claim names that the lines beside them show."""
        heading = above_text(document, labels)
        claims = list(self._bylines(blocks, document, heading))
        yield from claims
        found = self.name_lines.find(document, heading) if heading is not None else None
        if found is not None and not any(claim.field == Field.AUTHORS for claim in claims):
            yield Claim(Field.AUTHORS, found[1], f"text:name-line:{found[0]}", AUTHORS_RANK + NAME_LINE)

    def _short_body(self, text: str) -> str | None:
        """The abbreviation that a byline names in place of a person ("By TPN, in News"); None when it names none."""
        match = self.lines.by.match(text)
        first = text[match.end():].partition(",")[0].partition("|")[0].strip() if match else ""
        return first if 2 <= len(first) <= MOST_SHORT and first.isupper() and first.isalpha() else None

    def _with_commas(self, text: str, document: Document, index: int) -> str:
        """A byline with commas between names, when the page sets each name in an element of its own with nothing between them."""
        if not document.is_html or len(text.split()) < LEAST_JOINED or not set(",|&").isdisjoint(text):
            return text
        nodes = (node for node, _ in elements_of(document, index, index + 1)[:MOST_ELEMENTS] if node.tag in _HOLDERS)
        parts = [part for part in (" ".join(node.text(separator=" ").split()) for node in nodes) if part and part in text]
        told = len(parts) > 1 and " ".join(parts) == text and all(map(self.names.looks_like_person, parts))
        return ", ".join(parts) if told else text

    def _signed(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claim a name set off as a paragraph of its own, directly before the first paragraph of the text or behind its last."""
        long = sorted(index for index in summary_of(document, labels).inside if document.word_counts[index] >= LONG)
        if not long:
            return
        for beside, near, where in ((long[0], (-1, -2), "opening"), (long[-1], (1, 2), "ending")):
            for block in (document.blocks[beside + step] for step in near if 0 <= beside + step < len(document.blocks)):
                if _set_off(block, document.blocks[beside]) and self._is_person(block.text):
                    yield Claim(Field.AUTHORS, self.names.split(block.text), f"text:name-{where}:{block.index}", AUTHORS_RANK + SIGNED,
                                (block.index,))
                    break

    def _is_person(self, text: str) -> bool:
        return self.names.looks_like_person(text) and self.lines.is_person(text.title() if text.isupper() else text)

    def _images(self, pictures: list[tuple[Block, str]], spans: Mapping[int, Label]) -> Iterator[Claim]:
        """Claim pictures: a caption with the credit inside of it or right beside it. Captions and credits without a partner stand alone."""
        position = 0
        while position < len(pictures):
            block, reason = pictures[position]
            span = spans.get(block.index) if reason == Reason.CAPTION else None
            if span is not None:
                yield Claim(Field.IMAGES, (_parted(block.text, span),), f"label:caption:{block.index}", PICTURE_RANK, (block.index,))
                position += 1
                continue
            following = pictures[position + 1] if position + 1 < len(pictures) else None
            if following and following[1] != reason and following[0].index - block.index <= NEAR:
                caption, credit = (block, following[0]) if reason == Reason.CAPTION else (following[0], block)
                yield Claim(Field.IMAGES, (Image(caption.text, credit.text),), f"label:caption:{caption.index}", PICTURE_RANK,
                            (block.index, following[0].index))
                position += 2
                continue
            image = Image(caption=block.text) if reason == Reason.CAPTION else Image(credit=block.text)
            yield Claim(Field.IMAGES, (image,), f"label:{reason}:{block.index}", PICTURE_RANK, (block.index,))
            position += 1

    def _datelines(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        for label in labels:
            if label.reason == _DATELINE:
                text = document.blocks[label.block].text[label.start:label.end]
                blocks = (label.block,) if label.start is None else ()
                yield Claim(Field.DATELINE, text.strip(" —–-"), f"label:dateline:{label.block}", DATELINE_RANK, blocks)

    def _paywall(self, document: Document, labels: tuple[Label, ...], told: dict[int, str]) -> Iterator[Claim]:
        """Claim that the rest is not free when a paywall follows a few lines of text. A meter under a whole article says nothing."""
        walls = [index for index, reason in told.items() if reason == Reason.PAYWALL]
        if not walls:
            return
        kept = [index for index in summary_of(document, labels).inside if index not in told]
        size = sum(len(words(document.blocks[index].text)) for index in kept)
        if size < STUB_WORDS and max(walls) > max(kept, default=-1):
            yield Claim(Field.IS_ACCESSIBLE_FOR_FREE, False, f"label:paywall:{walls[0]}", PAYWALL_RANK)


def _set_off(block: Block, beside: Block) -> bool:
    """Whether a paragraph is bold or in italics as a whole, and stands in the same container as another one."""
    path = _plain(block.path)
    return block.kind is BlockKind.PARAGRAPH and (block.bold or path != block.path) and path[:-1] == _plain(beside.path)[:-1]


def _plain(path: tuple[str, ...]) -> tuple[str, ...]:
    """A path without the elements at its end that only set text off."""
    while path and path[-1] in EMPHASIS:
        path = path[:-1]
    return path


def _parted(text: str, span: Label) -> Image:
    """A picture with its caption, and the credit that is a span of the caption."""
    caption = f"{text[:span.start].rstrip()} {(text[span.end:]).lstrip()}".strip(" |(–—-·•")
    return Image(caption, (text[span.start:span.end]).strip(" |()–—-·•"))


def _runs(blocks: list[Block], gap: int) -> list[list[Block]]:
    """Group blocks into runs whose neighbours stand at most ``gap`` blocks apart."""
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and block.index - runs[-1][-1].index <= gap:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs
