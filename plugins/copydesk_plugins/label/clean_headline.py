"""Labels the headline where the page repeats it above the text, and the standfirst below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl
from copydesk_plugins.shared.lines.headlines import (
    LEAST_KEY,
    MOST_BELOW,
    NEAR,
    NOT_WORD,
    SURE,
    alike,
    is_furniture,
    key,
    scrape_headlines,
    stems,
)
from copydesk_plugins.shared.lines.lines import lines_of
from copydesk_plugins.shared.lines.template_marks import marked
from copydesk_plugins.shared.prose import sentences

CHROME = frozenset({"nav", "footer", "aside", "form"})
"""Elements that frame a page."""
CONTENT = frozenset({"article", "main"})
"""Elements that hold an article."""
HEAD_DISTANCE = 25
"""Blocks below a headline in which its text must begin."""
STANDFIRST_WORDS = 75
"""Words of the longest standfirst."""
LEAST_STANDFIRST = 6
"""Words of the shortest standfirst in a plain-text scrape."""
LONG = 40
"""A sentence with more words than this is the text, and ends the search for the standfirst."""
STANDFIRST_TOKENS, OWN_TOKENS = 8, 6
"""Tokens of a block that may call it a standfirst, and those by which mark-up is compared."""
MOST_LINKED = 0.5
"""A heading in the site's header with a larger share of its characters in links is the site's name."""
MOST_VALUES, MOST_ITEMS = 2, 20
"""Values of a meta element, and JSON-LD objects, that are read."""
MANY_ALIKE = 3
"""With more long blocks of one mark-up, that is the mark-up of paragraphs."""


class Plugin:
    """Labels headlines and standfirsts."""

    def __init__(self) -> None:
        self.lines = lines_of()

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Headline labels on the blocks that repeat the page's title; a standfirst label below the headline."""
        blocks = document.blocks
        found = list(html_headlines(document) if document.is_html else scrape_headlines(blocks, document.title, self.lines))
        yield from found
        heads = [label.block for label in found if label.reason == Reason.HEADLINE]
        if not heads:
            return
        if document.is_html:
            yield from self._marked_standfirst(document, heads)
        else:
            yield from self._scraped_standfirst(blocks, heads)

    def _marked_standfirst(self, document: Document, heads: Sequence[int]) -> Iterator[Label]:
        """Label the standfirst of an HTML page: below the headline, called so by the template, or equal to the page's description."""
        described = {key(value) for value in _descriptions(document)}
        counts = document.word_counts
        start, marks = _main_head(document.blocks, heads), document.once(self.lines.marks.on)
        for block in document.blocks[start + 1:start + 1 + MOST_BELOW]:
            if block.index in heads or counts[block.index] > STANDFIRST_WORDS:
                continue
            if marked(marks[block.index], "standfirst", STANDFIRST_TOKENS) and not _is_body(block, document.blocks):
                yield Label(block.index, Reason.STANDFIRST, "standfirst-markup", SURE)
                return
            own = key(block.text)
            if own in described and len(own) > LEAST_KEY and _stands_apart(block, document.blocks):
                yield Label(block.index, Reason.STANDFIRST, "standfirst-description", SURE)
                return
            if counts[block.index] > LONG and sentences.is_sentence(block.text):
                return

    def _scraped_standfirst(self, blocks: Sequence[Block], heads: Sequence[int]) -> Iterator[Label]:
        """Label the standfirst of a plain-text scrape: right below the headline, with a picture's line or a byline behind it."""
        for head in reversed(heads):
            block = blocks[head + 1] if head + 1 < len(blocks) else None
            if block is None or not LEAST_STANDFIRST <= sentences.count_words(block.text) <= STANDFIRST_WORDS or is_furniture(
                    block.text, self.lines):
                continue
            if self._furniture_follows(blocks, block.index):
                yield Label(block.index, Reason.STANDFIRST, "standfirst-between-headline-and-furniture", SURE)
                return

    def _furniture_follows(self, blocks: Sequence[Block], index: int) -> bool:
        following = blocks[index + 1:index + 3]
        return any(is_furniture(block.text, self.lines) for block in following[:1]) or (
            len(following) == 2 and not NOT_WORD.sub("", following[0].text) and is_furniture(following[1].text, self.lines))


def html_headlines(document: Document) -> Iterator[Label]:
    """Label the blocks that repeat the page's title outside of running text; when none does, the only heading of level 1 above text."""
    found = list(_titled(document))
    yield from found
    if found:
        return
    sole = [block for block in document.headings if block.level == 1 and _may_head(block, document)]
    if len(sole) == 1:
        yield Label(sole[0].index, Reason.HEADLINE, "headline-sole-heading", SURE)
        yield Label(sole[0].index, Reason.DUPLICATE, "headline-repeat", NEAR)


def _may_head(block: Block, document: Document) -> bool:
    """Whether a heading stands above running text and outside of the site's header and menus, and is not the site's name."""
    if not CHROME.isdisjoint(block.path) or not 2 <= document.word_counts[block.index] <= sentences.HEADLINE_WORDS:
        return False
    if "header" in block.path and CONTENT.isdisjoint(block.path[:block.path.index("header")]):
        below = next((other for other in document.blocks[block.index + 1:] if other.kind is BlockKind.HEADING and other.level == 1), None)
        if below is not None or block.link_density > MOST_LINKED:
            return False
    names = {key(name) for name in document.meta.get("og:site_name", ())} | {key(part) for part in stems(document.title)[1:]}
    following = document.blocks[block.index + 1:block.index + 1 + HEAD_DISTANCE]
    return key(block.text) not in names and any(sentences.is_sentence(other.text) for other in following)


def _titled(document: Document) -> Iterator[Label]:
    wanted = {key(title) for title in titles(document)} - {""}
    openings = {each[0] for each in wanted}
    for block, folded, count in zip(document.blocks, document.folded, document.word_counts, strict=True):
        if count > sentences.HEADLINE_WORDS:
            continue
        own = "" if folded[:1].isalnum() and folded[0] not in openings else key(block.text)
        if own in wanted and (block.kind is BlockKind.HEADING or len(own) >= LEAST_KEY):
            yield Label(block.index, Reason.HEADLINE, "headline-equals-title", SURE)
            yield Label(block.index, Reason.DUPLICATE, "headline-repeat", NEAR)
        elif block.kind is BlockKind.HEADING and block.level == 1 and any(alike(block.text, title) for title in titles(document)):
            yield Label(block.index, Reason.HEADLINE, "headline-near-title", SURE)
            yield Label(block.index, Reason.DUPLICATE, "headline-repeat", NEAR)


def titles(document: Document) -> list[str]:
    """The headlines that a page states: its title (with and without the site's name), in meta elements and in JSON-LD."""
    named = [document.title, *stems(document.title)]
    for name in ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "sailthru.title"):
        named += document.meta.get(name, ())[:MOST_VALUES]
    for item in document.json_ld[:MOST_ITEMS]:
        headline = item.get("headline")
        if isinstance(headline, str):
            named.append(headline)
    return [title for title in named if title]


def _descriptions(document: Document) -> list[str]:
    names = ("og:description", "description", "twitter:description")
    named = [value for name in names for value in document.meta.get(name, ())[:MOST_VALUES]]
    named += [value for item in document.json_ld[:MOST_ITEMS] for value in (item.get("description"), item.get("alternativeHeadline"))
              if isinstance(value, str)]
    return named


def _main_head(blocks: Sequence[Block], heads: Sequence[int]) -> int:
    """The index of the main headline: a heading of level 1, else the first headline."""
    return next((index for index in heads if blocks[index].level == 1), heads[0])


def _is_body(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether a block has the mark-up of the paragraphs: more than `MANY_ALIKE` blocks of running text have the same."""
    same = [other for other in blocks if other.tokens == block.tokens and other.path == block.path and sentences.is_sentence(other.text)]
    return len(same) > MANY_ALIKE


def _stands_apart(block: Block, blocks: Sequence[Block]) -> bool:
    """Whether a block is a heading, or is marked up unlike the next running text."""
    if block.kind is BlockKind.HEADING:
        return True
    following = next((other for other in blocks[block.index + 1:] if sentences.is_sentence(other.text)), None)
    return following is not None and (following.path != block.path or following.tokens[:OWN_TOKENS] != block.tokens[:OWN_TOKENS])
