"""Tells how a block speaks to readers: in which person, about what, and whether it asks for something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from copydesk import fold_text
from copydesk_plugins.shared.phrases.rules import compile_bounded
from copydesk_plugins.shared.prose import sentences

WORD = re.compile(r"[a-z]{1,30}(?:['-][a-z]{1,30}){0,2}")
"""A word of folded text."""
BARE_NAME = re.compile(r"(?:[-–—] ?)?[A-Z][\w'’.-]{0,20}(?: [A-Z][\w'’.-]{0,20}){1,3}")
"""A name and nothing else."""
SIGNATURE_WORDS = 10
"""Words of the line that names who signs."""
OPENING = 200
"""Characters at a block's start that patterns of openings look at."""
MOST_TEXT = 2_000
"""Characters of a block that are looked at."""
PERSON_EVERY = 60
"""A block talks when at least one word in so many is of the first or second person."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and patterns of ``data/appeals_<language>.toml``. Patterns are for folded text.

    Attributes:
        salutation: how a letter opens.
        signature: how the line of who signs opens.
        asks: a sum of money, or a call.
        addressed: how a letter to somebody opens.
        article_end: how last lines of articles name who made them.
        persons: words of the first and the second person.
        plural: words of the first person plural.
        topics: words for what outlets write to their readers about.
        outlet: words for an outlet and what it makes.
    """

    salutation: re.Pattern[str]
    signature: re.Pattern[str]
    asks: re.Pattern[str]
    addressed: re.Pattern[str]
    article_end: re.Pattern[str]
    persons: frozenset[str]
    plural: frozenset[str]
    topics: frozenset[str]
    outlet: frozenset[str]

    @classmethod
    def read(cls, data: Mapping[str, Any], origin: str) -> Vocabulary:
        """The vocabulary of a data file.

        Raises:
            ValueError: a pattern is no regular expression, or is unbounded.
        """
        patterns = {name: compile_bounded(data[name], f"{origin}, {name}")
                    for name in ("salutation", "signature", "asks", "addressed", "article_end")}
        return cls(**patterns, persons=frozenset(data["first_person"]) | frozenset(data["second_person"]),
                   plural=frozenset(data["first_plural"]), topics=frozenset(data["topics"]), outlet=frozenset(data["outlet"]))


class Speech:
    """How one block speaks. Each fact is worked out when it is first asked for; of most blocks few are."""

    def __init__(self, text: str, folded: str, vocabulary: Vocabulary) -> None:
        self._text, self._opening, self._known = text, folded[:OPENING], vocabulary

    @cached_property
    def _own(self) -> str:
        return fold_text(sentences.without_quotations(self._text[:MOST_TEXT]))

    @cached_property
    def _voice(self) -> list[str]:
        return WORD.findall(self._own)

    @cached_property
    def signature(self) -> bool:
        """Whether the block is the line of who signs."""
        return sentences.count_words(self._text) <= SIGNATURE_WORDS and bool(self._known.signature.match(self._opening))

    @cached_property
    def talks(self) -> bool:
        """Whether the block speaks of its writer or to its reader."""
        person = sum(map(self._known.persons.__contains__, self._voice))
        return person * PERSON_EVERY >= max(1, len(self._voice)) and person > 0

    @cached_property
    def plural(self) -> bool:
        """Whether it speaks as "we"."""
        return not self._known.plural.isdisjoint(self._voice)

    @cached_property
    def topics(self) -> int:
        """How many different words it has for what outlets write to their readers about."""
        return len(self._known.topics.intersection(self._voice))

    @cached_property
    def outlet(self) -> bool:
        """Whether it speaks of an outlet or of what an outlet makes."""
        return not self._known.outlet.isdisjoint(self._voice)

    @cached_property
    def asks(self) -> bool:
        """Whether it names a sum of money or calls for something."""
        return bool(self._known.asks.search(self._own))

    @cached_property
    def addressed(self) -> bool:
        """Whether it opens as a letter to somebody."""
        return bool(self._known.addressed.match(self._opening))

    @cached_property
    def ends_article(self) -> bool:
        """Whether it names who made an article, as last lines do."""
        return bool(self._known.article_end.search(self._opening))

    @cached_property
    def bare_name(self) -> bool:
        """Whether it is a name and nothing else."""
        return bool(BARE_NAME.fullmatch(self._text))
