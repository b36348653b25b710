"""Tells the language of a text by its script and its commonest words (``data/common_words.toml``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from copydesk import Block, Document
from copydesk_plugins.shared.facts.loading import load

LEAST_SHARE = 0.06
"""Share of a text's words that are common in its stated language; with fewer the statement is doubted."""
CLEAR_SHARE = 0.15
"""Share of a text's words that are common in a language, from which on they alone tell it."""
SCRIPT_SHARE = 0.2
"""Share of a text's letters in a script that tells a language."""
CLEAR_LEAD = 2
"""How many times as many common words the language must have as the next one."""


@dataclass(frozen=True)
class _Facts:
    """``codes``: the languages that a word is common in; ``telling``: the languages that words alone can tell.

    ``scripts``: letters that only one language has; ``relatives``: words that only one of a group of close languages has.
    """

    codes: Mapping[str, tuple[str, ...]]
    telling: frozenset[str]
    scripts: Mapping[str, re.Pattern[str]]
    relatives: tuple[Mapping[str, frozenset[str]], ...]


@lru_cache(1)
def _facts() -> _Facts:
    data = load("common_words")
    codes: dict[str, tuple[str, ...]] = {}
    for code, listed in (*data["languages"].items(), *data["confirming"].items()):
        for word in listed.split():
            codes[word] = (*codes.get(word, ()), code)
    return _Facts(codes, frozenset(data["languages"]), {code: re.compile(f"[{form}]") for code, form in data["scripts"].items()},
                  tuple({code: frozenset(listed.split()) for code, listed in group.items()} for group in data["relatives"]))


def word_count(document: Document) -> int:
    """How many words of a page's running text the functions here look at."""
    return len(document.once(_words))


def agrees(code: str, document: Document) -> bool:
    """Whether a text fits a language: enough of its words are common there, or only that language has its letters."""
    share = document.once(_shares).get(code)
    return share >= LEAST_SHARE if share is not None else document.once(language_by_script) == code


def language_by_words(document: Document) -> str | None:
    """The language of which a page's text has many common words, and twice as many as of any other.

    Call it through ``document.once``.
    """
    shares = document.once(_shares)
    telling = sorted(((shares.get(code, 0.0), code) for code in _facts().telling), reverse=True)
    return telling[0][1] if telling[0][0] >= CLEAR_SHARE and telling[0][0] >= CLEAR_LEAD * telling[1][0] else None


def language_by_script(document: Document) -> str | None:
    """The only language that is written in the letters of a page's text; None when several are. Call it through ``document.once``."""
    text = document.once(sample)
    if text.isascii():
        return None
    letters = sum(map(str.isalpha, text))
    return next((code for code, form in _facts().scripts.items() if len(form.findall(text)) >= SCRIPT_SHARE * max(1, letters)), None)


def relative(code: str, document: Document) -> str:
    """A language, or a close one when the text has more of the words that only the close one has."""
    found = document.once(_words)
    for group in _facts().relatives:
        if code in group:
            return max(group, key=lambda each: (sum(word in group[each] for word in found), each == code))
    return code


def _words(document: Document) -> tuple[str, ...]:
    return tuple(document.once(sample).lower().split())


def _shares(document: Document) -> dict[str, float]:
    """The share of a text's words that are common in each language."""
    words, codes = document.once(_words), _facts().codes
    counted = Counter(code for word in words for code in codes.get(word, ()))
    return {code: count / len(words) for code, count in counted.items()}


MOST_CHARACTERS = 2_000
"""Characters of a page's text that are looked at."""
LEAST_BLOCK = 60
"""Characters of a block that counts as running text."""
MOST_OF_BLOCK = 500
"""Characters of a block that are looked at."""
MOST_LINKED = 0.3
"""Share of a block's characters in links, from which on it is no running text."""


def sample(document: Document) -> str:
    """The beginning of a page's running text, at most `MOST_CHARACTERS` characters."""
    pieces: list[str] = []
    size = 0
    for block in document.blocks:
        if _is_running(block):
            pieces.append(block.text[:MOST_OF_BLOCK])
            size += len(pieces[-1])
            if size >= MOST_CHARACTERS:
                break
    return " ".join(pieces)[:MOST_CHARACTERS]


def _is_running(block: Block) -> bool:
    return len(block.text) >= LEAST_BLOCK and block.link_density < MOST_LINKED
