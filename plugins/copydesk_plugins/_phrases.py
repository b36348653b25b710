"""Phrase rules from data files: checked when loaded, matched against a block's own voice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copydesk import fold_text
from copydesk_plugins import _shape
from copydesk_plugins._data import load

MOST_WORDS = 60
MOST_CHARACTERS_A_WORD = 12
SLOT = re.compile(r"<([a-z]{1,20})>")
REASON = re.compile(r"[a-z][a-z_]{0,39}")
ESCAPED = re.compile(r"\\.", re.DOTALL)
IN_CLASS = re.compile(r"\[\^?\]?[^\]]{0,2000}\]")
UNBOUNDED = re.compile(r"[*+]|\{\d{0,9},\}")
KEYS = {"rule", "reason", "weight", "needs", "pattern", "hit", "hits", "miss", "misses", "whole", "max_words", "unless"}
REQUIRED = ("rule", "reason", "weight", "needs", "pattern", "hit", "miss")


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase: what it shows (``reason``), how surely (``weight``), and texts it must and must not hit."""

    name: str
    reason: str
    weight: float
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    whole: bool
    max_words: int
    unless: re.Pattern[str] | None
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    def matches(self, voice: Voice) -> bool:
        """Whether the rule hits a block's own voice."""
        text = voice.full if self.whole else voice.own
        if voice.words > self.max_words or len(text) > self.max_words * MOST_CHARACTERS_A_WORD:
            return False
        if not any(need in text for need in self.needs):
            return False
        found = self.pattern.fullmatch(text) if self.whole else self.pattern.search(text)
        return bool(found) and not (self.unless and self.unless.search(text))


@dataclass(frozen=True, slots=True)
class Voice:
    """What a block says, folded: in full, and in its writer's own words without quotations; and its number of words."""

    full: str
    own: str
    words: int


def voice_of(text: str) -> Voice:
    """The voice of a text. A text that is one quotation speaks in no voice of its own."""
    full = fold_text(text)
    bare = _shape.without_quotations(text)
    return Voice(full, full if bare == text else fold_text(bare), _shape.count_words(text))


class Phrases:
    """The rules of some data files (``phrases_<language>.toml``)."""

    def __init__(self, languages: Sequence[str]) -> None:
        files = {f"phrases_{language}": load(f"phrases_{language}") for language in languages}
        self.rules = tuple(rule for name, data in files.items() for rule in read_rules(data, name))
        self.attributions = tuple(compile_bounded(data["attribution"], f"{name}, attribution")
                                  for name, data in files.items() if "attribution" in data)
        self.longest = max((rule.max_words for rule in self.rules), default=0)
        self.needs = self._needs()

    def _needs(self) -> tuple[tuple[str, int, tuple[int, ...]], ...]:
        """Each needed string with the longest block that it can serve and the rules that need it, the longest first."""
        users: dict[str, list[int]] = {}
        for position, rule in enumerate(self.rules):
            for need in rule.needs:
                users.setdefault(need, []).append(position)
        return tuple(sorted(((need, max(self.rules[position].max_words for position in positions), tuple(positions))
                             for need, positions in users.items()), key=lambda item: -item[1]))

    def reports(self, text: str) -> bool:
        """Whether a text's own voice says who said something, as news does and offers don't."""
        own = voice_of(text[:MOST_WORDS * 2 * MOST_CHARACTERS_A_WORD]).own
        return any(pattern.search(own) for pattern in self.attributions)

    def hits(self, text: str) -> Iterator[Rule]:
        """The rules that hit a text, in the order of the data files."""
        if len(text) > self.longest * MOST_CHARACTERS_A_WORD or _shape.count_words(text) > self.longest:
            return
        voice = voice_of(text)
        possible: set[int] = set()
        for need, most, positions in self.needs:
            if most < voice.words:
                break
            if need in voice.full:
                possible.update(positions)
        for position in sorted(possible):
            if self.rules[position].matches(voice):
                yield self.rules[position]


def read_rules(data: Mapping[str, Any], origin: str) -> list[Rule]:
    """The rules of one data file.

    Raises:
        ValueError: a rule lacks a key or has an unknown one, its reason or weight is out of form, or its pattern is unbounded.
    """
    slots: dict[str, str] = {}
    for name, pattern in data.get("slots", {}).items():
        slots[name] = fill(pattern, slots, f"{origin}, slot {name}")
    return [_rule(entry, slots, origin) for entry in data["rules"]]


def fill(pattern: str, slots: Mapping[str, str], origin: str) -> str:
    """A pattern with its slots filled in."""
    def slot(match: re.Match[str]) -> str:
        if match[1] not in slots:
            raise ValueError(f"{origin}: no slot named {match[1]!r} (there are: {', '.join(slots)})")
        return slots[match[1]]

    return SLOT.sub(slot, pattern)


def _rule(entry: Mapping[str, Any], slots: Mapping[str, str], origin: str) -> Rule:
    where = f"{origin}, rule {entry.get('rule', '?')!r}"
    missing = [key for key in REQUIRED if key not in entry]
    unknown = sorted(set(entry) - KEYS)
    if missing or unknown:
        raise ValueError(f"{where}: missing {missing}, unknown {unknown}")
    if not REASON.fullmatch(entry["reason"]) or not 0.0 < entry["weight"] <= 1.0:
        raise ValueError(f"{where}: reason {entry['reason']!r} or weight {entry['weight']} is out of form")
    unless = entry.get("unless")
    return Rule(
        name=entry["rule"], reason=entry["reason"], weight=entry["weight"], needs=tuple(entry["needs"]),
        pattern=compile_bounded(fill(entry["pattern"], slots, where), where), whole=entry.get("whole", False),
        max_words=entry.get("max_words", MOST_WORDS), unless=compile_bounded(unless, where) if unless else None,
        hits=(entry["hit"], *entry.get("hits", ())), misses=(entry["miss"], *entry.get("misses", ())))


def compile_bounded(pattern: str, where: str) -> re.Pattern[str]:
    """A compiled pattern.

    Raises:
        ValueError: it is no regular expression, or has a repetition without an upper bound.
    """
    if UNBOUNDED.search(IN_CLASS.sub("", ESCAPED.sub("", pattern))):
        raise ValueError(f"{where}: a repetition has no upper bound")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{where}: {error}") from error
