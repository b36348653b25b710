"""What the names of elements say about the blocks inside them: reasons (`data/layout.toml`) and hints (`data/block_names.toml`)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copydesk_plugins.shared.facts.loading import load

_MADE_UP = re.compile(r"[0-9]+")
_MOST_PARTS = 12
_STEM = 4
_MOST_HELD = 40_000
_LONGEST = 100  # characters of a name that is looked at, and held
WRAPPER = 0.85
_WIDE = (0.15, 0.4)
_STRONG = 0.7
STRENGTHS = {"weak": 1, "short": 2, "sure": 3, "always": 3}
_NEARLY_ALL = 0.95


@dataclass(slots=True, eq=False)
class NameRule:
    """What a name says: a reason, how sure, whether for short blocks only, and whether also where it holds most of the text."""

    reason: str
    name: str
    weight: float
    strength: int
    short: bool = False
    always: bool = False


@dataclass(slots=True, eq=False)
class Said:
    """What a name says on a page: codes of what it is about, rules with a reason, and whether one of these is surely against it."""

    codes: tuple[tuple[str, int], ...] = ()
    rules: tuple[NameRule, ...] = ()
    bad: bool = False


@dataclass(slots=True, eq=False)
class Meaning:
    """All that one name (or tag: no hints, ``plain`` empty) says: rules with a reason, hints, and the name without its numbers.

    ``speaks`` when it says anything; ``said`` is what it says where it holds no running text.
    """

    rules: tuple[NameRule, ...]
    hints: tuple[str, ...]
    plain: str
    speaks: bool
    said: Said


def said_of(rules: Sequence[NameRule], hints: Sequence[str], share: float, tag: bool = False) -> Said:
    """What a name says that holds a share of the page's running text: the more it holds, the less; nothing when it is a wrapper."""
    voting = tuple([rule for rule in rules if rule.reason == "article" or (rule.always and share <= _NEARLY_ALL)])
    if share > WRAPPER:
        return Said(rules=voting, bad=any(rule.always for rule in voting))
    width = bisect_right(_WIDE, share)
    against = tuple([rule for rule in rules if rule.reason != "article" and not rule.always]) if width < 2 else ()
    bad = any(rule.weight >= _STRONG and not rule.short for rule in (*voting, *against) if rule.reason != "article")
    codes = [(rule.reason, 3 * (2 - width) + rule.strength) for rule in rules] + [("~" + hint, 3 - width) for hint in hints]
    return Said(() if tag else tuple(codes), voting + against, bad)


_SILENT = Said()
_UNKNOWN = Meaning((), (), "", False, _SILENT)


class ElementNames(dict[str, Meaning]):
    """What each class, id or role word says; those of pages past are held, up to a bound.

    A page keeps to one map: `for_page` gives an empty one in its place when it is full, and never changes one that a page may be using.
    """

    def __init__(self, most: int = _MOST_HELD) -> None:
        super().__init__()
        self._most = most
        data = load("layout")
        self.weights: dict[str, float] = data.pop("weights")
        self.limits: dict[str, float] = data.pop("limits")
        tags = data.pop("tags")
        self.tags = {tag: _tag(NameRule(reason, f"tag-{tag}", self.weights[strength], STRENGTHS[strength]))
                     for strength, named in tags.items() for tag, reason in named.items()}
        self._words: dict[tuple[str, ...], NameRule] = {}
        self._stems: dict[str, list[tuple[str, NameRule]]] = {}
        for reason, groups in data.items():
            for strength, entries in groups.items():
                self._add(reason, strength, entries)
        self._hints = {tuple(entry.split("-")): hint for hint, entries in load("block_names")["hints"].items() for entry in entries}
        self._first = {key[0] for key in (*self._words, *self._hints)}
        self._silent = {""}  # parts that no entry begins with
        self._said: dict[tuple[tuple[NameRule, ...], tuple[str, ...]], Said] = {}

    def _add(self, reason: str, strength: str, entries: Iterable[str]) -> None:
        for entry in entries:
            stem = entry.rstrip("*")
            rule = NameRule(reason, f"name-{stem}", self.weights[strength], STRENGTHS[strength], strength == "short", strength == "always")
            if entry.endswith("*"):
                self._stems.setdefault(stem[:_STEM], []).append((stem, rule))
            else:
                self._words[tuple(entry.split("-"))] = rule

    def for_page(self) -> ElementNames:
        """The names for the next page: these, or new ones when they have become too many."""
        return self if len(self) < self._most else ElementNames(self._most)

    def __missing__(self, name: str) -> Meaning:
        if len(name) > _LONGEST:
            return _UNKNOWN
        return self.setdefault(name, self._look_up(name))

    def _look_up(self, name: str) -> Meaning:
        plain = _MADE_UP.sub("", name)
        cut = name.replace("_", "-").replace(":", "-").replace(".", "-").split("-")
        if self._silent.issuperset(cut):
            return Meaning((), (), plain, False, _SILENT)
        parts = [part for part in cut if part][:_MOST_PARTS]
        key = self._entries(parts)
        if key == ((), ()):
            return Meaning((), (), plain, False, _SILENT)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = said_of(*key, 0.0)
        return Meaning(*key, plain, True, said)

    def _entries(self, parts: Sequence[str]) -> tuple[tuple[NameRule, ...], tuple[str, ...]]:
        """The rules and hints of the entries that match parts of a name, each once."""
        rules: list[NameRule] = []
        hints: dict[str, None] = {}
        for at, part in enumerate(parts):
            if part in self._silent:
                continue
            for stem, rule in self._stems.get(part[:_STEM], ()):
                if part.startswith(stem):
                    rules.append(rule)
            if part in self._first:
                for entry in ((part,), tuple(parts[at:at + 2]), tuple(parts[at:at + 3])):
                    if entry in self._words:
                        rules.append(self._words[entry])
                    if entry in self._hints:
                        hints[self._hints[entry]] = None
            elif part[:_STEM] not in self._stems:
                self._silent.add(part)
        return tuple(dict.fromkeys(rules)), tuple(hints)


def _tag(rule: NameRule) -> Meaning:
    return Meaning((rule,), (), "", True, said_of((rule,), (), 0.0, tag=True))
