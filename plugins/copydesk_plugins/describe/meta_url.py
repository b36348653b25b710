"""What addresses say: the date in their path; in a plain-text scrape, which of the addresses in the text is the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk import Block, Claim, Document, Field, When, canonicalise, fold_text, hookimpl, is_front_page, is_public, when_on, words
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.structured.json_ld_article import own_addresses

URL_DATE_RANK = 45
TEXT_RANK = 40
SOLE_RANK = 48
MOST_LINE = 400
LEAST_SHARED = 2
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]{4,1000}", re.I)
_YEAR = r"(?P<year>199\d|20[0-4]\d)"
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
_DAY_FIRST = 2
"""How many of the last forms may have the day first: that only a number over 12, or twice the same, tells."""


class Plugin:
    """Claims of addresses."""

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
        """The day that the path of an address names; None when it names none or an impossible one."""
        path = url.partition("://")[2].partition("/")
        text = f"/{path[2].partition('?')[0].partition('#')[0]}"[:1_000].lower()
        for form in (*_PATHS, *self.named):
            match = form.search(text)
            if match:
                parts = match.groupdict()
                month = int(parts["month"]) if parts.get("month") else self.months[parts["name"] or ""]
                day = int(match["day"])
                if form in _PATHS[-_DAY_FIRST:] and day != month and day <= 12:
                    return None
                return when_on(int(match["year"]), month, day)
        return None

    def _own_address(self, document: Document) -> Iterator[Claim]:
        """The address that a line announces as this article's, or whose last part shares words with the headline."""
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
        """How well an address fits as the page's own: announced 3, each word shared with the headline 1; 0 when it doesn't."""
        url = canonicalise(address)
        if url is None or not is_public(url) or is_front_page(url):
            return 0
        around = [fold_text(each.text[:200]) for each in document.blocks[max(0, block.index - 2):block.index]]
        near = fold_text(block.text.replace(address, " "))
        shared = len(title & set(words(fold_text(url.rstrip("/").rpartition("/")[2]))))
        announced = bool(self._cue.search(near) or (around and self._cue.search(around[-1])))
        alone = len(block.text) <= len(address) + 40
        if self._foreign.search(f"{near} {around[-1] if around else ''}") and shared < LEAST_SHARED:
            return 0
        if not announced and (not alone or shared < LEAST_SHARED):
            return 0
        return 3 * announced + shared


def _opening(document: Document) -> str:
    return document.blocks[0].text[:300] if document.blocks else ""
