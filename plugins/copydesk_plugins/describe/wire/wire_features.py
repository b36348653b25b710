"""Recognises agency copy by what only that agency sends: its standing features, and its mark between the parts of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from copydesk import Block
from copydesk_plugins.shared.facts.agencies import Agencies
from copydesk_plugins.shared.facts.loading import load

OPENING = 6
"""Blocks in which a standing feature opens."""
MOST_LINE = 300
"""Characters of a block that are looked at."""


class Standing:
    """Reads ``standing`` and ``dividers`` of ``data/wire.toml``."""

    def __init__(self, agencies: Agencies) -> None:
        data = load("wire")
        self.agencies = agencies
        self._features = {name: tuple(re.compile(pattern, re.I) for pattern in patterns) for name, patterns in data["standing"].items()}
        self._dividers = {name: re.compile(pattern) for name, pattern in data["dividers"].items()}

    def feature(self, blocks: Sequence[Block]) -> tuple[str, int] | None:
        """The agency whose standing feature opens here, and the block that says so."""
        for block in blocks[:OPENING]:
            for name, patterns in self._features.items():
                if any(pattern.match(block.text[:MOST_LINE]) for pattern in patterns):
                    return name, block.index
        return None

    def divided(self, blocks: Sequence[Block]) -> tuple[str, int] | None:
        """The agency whose mark stands between the blocks, and the mark's block. One of the blocks must name the agency."""
        for name, form in self._dividers.items():
            mark = next((block.index for block in blocks if block.text[:2] == "__" and form.fullmatch(block.text)), None)
            if mark is not None and self._named(name, (block.text for block in blocks)):
                return name, mark
        return None

    def _named(self, agency: str, texts: Iterable[str]) -> bool:
        return any(self.agencies.names_in(text, agency) for text in texts)
