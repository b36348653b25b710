"""Phrase rules from data files. They are checked when loaded, and matched against a block's own voice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from copydesk import BlockKind, Document, fold_text
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.phrases.needed_words import Needs
from copydesk_plugins.shared.prose import sentences

MOST_WORDS = 60
"""Words of a block that a rule looks at, when the rule states no other number."""
MOST_CHARACTERS_A_WORD = 12
"""Texts with more characters for each of a rule's words are not looked at."""
SLOT = re.compile(r"<([a-z]{1,20})>")
"""A slot in a pattern."""
REASON = re.compile(r"[a-z][a-z_]{0,39}")
"""The form of a reason."""
ESCAPED = re.compile(r"\\.", re.DOTALL)
"""An escaped character of a pattern."""
IN_CLASS = re.compile(r"\[\^?\]?[^\]]{0,2000}\]")
"""A class of characters in a pattern."""
UNBOUNDED = re.compile(r"[*+]|\{\d{0,9},\}")
"""A repetition without an upper bound."""
KEYS = {"rule", "reason", "weight", "needs", "pattern", "hit", "hits", "miss", "misses", "whole", "max_words", "unless"}
"""What a rule in a data file may have."""
REQUIRED = ("rule", "reason", "weight", "needs", "pattern", "hit", "miss")
"""What it must have."""
KEPT_LANGUAGES = 16
"""Combinations of languages whose rules are kept."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase, and what it shows.

    Attributes:
        name: its name, unique among the rules of a language.
        reason: what a hit shows the block to be.
        weight: how surely, above 0 to 1.
        needs: strings of which a text must have one; folded.
        pattern: what it searches in folded text.
        whole: whether the pattern must match all of the text, quotations included, not only a part of the block's own voice.
        max_words: words of the longest block that it looks at.
        unless: a pattern that must not match; None when there is none.
        hits: texts that it must hit.
        misses: texts that it must not hit.
    """

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
        if voice.words > self.max_words:
            return False
        text = voice.full if self.whole else voice.own
        if len(text) > self.max_words * MOST_CHARACTERS_A_WORD:
            return False
        if not self.may_hit(text):
            return False
        found = self.pattern.fullmatch(text) if self.whole else self.pattern.search(text)
        return bool(found) and not (self.unless and self.unless.search(text))

    def may_hit(self, folded: str) -> bool:
        """Whether a folded text has one of the strings that the rule needs."""
        for need in self.needs:  # noqa: SIM110  # a loop is quicker than any() here, and this runs a hundred times a page
            if need in folded:
                return True
        return False


class Voice:
    """What a block says, folded: in full, and in its writer's own words without quotations.

    Attributes:
        full: all of the text, folded.
        words: its number of words.
    """

    __slots__ = ("_own", "_text", "full", "words")

    def __init__(self, text: str, full: str, count: int) -> None:
        self._text, self.full, self.words = text, full, count
        self._own: str | None = None

    @property
    def own(self) -> str:
        """The text without quotations, folded. A text that is one quotation has no voice of its own."""
        if self._own is None:
            bare = sentences.without_quotations(self._text)
            self._own = self.full if bare == self._text else fold_text(bare)
        return self._own


def voice_of(text: str) -> Voice:
    """The voice of a text."""
    return Voice(text, fold_text(text), sentences.count_words(text))


class Phrases:
    """The rules of the data files ``phrases_<language>.toml``, and more rules."""

    def __init__(self, languages: Sequence[str], more: Sequence[Rule] = ()) -> None:
        files = {f"phrases_{language}": load(f"phrases_{language}") for language in languages}
        self.rules = (*(rule for name, data in files.items() for rule in read_rules(data, name)), *more)
        self.attributions = tuple(compile_bounded(data["attribution"], f"{name}, attribution")
                                  for name, data in files.items() if "attribution" in data)
        self.longest = max((rule.max_words for rule in self.rules), default=0)
        self.needs = Needs(rule.needs for rule in self.rules)

    def reports(self, text: str) -> bool:
        """Whether a text's own voice names who said something. News does that; offers do not."""
        own = voice_of(text[:MOST_WORDS * 2 * MOST_CHARACTERS_A_WORD]).own
        return any(pattern.search(own) for pattern in self.attributions)

    def candidates(self, folded: str) -> Iterator[Rule]:
        """The rules of which a folded text has a needed word or sign."""
        return map(self.rules.__getitem__, self.needs.met(folded))

    def hits(self, text: str) -> tuple[Rule, ...]:
        """The rules that hit a text, in the order of the data files."""
        if len(text) > self.longest * MOST_CHARACTERS_A_WORD:
            return ()
        return self._matching(text, fold_text(text), sentences.count_words(text))

    def _matching(self, text: str, folded: str, count: int) -> tuple[Rule, ...]:
        """The rules that hit a text, given its folded form and its number of words."""
        possible = self.needs.met(folded) if count <= self.longest else None
        if not possible:
            return ()
        voice = Voice(text, folded, count)
        return tuple([rule for place in sorted(possible) if count <= (rule := self.rules[place]).max_words and rule.matches(voice)])

    def on(self, document: Document) -> dict[int, tuple[Rule, ...]]:
        """The rules that hit blocks outside a page's frame and tables, by the block's index.

        Call it as ``document.once(phrases.on)``, since several plugins ask.
        """
        frame, most = document.frame, self.longest * MOST_CHARACTERS_A_WORD
        found: dict[int, tuple[Rule, ...]] = {}
        for block, folded, count in zip(document.blocks, document.folded, document.word_counts, strict=True):
            if block.index not in frame and block.kind is not BlockKind.TABLE_ROW and len(block.text) <= most:
                rules = self._matching(block.text, folded, count)
                if rules:
                    found[block.index] = rules
        return found


@lru_cache(KEPT_LANGUAGES)
def phrases_of(*languages: str) -> Phrases:
    """The rules of some languages. They are read once, and a page's hits serve all plugins that ask."""
    return Phrases(languages)


def read_rules(data: Mapping[str, Any], origin: str) -> list[Rule]:
    """The rules of one data file.

    Raises:
        ValueError: a rule lacks a key or has an unknown one, its reason or weight is out of form, or its pattern is unbounded.
    """
    slots = read_slots(data.get("slots", {}), origin)
    return [read_rule(entry, slots, origin) for entry in data["rules"]]


def read_slots(given: Mapping[str, str], origin: str) -> dict[str, str]:
    """The slots of a file; each may use those before it.

    Raises:
        ValueError: a slot names one that is not there.
    """
    slots: dict[str, str] = {}
    for name, pattern in given.items():
        slots[name] = fill(pattern, slots, f"{origin}, slot {name}")
    return slots


def fill(pattern: str, slots: Mapping[str, str], origin: str) -> str:
    """A pattern with its slots filled in.

    Raises:
        ValueError: the pattern names a slot that is not there.
    """
    def slot(match: re.Match[str]) -> str:
        if match[1] not in slots:
            raise ValueError(f"{origin}: no slot named {match[1]!r} (there are: {', '.join(slots)})")
        return slots[match[1]]

    return SLOT.sub(slot, pattern)


def read_rule(entry: Mapping[str, Any], slots: Mapping[str, str], origin: str) -> Rule:
    """The rule of one entry.

    Raises:
        ValueError: as `read_rules` says.
    """
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
        ValueError: the pattern is no regular expression, or has a repetition without an upper bound.
    """
    if UNBOUNDED.search(IN_CLASS.sub("", ESCAPED.sub("", pattern))):
        raise ValueError(f"{where}: a repetition has no upper bound")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{where}: {error}") from error
