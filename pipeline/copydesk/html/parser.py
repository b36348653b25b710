"""Parse HTML to a document: one bounded lexbor parse, then one walk over its tree without recursion.

Every visible word of the page stands in exactly one block. Elements that browsers lay out as blocks end a block, and so do two line
breaks in a row; inline elements do not. The text of scripts, templates, ``noscript``, drawings and form fields is left out, and so is
the text of inline elements that an attribute hides. Hidden block elements are read and have the token ``hidden``.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk.errors import refusal
from copydesk.html import json_ld, markup
from copydesk.html.blocks import BlockMaker
from copydesk.html.elements import BLOCK, BREAK, FACT, TELLING, TEXT, Attributes, OpenElement, Tag, is_hidden, tag_named
from copydesk.html.facts import PageFacts
from copydesk.model.document import Document
from copydesk.model.page import Page
from copydesk.settings.schema import LimitSettings
from copydesk.text import charset


def parse(page: Page, limits: LimitSettings | None = None) -> Document:
    """Read the bytes of a page as HTML.

    Args:
        page: the page. Its media type is not looked at.
        limits: the limits of the settings; None for the defaults.

    Raises:
        PageError: the page is beyond a limit (``limit_depth``, ``limit_tags``, ``limit_attributes_per_tag``, ``limit_blocks``,
            ``limit_json_ld_bytes``, ``limit_json_ld_depth``).
    """
    limits = limits or LimitSettings()
    decoded = charset.decode(page.content, page.charset)
    given = decoded.text.encode("utf-8", "ignore") if decoded.source is None else decoded.source
    source = markup.strip_controls(given)
    markup.check(source, limits)
    text = decoded.text if source is given else source.decode()
    tree = LexborHTMLParser(source)
    reader = _Reader(limits)
    if tree.root is not None:
        reader.read(tree.root)
    facts = reader.facts
    return Document(
        page=page, blocks=tuple(reader.text.blocks), text=text, charset=decoded.charset, replacements=decoded.replacements,
        title=facts.title, language=facts.language, site=page.site,
        meta={name: tuple(contents) for name, contents in facts.meta.items()},
        json_ld=json_ld.objects(facts.scripts, limits), links=tuple(facts.links), times=tuple(facts.times), tree=tree,
        elements=tuple(reader.elements),
        holders=tuple(reader.text.holders))


class _Reader:
    """Walks over the tree. It passes text to the block maker, and what elements say about the page to the facts."""

    def __init__(self, limits: LimitSettings) -> None:
        self._most = limits.attributes_per_tag
        self._deepest = limits.depth + 1  # the root counts
        self.facts = PageFacts()
        self.text = BlockMaker(limits)
        self.elements: list[tuple[int, LexborNode, Attributes]] = []

    def read(self, root: LexborNode) -> None:  # noqa: C901  # a call for each node would cost as much as the rest
        """Walk the tree below ``root`` in page order.

        Most of the time of a page is spent in this loop, so it calls methods only for rare cases.
        """
        text, facts, most, deepest, elements, blocks = self.text, self.facts, self._most, self._deepest, self.elements, self.text.blocks
        facts.note_root(root.attributes)
        tags: dict[int, Tag] = {}  # by lexbor's number of the name, which is valid within one tree and faster to get than the name
        words = -1  # the number that text nodes have
        outermost = inside = OpenElement(root, tag_named(root.tag or ""), None, {}, False)
        left = ""  # the name of the inline element that was closed directly before
        node = root.first_child
        while node is not None:
            number = node.tag_id
            if number == words:
                left = ""
                if not node.is_empty_text_node:
                    text.add(node.text_lexbor(), inside)
                elif text.pieces and node.text_content:
                    text.pieces.append(" ")
            else:
                try:
                    tag = tags[number]
                except KeyError:
                    tag = tags[number] = tag_named(node.tag or "")
                    if tag.role == TEXT:
                        words = number
                        continue
                role = tag.role
                if role <= BLOCK:
                    attributes = node.attributes
                    hidden = False
                    if not TELLING.isdisjoint(attributes) or tag.dialog or len(attributes) > most:
                        hidden = self._look(tag, attributes)
                    if role == BLOCK:
                        text.breaks = 0
                        if text.pieces:
                            text.flush()
                    if attributes or role == BLOCK:
                        elements.append((len(blocks), node, attributes))
                    child = node.first_child
                    if child is not None and (role == BLOCK or not hidden):
                        inside = OpenElement(node, tag, inside, attributes, hidden)
                        if tag.special or tag.name == left or inside.depth > deepest:
                            self._open(inside, left)
                        left = ""
                        node = child
                        continue
                elif role == BREAK:
                    text.line_break(inside)
                elif role == FACT:
                    facts.note(tag.name, node)
            node = node.next
            if node is None:
                node, inside, left = self._leave(inside, outermost, left)
        text.flush()

    def _leave(self, inside: OpenElement, outermost: OpenElement, left: str) -> tuple[LexborNode | None, OpenElement, str]:
        """Close the elements whose last child was read.

        Returns:
            The next node (None at the end of the page), the element that it is in, and the name of the inline element closed last.
        """
        text = self.text
        node = None
        while node is None and inside is not outermost:
            closed = inside
            inside = closed.parent
            node = closed.node.next
            if closed.tag.role == BLOCK:
                text.breaks = 0
                if text.pieces:
                    text.flush()
                continue
            left = closed.tag.name
            if closed.tag.special:
                self._close(closed)
            if inside.depth < text.lowest:
                text.lowest = inside.depth
        return node, inside, left

    def _look(self, tag: Tag, attributes: Attributes) -> bool:
        """Check and note the attributes of an element. Returns whether they hide it."""
        if len(attributes) > self._most:
            raise refusal("attributes_per_tag", f"a tag with {len(attributes)} attributes")
        if "itemprop" in attributes and attributes.get("content"):
            self.facts.note_meta(attributes)
        return is_hidden(tag.name, attributes)

    def _open(self, opened: OpenElement, left: str) -> None:
        """Note what the beginning of an element does to text. ``left`` is the name of the inline element closed directly before."""
        if opened.depth > self._deepest:
            raise refusal("depth", f"elements nested over {self._deepest - 1} deep")
        tag = opened.tag
        if tag.role != BLOCK:
            if tag.apart or (tag.name == left and not tag.flowing):
                self.text.gap = tag.name
            if tag.acts:
                self._act(opened)

    def _act(self, opened: OpenElement) -> None:
        """Begin what an element of `ACTING` does to the text in it or before it."""
        name, text = opened.tag.name, self.text
        if name == "a":
            href = opened.attributes.get("href")
            if href is not None:
                opened.href = href
                text.links += 1
        elif name in ("b", "strong"):
            text.bolds += 1
        elif name in ("td", "th"):
            text.cell = True
        elif name == "q":
            text.add("“", opened)
        elif name == "time":
            opened.time = len(text.pieces)

    def _close(self, closed: OpenElement) -> None:
        """End what an inline element does to text."""
        name, text = closed.tag.name, self.text
        if name == "a":
            text.links -= closed.attributes.get("href") is not None
        elif name in ("b", "strong"):
            text.bolds -= 1
        elif name == "q":
            text.add("”", closed)
        elif name == "time":
            text.complete_tokens(closed)
            self.facts.note_time(closed.attributes, text.since(closed.time), closed.tokens, len(text.blocks))
        if closed.tag.apart:
            text.gap = name
