"""Recognises wire stories by their text: datelines, agency bylines, credit lines and sign-offs.

Photo credits and mere mentions of an agency never count.
"""

from __future__ import annotations

from collections.abc import Iterator

from copydesk import Block, Claim, Document, Field, Label, Reason, hookimpl
from copydesk_plugins.describe.wire.wire_credits import Credit, Wire
from copydesk_plugins.describe.wire.wire_features import Standing
from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.lines.label_summary import summary_of

BYLINE_RANK = 25
DATELINE_RANK = 28
CREDIT_RANK = 30
CLOSING_RANK = 35
STANDING_RANK = 40
"""Ranks of the claims by kind of evidence; a smaller rank is surer."""
OPENING_BLOCKS = 6
"""Blocks in which a dateline or an agency's byline may stand."""
ENDING_BLOCKS = 8
"""Blocks at the end in which a credit may stand."""
BEFORE_BLOCKS = 3
"""Lines before a plain-text article that may hold its dateline."""
BEHIND = 2
"""Blocks behind the article that may hold a credit."""
MOST_HELPERS = 400
"""Characters of a byline in which helpers are looked for."""
PICTURE_TOKENS = 8
"""Tokens of a block that may show that it belongs to a picture, the nearest first."""
CLOSING_BLOCKS = 2
"""Blocks at the end in which the closing mark of an agency may stand."""
BY = "by "
"""How a byline of a plain-text scrape opens."""
_PICTURES = frozenset({Reason.CAPTION, Reason.IMAGE_CREDIT})
"""Reasons of labels that mark pictures."""
_CREDITED = frozenset({Reason.CREDIT, Reason.BYLINE, Reason.DATELINE, Reason.COPYRIGHT, Reason.AUTHOR_BIO})
"""Reasons of labels on blocks that may credit an agency."""
_PICTURE_TOKENS = frozenset({"caption", "figcaption", "figure", "photo", "image", "gallery", "photo-credit", "image-credit"})
"""Tokens of elements that belong to a picture."""


class Plugin:
    """Makes claims of wire credits."""

    def __init__(self) -> None:
        self.wire = Wire(Agencies())
        self.standing = Standing(self.wire.agencies)

    @hookimpl
    def propose_metadata(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claims of the opening paragraphs, of byline and credit blocks, and of the last paragraphs."""
        shared = summary_of(document, labels)
        inside, told = shared.inside, shared.reasons
        body = [block for block in document.blocks if (
            not inside or block.index in inside or told.get(block.index) in _CREDITED) and self._may_credit(block, told)]
        yield from self._datelines(self._opening(document, body, told))
        yield from self._bylines(document, body, told)
        last = max(inside, default=len(document.blocks))
        known = {block.index for block in body}
        behind = [block for block in document.blocks[last + 1:last + 1 + BEHIND]
                  if block.index not in known and self._may_credit(block, told)]
        yield from self._credits(body, told, document)
        for block in behind:
            yield from self._credited(block, self.wire.credit(block.text))
        yield from self._credit_spans(document, labels)
        yield from self._helpers(document, told)
        yield from self._closing([block for block in body if block.index in inside or (
            last < block.index <= last + BEHIND and told.get(block.index) == Reason.CREDIT)] or body)
        yield from self._standing(body, document)

    def _may_credit(self, block: Block, told: dict[int, str]) -> bool:
        pictured = not _PICTURE_TOKENS.isdisjoint(block.tokens[:PICTURE_TOKENS]) or "figure" in block.path
        return told.get(block.index) not in _PICTURES and not pictured

    def _opening(self, document: Document, body: list[Block], told: dict[int, str]) -> list[Block]:
        """The first blocks of the body. In a scrape also the lines right before them, one of which may be the dateline."""
        first = body[0].index if body else 0
        before = [] if document.is_html else [block for block in document.blocks[max(0, first - BEFORE_BLOCKS):first]
                                              if self._may_credit(block, told)]
        return [*before, *body[:OPENING_BLOCKS]]

    def _datelines(self, blocks: list[Block]) -> Iterator[Claim]:
        for block in blocks:
            found = self.wire.dateline(block.text)
            if found is None:
                continue
            yield Claim(Field.DATELINE, found.text, f"text:dateline:{block.index}", DATELINE_RANK)
            if found.agency:
                yield Claim(Field.CREDIT_TEXT, found.agency, f"text:dateline:{block.index}", DATELINE_RANK)
            return

    def _bylines(self, document: Document, body: list[Block], told: dict[int, str]) -> Iterator[Claim]:
        early = body[OPENING_BLOCKS - 1].index if len(body) >= OPENING_BLOCKS else len(document.blocks)
        bylines = {index for index, reason in told.items() if reason == Reason.BYLINE and index <= early}
        if not document.is_html:
            bylines.update(block.index for block in body[:OPENING_BLOCKS] if block.text[:len(BY)].lower() == BY)
        for block in map(document.blocks.__getitem__, sorted(bylines)):  # deeper in a text, a line with only an agency credits a picture
            found = self.wire.byline(block.text)
            if found is not None and found.agency:
                yield Claim(Field.CREDIT_TEXT, found.agency, f"text:byline:{block.index}", BYLINE_RANK, (block.index,))

    def _credits(self, body: list[Block], told: dict[int, str], document: Document) -> Iterator[Claim]:
        near_end = {block.index for block in body[-ENDING_BLOCKS:]} if document.is_html else {block.index for block in body}
        for block in body:
            if block.index not in near_end and told.get(block.index) not in _CREDITED:
                continue
            yield from self._credited(block, self.wire.credit(block.text))

    def _credit_spans(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claim credits at the end of a paragraph, where a label marks them."""
        for label in labels:
            if label.start is not None and label.reason == Reason.CREDIT:
                block = document.blocks[label.block]
                yield from self._credited(block, self.wire.credit(block.text[label.start:label.end].strip()))

    def _helpers(self, document: Document, told: dict[int, str]) -> Iterator[Claim]:
        """Claim the people whom a byline names as helpers: "By X, with reporting by Y in Z"."""
        for block in (document.blocks[index] for index, reason in sorted(told.items()) if reason == Reason.BYLINE):
            helpers = self.wire.names.helpers(block.text[:MOST_HELPERS])
            if helpers:
                found = self.wire.helped(helpers)
                if found:
                    yield Claim(Field.CONTRIBUTORS, found, f"text:byline:{block.index}", CREDIT_RANK, (block.index,))

    def _credited(self, block: Block, found: Credit | None) -> Iterator[Claim]:
        if found is None:
            return
        evidence = f"text:{found.form}:{block.index}"
        if found.agency:
            yield Claim(Field.CREDIT_TEXT, found.agency, evidence, CREDIT_RANK, (block.index,))
        if found.people:
            yield Claim(Field.CONTRIBUTORS, found.people, evidence, CREDIT_RANK, (block.index,))

    def _closing(self, body: list[Block]) -> Iterator[Claim]:
        for block in body[-CLOSING_BLOCKS:]:
            agency = self.wire.closing(block.text)
            if agency:
                yield Claim(Field.CREDIT_TEXT, agency, f"text:closing:{block.index}", CLOSING_RANK, (block.index,))

    def _standing(self, body: list[Block], document: Document) -> Iterator[Claim]:
        """Claim an agency by its standing features, and by its mark between the parts of a story."""
        if not body:
            return
        story = document.blocks[max(0, body[0].index - BEFORE_BLOCKS):body[-1].index + 1]
        for found, form in ((self.standing.feature(story), "standing"), (self.standing.divided(story), "divider")):
            if found is not None:
                yield Claim(Field.CREDIT_TEXT, found[0], f"text:{form}:{found[1]}", STANDING_RANK)
