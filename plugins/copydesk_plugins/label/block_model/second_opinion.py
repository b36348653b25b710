"""Asks trafilatura which blocks of a page it keeps.

trafilatura (https://trafilatura.readthedocs.io) reads the page's source on its own. Its text is then aligned with the blocks.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from configparser import ConfigParser
from functools import cached_property
from threading import Lock

from copydesk import Block, BlockKind, Document
from copydesk_plugins.label.block_model.alignment import shares
from copydesk_plugins.shared.prose.sentences import is_sentence

_FEW = 2
"""Kept paragraphs of one place and names, from which on others like them are kept too."""
_LINKED = 0.4
"""Share of a block's characters in links, from which on it is no text."""
_LOGGER = logging.getLogger("trafilatura")


class SecondOpinion:
    """Asks trafilatura.

    A block is kept when ``share`` of its words stand in trafilatura's text. Pages with more than ``most_blocks`` blocks are not given to
    it, since its time is quadratic in them.
    """

    def __init__(self, share: float, most_blocks: int) -> None:
        self.share, self.most_blocks = share, most_blocks
        self._quiet = _Quiet()

    @cached_property
    def _config(self) -> ConfigParser:
        from trafilatura.settings import use_config

        config: ConfigParser = use_config()
        config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # the run has its own time limit, and trafilatura's would set a signal handler
        return config

    def kept(self, document: Document) -> set[int]:
        """Indices of the blocks that trafilatura keeps, and of paragraphs like them; empty where it finds nothing or fails."""
        text = self._extracted(document)
        if not text:
            return set()
        found = shares([block.text for block in document.blocks], text)
        kept = {index for index, share in enumerate(found) if share >= self.share}
        return kept | alike(document.blocks, kept)

    def _extracted(self, document: Document) -> str:
        if len(document.blocks) > self.most_blocks:
            return ""
        from trafilatura import extract

        with self._quiet:
            try:
                return extract(document.text, fast=True, include_comments=False, include_tables=True, with_metadata=False,
                               deduplicate=False, config=self._config) or ""
            except Exception:  # noqa: BLE001  # a second opinion may fail: the page has the first one
                return ""


def alike(blocks: Sequence[Block], kept: set[int]) -> set[int]:
    """Indices of paragraphs that were left out among or below kept ones of the same path and names: trafilatura may stop half-way."""
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


class _Quiet:
    """A context in which trafilatura logs nothing, in any thread: its remarks on odd pages are of no use to a run."""

    def __init__(self) -> None:
        self._lock, self._inside, self._level = Lock(), 0, logging.NOTSET

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._level = _LOGGER.level
                _LOGGER.setLevel(logging.CRITICAL + 1)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                _LOGGER.setLevel(self._level)
