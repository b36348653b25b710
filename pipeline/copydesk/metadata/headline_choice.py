"""Choose the headline among the titles of a page, and cut the name of the site from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.metadata.date_choice import Note
from copydesk.model.metadata import Claim
from copydesk.text.strings import fold_text, words
from copydesk.text.urls import registrable_domain

_SEPARATOR = re.compile(r"\s(?:[|•·»«~/–—-]|::|\|\|)\s")
"""What separates a headline from the name of a site."""
_TIGHT = re.compile(r"\s?(?:--|[|｜ㅣ_–—-])\s?")
"""The same without blanks around it, which may also stand inside a headline."""
_MOST_SUFFIX_WORDS = 6
"""A part of a title with more words is no name of a site."""
_LEAST_LETTERS = 3
"""A part of a title with fewer letters is no name of a site."""
_MOST_PARTS = 3
"""Parts that are cut from a title."""
AGREEMENT = 2
"""Ranks that a headline gains for each further kind of place that has the same text."""
SEARCHED = 3
"""Ranks that a headline loses when the page's ``<title>`` has the same text."""
_KINDS = {"h1": "visible", "label": "visible", "title": ""}
"""Kinds of evidence that count as one kind of place; the empty one is the page's ``<title>``."""


def headline(claims: Sequence[Claim], publisher: str | None, url: str | None, note: Note) -> tuple[tuple[Claim, ...], str] | None:
    """Choose the headline.

    The best claim wins, unless other kinds of places agree on another text. The page's ``<title>`` is written for search engines, so a
    text that agrees with it is less likely to be the headline. `strip_site` cuts the name of the site from each text.

    Args:
        claims: the claims for the headline, best first.
        publisher: the name of the publication; None when it is unknown.
        url: the address of the page; None when it is unknown.
        note: called with each claim that is passed over, and the reason.

    Returns:
        The claims that have the headline (best first), and its text; None when no claim has words.
    """
    texts = [(claim, strip_site(str(claim.value), [str(other.value) for other in claims if other is not claim], publisher, url))
             for claim in claims]
    texts = [(claim, text) for claim, text in texts if words(text)]
    if not texts:
        return None
    groups: dict[str, list[tuple[Claim, str]]] = {}
    for claim, text in texts:
        groups.setdefault(fold_text(text), []).append((claim, text))
    best = min(groups.values(), key=lambda group: (group[0][0].rank - _agreement(group), group[0][0].rank))
    for group in groups.values():
        if group is not best and _agreement(group) < _agreement(best):
            _passed_over(group, best, note)
    return tuple(claim for claim, _ in best), best[0][1]


def _passed_over(group: Sequence[tuple[Claim, str]], best: Sequence[tuple[Claim, str]], note: Note) -> None:
    """Note why claims lost although their rank is at least as good as that of the headline."""
    why = ("more kinds of places on the page agree on another text" if _agreement(best) > 0
           else "the window's title says the same, and that counts against it")
    for claim, _ in group:
        if claim.rank <= best[0][0].rank:
            note(claim, why)


def _agreement(group: Sequence[tuple[Claim, str]]) -> int:
    """How many ranks the agreement of several kinds of places is worth. All that readers see is one kind; ``<title>`` counts against."""
    kinds = {_KINDS.get(kind, kind) for kind in (claim.evidence.partition(":")[0] for claim, _ in group)}
    return AGREEMENT * max(0, len(kinds - {""}) - 1) - (SEARCHED if "" in kinds else 0)


def strip_site(text: str, others: Sequence[str], publisher: str | None, url: str | None) -> str:
    """The text without the name of the site before its first separator or behind its last one.

    A part is cut when it is the name of the publisher or of the domain. It is also cut when another claim has the same text without it.

    Args:
        text: the title.
        others: the texts of the other claims.
        publisher: the name of the publication; None when it is unknown.
        url: the address of the page; None when it is unknown.

    >>> strip_site("Bridge closed - The Harbor Times", [], "Harbor Times", None)
    'Bridge closed'
    """
    if not _TIGHT.search(text) and not _SEPARATOR.search(text):
        return text
    names = {letters(name) for name in (publisher, (registrable_domain(url) or "").partition(".")[0], registrable_domain(url)) if name}
    folded = {fold_text(other) for other in others}
    text = next((text[:cut.start()] for cut in _TIGHT.finditer(text) if cut.start() and fold_text(text[:cut.start()]) in folded), text)
    for _ in range(_MOST_PARTS):
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            return text
        head, tail = text[:cuts[-1].start()], text[cuts[-1].end():]
        first, rest = text[:cuts[0].start()], text[cuts[0].end():]
        if _is_site(tail, names) or fold_text(head) in folded:
            text = head.strip()
        elif _is_site(first, names):
            text = rest.strip()
        else:
            return text
    return text


def _is_site(part: str, names: set[str]) -> bool:
    """Whether a part of a title is a name of the site."""
    found = letters(part)
    if len(found) < _LEAST_LETTERS or len(words(part)) > _MOST_SUFFIX_WORDS:
        return False
    return any(name == found or (min(len(name), len(found)) > _LEAST_LETTERS and (name.startswith(found) or found.startswith(name)))
               for name in names if name)


def letters(text: str) -> str:
    """The letters and digits of a folded name, without a leading "the".

    >>> letters("The Harbor-Times")
    'harbortimes'
    """
    folded = re.sub(r"\W+", "", fold_text(text))
    return folded.removeprefix("the") if len(folded) > len("the") + _LEAST_LETTERS else folded
