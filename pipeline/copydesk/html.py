"""HTML to a document: one bounded lexbor parse, one walk over its tree without recursion.

Every visible text word of the page stands in exactly one block. Elements that browsers lay out as blocks end a block,
inline ones do not; two line breaks in a row do. Text of scripts, templates, ``noscript``, drawings and form fields is unseen, so is
that of inline elements hidden by attribute; hidden block elements are read and carry the token ``hidden``.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk import charset, gate, json_ld, markup
from copydesk.html_blocks import BlockMaker
from copydesk.html_elements import APART, BLOCKS, FACTS, FLOWING, UNSEEN, Attributes, OpenElement, is_hidden, kind_of, tokens_of
from copydesk.html_facts import Facts
from copydesk.model import Document, Page
from copydesk.settings import LimitSettings

_MOST_TOKENS = 200


def parse(page: Page, limits: LimitSettings | None = None) -> Document:
    """Read a page's bytes as HTML.

    Raises:
        PageError: the page is beyond a limit (``limit_depth``, ``limit_tags``, ``limit_attributes_per_tag``, ``limit_blocks``,
            ``limit_json_ld_bytes``, ``limit_json_ld_depth``).
    """
    limits = limits or LimitSettings()
    decoded = charset.decode(page.content, page.charset)
    text = markup.strip_controls(decoded.text)
    markup.check(text, limits)
    tree = LexborHTMLParser(text)
    reader = _Reader(limits)
    if tree.root is not None:
        reader.read(tree.root)
    facts = reader.facts
    return Document(
        page=page, blocks=tuple(reader.text.blocks), text=text, charset=decoded.charset, replacements=decoded.replacements,
        title=facts.title, language=facts.language, site=page.site,
        meta={name: tuple(contents) for name, contents in facts.meta.items()},
        json_ld=json_ld.objects(facts.scripts, limits), links=tuple(facts.links), times=tuple(facts.times), tree=tree)


class _Reader:
    """The walk: elements open and close; their text goes to the block maker, what they say about the page to the facts."""

    def __init__(self, limits: LimitSettings) -> None:
        self.limits = limits
        self.facts = Facts()
        self.text = BlockMaker(limits)
        self._stack = self.text.stack
        self._left = ""

    def read(self, root: LexborNode) -> None:
        """Walk the tree below ``root`` in page order."""
        self._stack.append(OpenElement(root, root.tag or ""))
        self.facts.note_root(root.attributes)
        node = root.first_child
        while node is not None:
            child = self._visit(node)
            if child is not None:
                node = child
                continue
            following = node.next
            while following is None and len(self._stack) > 1:
                following = self._close()
            node = following
        self.text.flush()

    def _visit(self, node: LexborNode) -> LexborNode | None:
        """Take in a node; returns its first child when the walk should go down."""
        tag = node.tag or ""
        if tag == "-text":
            self._left = ""
            self.text.add(node.text_content or "")
            return None
        if tag == "br":
            self.text.line_break()
            return None
        if tag in UNSEEN:
            if tag in FACTS:
                self.facts.note(tag, node)
            return None
        return self._open(node, tag, node.attributes)

    def _open(self, node: LexborNode, tag: str, attributes: Attributes) -> LexborNode | None:
        if len(attributes) > self.limits.attributes_per_tag:
            raise gate.refusal("attributes_per_tag", f"a tag with {len(attributes)} attributes")
        if "itemprop" in attributes and attributes.get("content"):
            self.facts.note_meta(attributes)
        is_block = tag in BLOCKS
        hidden = ("style" in attributes or "hidden" in attributes or tag == "dialog") and is_hidden(tag, attributes)
        if hidden and not is_block:
            return None
        if is_block:
            self.text.flush()
        child = node.first_child
        if child is not None:
            self._push(node, tag, attributes, is_block, hidden)
        return child

    def _push(self, node: LexborNode, tag: str, attributes: Attributes, is_block: bool, hidden: bool) -> None:
        if len(self._stack) > self.limits.depth:
            raise gate.refusal("depth", f"elements nested over {self.limits.depth} deep")
        parent = self._stack[-1]
        own = tokens_of(attributes) if attributes else ()
        if hidden:
            own = (*own, "hidden")
        tokens = (own + parent.tokens)[:_MOST_TOKENS] if own else parent.tokens
        kind, level = kind_of(tag, parent) if is_block or tag in ("td", "th") else (parent.kind, parent.level)
        opened = OpenElement(node, tag, kind, level, own, tokens, is_block)
        self._stack.append(opened)
        if not is_block:
            self._open_inline(opened, attributes)
        self._left = ""

    def _open_inline(self, opened: OpenElement, attributes: Attributes) -> None:
        tag, text = opened.tag, self.text
        if tag in APART or (tag == self._left and tag not in FLOWING):
            text.gap = tag
        if tag == "a":
            opened.href = attributes.get("href")
            text.links += opened.href is not None
        elif tag in ("b", "strong"):
            text.bolds += 1
        elif tag in ("td", "th"):
            text.cell = True
        elif tag == "q":
            text.add("“")
        elif tag == "time":
            opened.time = (attributes, len(text.buffer.pieces))

    def _close(self) -> LexborNode | None:
        """Leave the innermost element; returns the node after it."""
        opened, text = self._stack[-1], self.text
        if opened.is_block:
            text.flush()
        elif opened.tag == "q":
            text.add("”")
        self._stack.pop()
        if not opened.is_block:
            self._close_inline(opened)
        return opened.node.next

    def _close_inline(self, opened: OpenElement) -> None:
        tag, text = opened.tag, self.text
        text.links -= opened.href is not None
        text.bolds -= tag in ("b", "strong")
        if opened.time is not None:
            attributes, start = opened.time
            self.facts.note_time(attributes, text.since(start), opened.tokens, len(text.blocks))
        text.left()
        if tag in APART:
            text.gap = tag
        self._left = tag
