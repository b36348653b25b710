"""Claims what addresses say: the date in their path, and in a plain-text scrape which address in the text is the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk import Block, Claim, Document, Field, When, canonicalise, fold_text, hookimpl, is_front_page, is_public, when_on, words
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.structured.json_ld_article import own_addresses

URL_DATE_RANK = 45
"""Rank of a date in a path."""
TEXT_RANK = 40
"""Rank of an address that fits well as the page's own."""
SOLE_RANK = 48
"""Rank of one that fits less well."""
MOST_LINE = 400
"""Characters of a line with the page's address."""
LEAST_SHARED = 2
"""Score of an address that fits well; also the words that one must share with the headline when no line announces it."""
ANNOUNCED = 3
"""Score of an address that a line announces as the page's own."""
MOST_PATH, MOST_AROUND, MOST_BESIDE, MOST_OPENING = 1_000, 200, 40, 300
"""Characters that are looked at of a path, of the lines before an address, beside the address on its line, and of the first block."""
MONTHS = 12
"""In a year."""
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]{4,1000}", re.I)
"""An address of the web."""
_YEAR = r"(?P<year>199\d|20[0-4]\d)"
"""Parts of a date, from 1990 to 2049."""
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_PATHS = tuple(re.compile(form) for form in (
    rf"/{_YEAR}/{_MONTH}/{_DAY}(?=[/._-]|$)",
    rf"/{_YEAR}/(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/._-]|$)",
    rf"/{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?=[/._T-]|$)",
    rf"[_.-]{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?=[/._T]|$)",
    rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/._-]|$)",
    rf"[-_.]{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/._-]|$)",
    rf"/{_YEAR}[._](?P<month>0[1-9]|1[0-2])[._](?P<day>0[1-9]|[12]\d|3[01])(?=[/._-]|$)",
    rf"/(?P<day>0?[1-9]|[12]\d|3[01])/{_MONTH}/{_YEAR}(?=/|$)",
    rf"[/_-](?P<day>0?[1-9]|[12]\d|3[01])-{_MONTH}-{_YEAR}(?=[/._]|$)",
))
"""The forms of a date in a path."""
_DAY_FIRST = 2
"""How many of the last forms may have the day first. Only a number over 12, or twice the same number, shows that."""


class Plugin:
    """Makes claims of addresses."""

    def __init__(self) -> None:
        data = load("url_cues")
        self.months = {name: number for number, forms in enumerate(load("months")["paths"]["months"], start=1) for name in forms.split()}
        names = "|".join(sorted(self.months, key=len, reverse=True))
        self.named = (re.compile(rf"/{_YEAR}/(?P<name>{names})/{_DAY}(?=[/._-]|$)"),
                      re.compile(rf"/{_DAY}[-/](?P<name>{names})[-/]{_YEAR}(?=[/._-]|$)"))
        self._cue = re.compile("|".join(f"(?:{cue})" for cue in data["own"]))
        self._foreign = re.compile("|".join(f"(?:{cue})" for cue in data["other"]))

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """The page's own address in a scrape's text; dates in the paths of the page's addresses."""
        found: list[tuple[str, str]] = []
        if document.page.url:
            found.append((document.page.url, "url:path"))
        if document.is_html:
            found += [(url, f"{place}:path") for url, place in own_addresses(document)]
        else:
            for claim in self._own_address(document):
                yield claim
                found.append((str(claim.value), f"{claim.evidence}:path"))
        for url, evidence in dict(found).items():
            when = self.date_in_path(url)
            if when is not None:
                yield Claim(Field.DATE_PUBLISHED, when, evidence, URL_DATE_RANK)

    def date_in_path(self, url: str) -> When | None:
        """The day in the path of an address; None when there is none, or an impossible one."""
        path = url.partition("://")[2].partition("/")
        text = f"/{path[2].partition('?')[0].partition('#')[0]}"[:MOST_PATH].lower()
        for form in (*_PATHS, *self.named):
            match = form.search(text)
            if match:
                parts = match.groupdict()
                month = int(parts["month"]) if parts.get("month") else self.months[parts["name"] or ""]
                day = int(match["day"])
                if form in _PATHS[-_DAY_FIRST:] and day != month and day <= MONTHS:
                    return None
                return when_on(int(match["year"]), month, day)
        return None

    def _own_address(self, document: Document) -> Iterator[Claim]:
        """Claim the address that a line announces as this article's, or whose last part shares words with the headline."""
        title = {word for word in words(fold_text(document.title or _opening(document))) if len(word) > 2}
        best: tuple[int, str, int] | None = None
        for block in document.blocks:
            if len(block.text) > MOST_LINE or "http" not in block.text.lower():
                continue
            for match in _ADDRESS.finditer(block.text):
                score = self._score(document, block, match.group(), title)
                if score and (best is None or score > best[0]):
                    best = (score, match.group().rstrip(".,;:)]’'"), block.index)
        if best is not None:
            yield Claim(Field.CANONICAL_URL, best[1], f"text:url:{best[2]}", TEXT_RANK if best[0] >= LEAST_SHARED else SOLE_RANK)

    def _score(self, document: Document, block: Block, address: str, title: set[str]) -> int:
        """How well an address fits as the page's own: `ANNOUNCED`, and 1 for each word shared with the headline; 0 when it does not fit."""
        url = canonicalise(address)
        if url is None or not is_public(url) or is_front_page(url):
            return 0
        around = [fold_text(each.text[:MOST_AROUND]) for each in document.blocks[max(0, block.index - 2):block.index]]
        near = fold_text(block.text.replace(address, " "))
        shared = len(title & set(words(fold_text(url.rstrip("/").rpartition("/")[2]))))
        announced = bool(self._cue.search(near) or (around and self._cue.search(around[-1])))
        alone = len(block.text) <= len(address) + MOST_BESIDE
        if self._foreign.search(f"{near} {around[-1] if around else ''}") and shared < LEAST_SHARED:
            return 0
        if not announced and (not alone or shared < LEAST_SHARED):
            return 0
        return ANNOUNCED * announced + shared


def _opening(document: Document) -> str:
    return document.blocks[0].text[:MOST_OPENING] if document.blocks else ""
