"""Which of a page's titles is the headline, without the name of the site at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.metadata.date_choice import Note
from copydesk.model.metadata import Claim
from copydesk.text.strings import fold_text, words
from copydesk.text.urls import registrable_domain

_SEPARATOR = re.compile(r"\s(?:[|•·»«~/–—-]|::|\|\|)\s")
_TIGHT = re.compile(r"\s?(?:--|[|｜ㅣ_–—-])\s?")
_MOST_SUFFIX_WORDS = 6
_LEAST_LETTERS = 3
AGREEMENT = 2
SEARCHED = 3
_KINDS = {"h1": "visible", "label": "visible", "title": ""}


def headline(claims: Sequence[Claim], publisher: str | None, url: str | None, note: Note) -> tuple[tuple[Claim, ...], str] | None:
    """The claims that say the headline (best first) and its text; None without claims.

    The best claim wins, unless two or more others agree on another text. The window's title is what search engines are given: a text that
    agrees with it counts as less of a headline than one that does not. The site's name is cut from its end when it is
    the publisher's or the domain's name, or when another claim has the same text without it.
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
    """Say why claims lost whose rank would have let them win."""
    why = ("more kinds of places on the page agree on another text" if _agreement(best) > 0
           else "the window's title says the same, and that counts against it")
    for claim, _ in group:
        if claim.rank <= best[0][0].rank:
            note(claim, why)


def _agreement(group: Sequence[tuple[Claim, str]]) -> int:
    """How many ranks the agreement of other kinds of place is worth. What readers see is one kind; the window's title counts against."""
    kinds = {_KINDS.get(kind, kind) for kind in (claim.evidence.partition(":")[0] for claim, _ in group)}
    return AGREEMENT * max(0, len(kinds - {""}) - 1) - (SEARCHED if "" in kinds else 0)


def strip_site(text: str, others: Sequence[str], publisher: str | None, url: str | None) -> str:
    """The text without a site's name after (or before) its last (or first) separator.

    >>> strip_site("Bridge closed - The Harbor Times", [], "Harbor Times", None)
    'Bridge closed'
    """
    if not _TIGHT.search(text) and not _SEPARATOR.search(text):
        return text
    names = {letters(name) for name in (publisher, (registrable_domain(url) or "").partition(".")[0], registrable_domain(url)) if name}
    folded = {fold_text(other) for other in others}
    text = next((text[:cut.start()] for cut in _TIGHT.finditer(text) if cut.start() and fold_text(text[:cut.start()]) in folded), text)
    for _ in range(3):
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
    """Whether a title's part is a name of the site."""
    found = letters(part)
    if len(found) < _LEAST_LETTERS or len(words(part)) > _MOST_SUFFIX_WORDS:
        return False
    return any(name == found or (min(len(name), len(found)) > _LEAST_LETTERS and (name.startswith(found) or found.startswith(name)))
               for name in names if name)


def letters(text: str) -> str:
    """A name as its letters alone, without a leading "the".

    >>> letters("The Harbor-Times")
    'harbortimes'
    """
    folded = re.sub(r"\W+", "", fold_text(text))
    return folded.removeprefix("the") if len(folded) > len("the") + _LEAST_LETTERS else folded
