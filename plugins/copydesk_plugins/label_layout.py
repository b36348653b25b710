"""Labels from the layout: what the mark-up around a block calls it, and blocks that are nothing but links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copydesk import Block, BlockKind, Document, Label, Reason, hookimpl
from copydesk_plugins._data import load
from copydesk_plugins._shape import count_words

_CUT = re.compile(r"[-_:.]+")
_LONG = 15
_FEW_LINKS = 0.5


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a name says: a reason, how sure, and whether for short blocks only."""

    reason: str
    name: str
    weight: float
    short: bool = False


class Plugin:
    """Labels blocks by the names of their elements (`data/layout.toml`) and by their links."""

    def __init__(self) -> None:
        data = load("layout")
        self._weights: dict[str, float] = data.pop("weights")
        self._limits: dict[str, float] = data.pop("limits")
        self._tags = {
            tag: _Rule(reason, f"tag-{tag}", self._weights[strength])
            for strength, tags in data.pop("tags").items() for tag, reason in tags.items()}
        self._words: dict[tuple[str, ...], _Rule] = {}
        self._stems: dict[str, _Rule] = {}
        for reason, groups in data.items():
            for strength, entries in groups.items():
                self._add(reason, strength, entries)

    def _add(self, reason: str, strength: str, entries: Iterable[str]) -> None:
        for entry in entries:
            rule = _Rule(reason, f"name-{entry.rstrip('*')}", self._weights[strength], strength == "short")
            if entry.endswith("*"):
                self._stems[entry[:-1]] = rule
            else:
                self._words[tuple(entry.split("-"))] = rule

    @hookimpl
    def label_blocks(self, document: Document) -> Iterator[Label]:
        """Labels by name and tag, then by links."""
        if not document.is_html:
            return
        lengths = [count_words(block.text) for block in document.blocks]
        names = self._meanings(document.blocks, lengths)
        for block, length in zip(document.blocks, lengths, strict=True):
            yield from self._named(block, length, names)
        yield from self._link_lists(document.blocks, lengths)

    def _named(self, block: Block, length: int, names: Mapping[str, tuple[_Rule, ...]]) -> Iterator[Label]:
        """One label a reason: the surest."""
        best: dict[str, _Rule] = {}
        for name in (*block.tokens, *(f"<{tag}>" for tag in block.path)):
            for rule in names[name]:
                held = best.get(rule.reason)
                if self._fits(rule, block, length) and (held is None or held.weight < rule.weight):
                    best[rule.reason] = rule
        for rule in best.values():
            yield Label(block.index, rule.reason, rule.name, rule.weight)

    def _fits(self, rule: _Rule, block: Block, length: int) -> bool:
        if rule.reason == Reason.ARTICLE:
            return block.kind not in (BlockKind.CAPTION, BlockKind.OTHER) and block.link_density <= self._limits["text_density"]
        return not rule.short or length <= self._limits["short_words"]

    def _link_lists(self, blocks: Sequence[Block], lengths: Sequence[int]) -> Iterator[Label]:
        """Blocks that are little but links: likely pointers elsewhere, surely so short ones in a row."""
        run: list[int] = []
        for block, length in zip(blocks, lengths, strict=True):
            linked = block.link_density >= self._limits["link_density"]
            if linked and length <= self._limits["link_words"]:
                run.append(block.index)
                continue
            if linked:
                yield Label(block.index, Reason.RELATED, "many-links", self._weights["short"])
            yield from self._run_labels(run)
            run = []
        yield from self._run_labels(run)

    def _run_labels(self, run: Sequence[int]) -> Iterator[Label]:
        listed = len(run) >= self._limits["linked_run"]
        for index in run:
            yield Label(index, Reason.RELATED, "link-list" if listed else "link-only", self._weights["sure" if listed else "short"])

    def _meanings(self, blocks: Sequence[Block], lengths: Sequence[int]) -> dict[str, tuple[_Rule, ...]]:
        """The rules of each name on the page; none for the names of wrappers."""
        held: dict[str, int] = {}
        total = 0
        for block, length in zip(blocks, lengths, strict=True):
            names = {*block.tokens, *(f"<{tag}>" for tag in block.path)}
            text = length if length >= _LONG and block.link_density < _FEW_LINKS else 0
            total += text
            for name in names:
                held[name] = held.get(name, 0) + text
        most = self._limits["wrapper_share"] * total
        return {
            name: tuple(rule for rule in self._rules(name) if count <= most or rule.reason == Reason.ARTICLE)
            for name, count in held.items()}

    def _rules(self, name: str) -> tuple[_Rule, ...]:
        if name.startswith("<"):
            rule = self._tags.get(name[1:-1])
            return (rule,) if rule else ()
        parts = [part for part in _CUT.split(name) if part][:12]
        found = [self._words.get(tuple(parts[at : at + size])) for size in (3, 2, 1) for at in range(len(parts) - size + 1)]
        found += [rule for stem, rule in self._stems.items() for part in parts if part.startswith(stem)]
        return tuple(rule for rule in found if rule is not None)
