"""Reads what the names of elements say about the blocks inside: reasons (``data/layout.toml``) and hints (``data/block_names.toml``)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copydesk_plugins.shared.facts.loading import load

_MADE_UP = re.compile(r"[0-9]+")
"""Numbers in a name, which templates make up."""
_MOST_PARTS = 12
"""Parts of a name that are looked at."""
_STEM = 4
"""Characters of a stem by which it is filed; no stem is shorter."""
_MOST_HELD = 40_000
"""Names that are remembered."""
_LONGEST = 100
"""Characters of a name that is looked at and remembered."""
WRAPPER = 0.85
"""A name that holds more than this share of the page's running text wraps the page, and says nothing."""
_WIDE = (0.15, 0.4)
"""Shares of the running text from which on a name says less."""
_STRONG = 0.7
"""Weight of a rule that is surely against a block."""
STRENGTHS = {"weak": 1, "short": 2, "sure": 3, "always": 3}
"""What a rule's strength counts in the code of a name."""
_NEARLY_ALL = 0.95
"""Share of the running text up to which a rule of the strength "always" counts."""
_STRENGTH_STEPS, _HINT_TOP = 3, 3
"""Strengths of a rule, and the code of a hint that holds little running text."""
_MOST_WIDE = len(_WIDE)
"""The width of a name that says least."""
_LONGEST_ENTRY = 3
"""Parts of the longest entry in the data files."""


@dataclass(slots=True, eq=False)
class NameRule:
    """A reason that a name gives for the blocks inside.

    Attributes:
        reason: what the blocks inside are.
        name: the rule's name.
        weight: how surely, 0 to 1.
        strength: the same as a whole number (`STRENGTHS`).
        short: whether it counts for short blocks only.
        always: whether it counts also where the name holds most of the text.
    """

    reason: str
    name: str
    weight: float
    strength: int
    short: bool = False
    always: bool = False


@dataclass(slots=True, eq=False)
class Said:
    """What a name says on one page.

    Attributes:
        codes: what the name is about, each with a code that is larger the surer it is.
        rules: its rules with a reason.
        bad: whether one of these is surely against the blocks inside.
    """

    codes: tuple[tuple[str, int], ...] = ()
    rules: tuple[NameRule, ...] = ()
    bad: bool = False


@dataclass(slots=True, eq=False)
class Meaning:
    """All that one name or tag can say.

    Attributes:
        rules: its rules with a reason.
        hints: its hints.
        plain: the name without its numbers; empty for a tag.
        speaks: whether it says anything.
        said: what it says where it holds no running text.
    """

    rules: tuple[NameRule, ...]
    hints: tuple[str, ...]
    plain: str
    speaks: bool
    said: Said


def said_of(rules: Sequence[NameRule], hints: Sequence[str], share: float, tag: bool = False) -> Said:
    """What a name says that holds ``share`` (0 to 1) of the page's running text. The more it holds, the less it says."""
    voting = tuple([rule for rule in rules if rule.reason == "article" or (rule.always and share <= _NEARLY_ALL)])
    if share > WRAPPER:
        return Said(rules=voting, bad=any(rule.always for rule in voting))
    width = bisect_right(_WIDE, share)
    against = tuple([rule for rule in rules if rule.reason != "article" and not rule.always]) if width < _MOST_WIDE else ()
    bad = any(rule.weight >= _STRONG and not rule.short for rule in (*voting, *against) if rule.reason != "article")
    codes = [(rule.reason, _STRENGTH_STEPS * (_MOST_WIDE - width) + rule.strength) for rule in rules]
    codes += [("~" + hint, _HINT_TOP - width) for hint in hints]
    return Said(() if tag else tuple(codes), voting + against, bad)


_SILENT = Said()
"""What a name without rules and hints says."""
_UNKNOWN = Meaning((), (), "", False, _SILENT)
"""The meaning of a name that is too long."""


class ElementNames(dict[str, Meaning]):
    """What each class, id or role word says. Words of earlier pages are remembered, up to a bound.

    A page uses one map. When the map is full, `for_page` gives a new one, since a page may still be using the old one.
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
        self._silent = {""}  # parts of names with which no entry begins
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
        """The rules and hints of all entries that match parts of a name, each once."""
        rules: list[NameRule] = []
        hints: dict[str, None] = {}
        for at, part in enumerate(parts):
            if part in self._silent:
                continue
            for stem, rule in self._stems.get(part[:_STEM], ()):
                if part.startswith(stem):
                    rules.append(rule)
            if part in self._first:
                for entry in ((part,), tuple(parts[at:at + 2]), tuple(parts[at:at + _LONGEST_ENTRY])):
                    if entry in self._words:
                        rules.append(self._words[entry])
                    if entry in self._hints:
                        hints[self._hints[entry]] = None
            elif part[:_STEM] not in self._stems:
                self._silent.add(part)
        return tuple(dict.fromkeys(rules)), tuple(hints)


def _tag(rule: NameRule) -> Meaning:
    return Meaning((rule,), (), "", True, said_of((rule,), (), 0.0, tag=True))
