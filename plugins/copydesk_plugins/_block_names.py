"""What the names of elements say about the blocks inside them: reasons (`data/layout.toml`) and hints (`data/block_names.toml`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from copydesk_plugins._data import load

_CUT = re.compile(r"[-_:.]+")
_MADE_UP = re.compile(r"[0-9]+")
_MOST_PARTS = 12
_STEM = 4
_MOST_HELD = 20_000
STRENGTHS = {"weak": 1, "short": 2, "sure": 3}


@dataclass(frozen=True, slots=True, eq=False)
class NameRule:
    """What a name says: a reason, how sure, and whether for short blocks only."""

    reason: str
    name: str
    weight: float
    strength: int
    short: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """All that one name says: rules with a reason, hints, and the name without its numbers; ``speaks`` when it says anything."""

    rules: tuple[NameRule, ...]
    hints: tuple[str, ...]
    plain: str
    speaks: bool


class Names:
    """Looks names up; those of pages past are held, up to a bound."""

    def __init__(self) -> None:
        data = load("layout")
        self.weights: dict[str, float] = data.pop("weights")
        self.limits: dict[str, float] = data.pop("limits")
        tags = data.pop("tags")
        self.tags = {tag: NameRule(reason, f"tag-{tag}", self.weights[strength], STRENGTHS[strength])
                     for strength, named in tags.items() for tag, reason in named.items()}
        self._words: dict[tuple[str, ...], NameRule] = {}
        self._stems: dict[str, list[tuple[str, NameRule]]] = {}
        for reason, groups in data.items():
            for strength, entries in groups.items():
                self._add(reason, strength, entries)
        self._hints = {tuple(entry.split("-")): hint for hint, entries in load("block_names")["hints"].items() for entry in entries}
        self._held: dict[str, Meaning] = {}

    def _add(self, reason: str, strength: str, entries: Iterable[str]) -> None:
        for entry in entries:
            stem = entry.rstrip("*")
            rule = NameRule(reason, f"name-{stem}", self.weights[strength], STRENGTHS[strength], strength == "short")
            if entry.endswith("*"):
                self._stems.setdefault(stem[:_STEM], []).append((stem, rule))
            else:
                self._words[tuple(entry.split("-"))] = rule

    def meanings(self, names: Iterable[str]) -> list[Meaning]:
        """What each of some class, id or role words says."""
        held = self._held
        return [held.get(name) or self._new(name) for name in names]

    def _new(self, name: str) -> Meaning:
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
        found = self._held[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> Meaning:
        parts = [part for part in _CUT.split(name) if part][:_MOST_PARTS]
        rules: list[NameRule] = []
        hints: dict[str, None] = {}
        for at, part in enumerate(parts):
            for stem, rule in self._stems.get(part[:_STEM], ()):
                if part.startswith(stem):
                    rules.append(rule)
            for key in ((part,), tuple(parts[at:at + 2]), tuple(parts[at:at + 3])):
                if key in self._words:
                    rules.append(self._words[key])
                if key in self._hints:
                    hints[self._hints[key]] = None
        return Meaning(tuple(dict.fromkeys(rules)), tuple(hints), _MADE_UP.sub("", name), bool(rules or hints))
