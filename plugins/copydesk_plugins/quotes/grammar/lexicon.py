"""Makes the words by which English quotations are read ready for lookup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

VOWELS = "aeiou"
"""Letters behind which a final y stays ("plays")."""
TAGS = ("subordinators", "conjunctions", "prepositions", "determiners", "auxiliaries", "adverbs", "times", "relatives", "subject_pronouns")
"""Word lists that give a token its tag. Where a word stands in several, the later list wins."""
MONTHS = frozenset({"may", "april", "june", "august"})
"""Words of time that are first names too, and so no mere words of grammar."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a reporting verb.

    Attributes:
        base: its base form.
        group: ``speech``, ``naming`` or ``thought``.
        form: ``base``, ``s``, ``past`` or ``ing``.
    """

    base: str
    group: str
    form: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Lookup tables.

    Attributes:
        verbs: reporting verbs by form.
        tags: grammar tags by word.
        words: word lists by name.
        run: the pattern of a run of capitalised words.
        confidence: how often the speaker is right, 0 to 1, by sentence pattern: for a name, and for a phrase.
        sources: phrases in front of a source, by their first word.
        before_names: last words of phrases that only a name may follow.
    """

    verbs: Mapping[str, Verb]
    tags: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    run: re.Pattern[str]
    confidence: Mapping[str, tuple[float, float]]
    sources: Mapping[str, tuple[str, ...]]
    before_names: frozenset[str]


def build(data: Mapping[str, Any]) -> Lexicon:
    """Make the lexicon from the contents of ``quotes_en.toml``."""
    words = {name: frozenset(values) for name, values in data["words"].items()}
    words["all_titles"] = words["titles"] | words["he_titles"] | words["she_titles"] | words["he_nouns"] | words["she_nouns"]
    words["addresses"] = words["he_titles"] | words["she_titles"] | {"dr", "prof"}
    words["organisations"] -= words["first_names"]
    words["reduced"] = frozenset(data["reduced"])
    tags: dict[str, str] = {}
    for name in TAGS:
        tags.update(dict.fromkeys(words[name], name))
    verbs: dict[str, Verb] = {}
    for group in ("thought", "naming", "speech"):
        for base in data[group]:
            verbs.update({form: Verb(base, group, kind) for form, kind in _forms(base, data["irregular"].get(base, ()))})
    for word in (*tags, *words["not_verbs"]):
        verbs.pop(word, None)
    for word in words["common_verbs"]:
        tags.setdefault(word, "verbish")
    words["grammar"] = frozenset(word for word in tags if word not in MONTHS) | (words["openers"] - frozenset(tags))
    confidence = {pattern: (named, phrase) for pattern, (named, phrase) in data["confidence"].items()}
    sources = {words[0]: tuple(words) for words in (phrase.split() for phrase in data["phrases"]["before_source"])}
    return Lexicon(verbs, tags, words, _run_pattern(words), confidence, sources, frozenset(data["phrases"]["before_names"]))


def _run_pattern(words: Mapping[str, frozenset[str]]) -> re.Pattern[str]:
    """The pattern of up to ten capitalised words with short joining words. A full stop stands only behind initials and abbreviations."""
    short = "|".join(sorted((word.capitalize() for word in words["abbreviations"]), key=lambda word: (-len(word), word)))
    articles = "|".join(sorted(words["name_articles"]))
    upper = "A-ZÀ-ÖØ-Þ"
    capital = rf"(?:(?:{short})\.|(?:[{upper}]\.){{1,4}}|(?:(?:{articles})-)?[{upper}]\w{{0,30}}(?:[-'’&](?!s\b)\w{{1,30}}){{0,4}})"
    small = r"(?:[a-z]{1,3}[ \u00a0]){0,2}"
    return re.compile(rf"(?<![\w@#]){capital}(?:[ \u00a0]{small}{capital}){{0,9}}")


def _forms(base: str, irregular: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The forms of a verb with their kind. An irregular form replaces the regular one of its kind."""
    stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
    forms = {base: "base", _third(base): "s", stem + "ing": "ing"}
    listed = {form: _kind(form) for form in irregular}
    if "past" not in listed.values():
        forms[stem + "ed"] = "past"
    if "ing" in listed.values():
        del forms[stem + "ing"]
    return {**forms, **listed}.items()


def _kind(form: str) -> str:
    if form.endswith("ing"):
        return "ing"
    return "s" if form.endswith("ies") else "past"


def _third(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in VOWELS:
        return base[:-1] + "ies"
    return base + "s"
