"""Labels passages that a page has twice: copies of a longer block, lines repeated over the page, pull quotes."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl
from copydesk_plugins.shared.prose import sentences

LEAST_WORDS = 12
"""Words of a passage that is not repeated by chance."""
OFTEN = 3
"""Times that a short line stands on the page, from which on it is suspect."""
NEIGHBOURS = 3
"""Blocks on each side of a copy that are looked at."""
SURE = 0.9
"""Weight of a copy in a plain-text scrape."""
HINT = 0.4
"""Weight of a short line that stands often."""
LIKELY = 0.7
"""Weight of a pull quote."""
BELOW_EXTRACTOR = 0.55
"""Weight of a copy on an HTML page: the extractor's vote for one of the copies outweighs it."""
LEAST_PULLED = 6
"""Words of the shortest pull quote."""
LEAST_RUNNING = 15
"""Words of a block that a pull quote can be taken from."""
MOST_PULLED = 45
"""Words of the longest pull quote."""
MOST_CANDIDATES = 200
"""Blocks that are looked for in the text, so that the time stays bounded."""
MOST_TEXT = 400_000
"""Characters of running text in which they are looked for."""
EDGES = " \"'.,;:!?-"
"""Characters that a pull quote may have at its ends and the text not."""
PULL_TOKENS = 6
"""Tokens of a block that may call it a pull quote."""
MOST_LINKED = 0.5
"""Share of a block's characters in links, from which on it is no running text."""


@hookimpl
def label_blocks(document: Document) -> Iterator[Label]:
    """Labels on the other copies of a long block, and hints on a short line that stands three times or more."""
    groups: dict[str, list[Block]] = {}
    frame = document.frame
    for block, folded in zip(document.blocks, document.folded, strict=True):
        if block.index not in frame and block.kind not in sentences.NOT_TEXT:
            groups.setdefault(folded, []).append(block)
    for copies in groups.values():
        if len(copies) == 1:
            continue
        if document.word_counts[copies[0].index] >= LEAST_WORDS:
            kept = max(copies, key=lambda block: (_surroundings(block, document), -block.index))
            weight = BELOW_EXTRACTOR if document.is_html else SURE
            yield from (Label(block.index, Reason.DUPLICATE, "repeated-passage", weight) for block in copies if block is not kept)
        elif len(copies) >= OFTEN and any(map(str.isalnum, copies[0].text)) and not sentences.ends_sentence(copies[0].text):
            yield from (Label(block.index, Reason.DUPLICATE, "repeated-line", HINT) for block in copies)
    yield from _pulled(document)


def _pulled(document: Document) -> Iterator[Label]:
    """Labels on pull quotes: blocks whose words also stand inside of a longer block."""
    keys, counts, is_html = document.folded, document.word_counts, document.is_html
    running = [reads and count >= LEAST_RUNNING for reads, count in zip(document.once(sentences.sentences), counts, strict=True)]
    everything = "\n".join([key for key, runs in zip(keys, running, strict=True) if runs])[:MOST_TEXT]
    candidates = [block for block, count in zip(document.blocks, counts, strict=True) if LEAST_PULLED <= count <= MOST_PULLED
                  and (not is_html or block.kind is BlockKind.QUOTE or "pull" in " ".join(block.tokens[:PULL_TOKENS]))]
    for block in candidates[:MOST_CANDIDATES]:
        own = keys[block.index]
        copies = keys.count(own) if running[block.index] else 0
        if everything.count(own.strip(EDGES)) > copies:
            yield Label(block.index, Reason.DUPLICATE, "pull-quote", LIKELY)


def _surroundings(block: Block, document: Document) -> int:
    """Words of running text in the blocks around a block. The copy with the most is the article's."""
    blocks = document.blocks
    around = [*blocks[max(0, block.index - NEIGHBOURS):block.index], *blocks[block.index + 1:block.index + 1 + NEIGHBOURS]]
    running = (other for other in around if other.link_density < MOST_LINKED and sentences.is_sentence(other.text))
    return sum(document.word_counts[other.index] for other in running)
