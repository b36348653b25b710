"""trafilatura's opinion of each block: what it keeps is article, what it leaves out is boilerplate.

trafilatura (https://trafilatura.readthedocs.io) reads the page's source on its own; its text is aligned with the blocks. Where it
finds nothing, fails, or the page is too large for it, long paragraphs in the densest container are taken for the article.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from contextlib import contextmanager
from functools import cached_property
from typing import Literal

from pydantic import Field

from copydesk import Block, BlockKind, Document, Label, PluginSettings, Reason, hookimpl
from copydesk_plugins._align import shares
from copydesk_plugins._density import body_blocks
from copydesk_plugins._shape import is_sentence

KEEP = 0.6
LEAVE_OUT = 0.65
_FEW = 2
_LINKED = 0.4


class Plugin:
    """trafilatura as a labeller."""

    class Settings(PluginSettings):
        """``[plugins.label_trafilatura]``."""

        mode: Literal["first", "off"] = Field("first", description="first: its opinion counts on every page; off: it is not asked")
        share: float = Field(0.5, gt=0, le=1, description="the share of a block's words that its text must hold for the block to be kept")
        most_blocks: int = Field(6_000, gt=0, description="pages with more blocks are not given to it: its time is quadratic in them")

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def _config(self) -> ConfigParser:
        from trafilatura.settings import use_config

        config: ConfigParser = use_config()
        config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # the time limit is the run's, and no signal handler is wanted
        return config

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """``article`` for what trafilatura keeps, ``boilerplate`` for what it leaves out."""
        if self.settings.mode == "off" or not document.is_html or not document.blocks:
            return
        text = self._extracted(document)
        if text:
            found = shares([block.text for block in document.blocks], text)
            kept = {index for index, share in enumerate(found) if share >= self.settings.share}
            alike = _alike(document.blocks, kept)
            yield from _votes(document, kept, alike, "kept", "left-out")
        else:
            kept = set(body_blocks(document.blocks))
            if kept:
                yield from _votes(document, kept, set(), "dense-container", "outside-dense-container")

    def _extracted(self, document: Document) -> str:
        if len(document.blocks) > self.settings.most_blocks:
            return ""
        from trafilatura import extract

        with _quiet():
            try:
                return extract(document.text, fast=True, include_comments=False, include_tables=True, with_metadata=False,
                               deduplicate=False, config=self._config) or ""
            except Exception:  # noqa: BLE001  # a second opinion: whatever it stumbles over, the page has the fallback
                return ""


def _votes(document: Document, kept: set[int], alike: set[int], keep_rule: str, leave_rule: str) -> Iterator[Label]:
    for block in document.blocks:
        if block.index in kept:
            yield Label(block.index, Reason.ARTICLE, keep_rule, KEEP)
        elif block.index in alike:
            yield Label(block.index, Reason.ARTICLE, "like-kept", KEEP)
        else:
            yield Label(block.index, Reason.BOILERPLATE, leave_rule, LEAVE_OUT)


def _alike(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    """Paragraphs that were left out among or below kept ones of the same place and names: trafilatura at times stops half-way."""
    places: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for block in blocks:
        if block.index in kept and _is_text(block):
            places.setdefault((block.path, block.tokens), []).append(block.index)
    found = set()
    for block in blocks:
        there = places.get((block.path, block.tokens), [])
        if len(there) >= _FEW and block.index not in kept and _is_text(block):
            between = there[0] < block.index < there[-1]
            if between or (block.tokens and block.index > there[0]):
                found.add(block.index)
    return found


def _is_text(block: Block) -> bool:
    return block.kind is BlockKind.PARAGRAPH and block.link_density < _LINKED and is_sentence(block.text)


@contextmanager
def _quiet() -> Iterator[None]:
    """No log lines from trafilatura meanwhile: what it thinks of odd pages is no news to a run."""
    logger = logging.getLogger("trafilatura")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
