"""The language of a text by its commonest words (``data/common_words.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from copydesk import Document
from copydesk_plugins._data import load
from copydesk_plugins._sample import sample

LEAST_SHARE = 0.06
CLEAR_SHARE = 0.15


@lru_cache(1)
def common_words() -> Mapping[str, frozenset[str]]:
    """The commonest words by language."""
    return {code: frozenset(listed.split()) for code, listed in load("common_words")["languages"].items()}


def sample_words(document: Document) -> tuple[str, ...]:
    """The words of a page's running text in lower case. Ask by ``document.once``."""
    return tuple(document.once(sample).lower().split())


def agrees(code: str, found: tuple[str, ...]) -> bool:
    """Whether enough of a text's words are the commonest of a language."""
    common = common_words().get(code)
    return common is not None and sum(word in common for word in found) >= LEAST_SHARE * len(found)


def language_by_words(document: Document) -> str | None:
    """The language whose common words are many in a page's text, and twice as many as any other's. Ask by ``document.once``."""
    found = document.once(sample_words)
    if not found:
        return None
    shares = sorted(((sum(word in common for word in found) / len(found), code) for code, common in common_words().items()), reverse=True)
    return shares[0][1] if shares[0][0] >= CLEAR_SHARE and shares[0][0] >= 2 * shares[1][0] else None
