"""Claims dates that readers see: time elements, and dated lines near the headline. Where nothing gives a date, htmldate searches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk import Claim, Document, Field, Label, PluginSettings, TimeElement, When, hookimpl, parse_when
from copydesk_plugins.describe.dates.dated_lines import HEAD_BLOCKS, DatedLines
from copydesk_plugins.describe.dates.day_search import DaySearch
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.written_dates import text_dates
from copydesk_plugins.shared.structured.claim_makers import strings
from copydesk_plugins.shared.structured.json_ld_article import main_article

RANK = 30
"""Rank of a time element. (Of all ranks the smaller is surer.)"""
AWAY = 9
"""Added to the rank of a time element away from the headline."""
SHOWN = 38
"""Ranks up to this one are of dates that are shown at the headline."""
TITLE = 40
"""Rank of a date in the page's title."""
FALLBACK = 60
"""Rank of the day that htmldate finds."""
MOST_TIMES = 40
"""Time elements of a page that are read."""
MICRODATA, NEAR, ELSEWHERE = 4, 3, 15
"""Rank of microdata is smaller by 4; near the headline 3, and outside of the story 15 are added."""
OWN_TOKENS = 6
"""Tokens of a time element that say what it is, the nearest first."""
MOST_BEFORE = 200
"""Characters of a time element's block in which a word of publication or change is looked for."""
MOST_TITLE_DATE = 30
"""Characters of the part of a title that is a date."""
DAY_LENGTH = 10
"""Characters of a day as YYYY-MM-DD."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
"""A day as machines write it."""
_DIGITS = re.compile(r"\d{4}")
"""A year."""


class Plugin:
    """Makes claims of visible dates."""

    class Settings(PluginSettings):
        """``[plugins.meta_time]``: ``fallback`` switches htmldate's search of the whole page on pages without a date."""

        fallback: bool = True

    def __init__(self, settings: Settings) -> None:
        self.fallback = settings.fallback
        self.dates = text_dates()
        self.comments = frozenset(load("meta_names")["bylines"]["foreign"])
        self.names: list[str] = load("meta_names")["fields"][Field.DATE_PUBLISHED]
        self.lines = DatedLines(self.dates)
        self.search = DaySearch(self.lines)

    @hookimpl
    def propose_metadata(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claims of time elements and dated lines; of the fallback only when no other place names a date of publication."""
        claims = [*self._times(document), *self._lines(document, labels), *self._title(document)]
        claims = _of_this_story(claims) if document.is_html else claims
        yield from claims
        named = any(claim.field == Field.DATE_PUBLISHED for claim in claims)
        if self.fallback and document.is_html and not named and not self._has_structured(document):
            found = self.search.find(document)
            if found is not None and not self._is_of_comment(found, document):
                yield Claim(Field.DATE_PUBLISHED, found, "htmldate", FALLBACK)

    def _is_of_comment(self, when: When, document: Document) -> bool:
        """Whether a day is that of a comment below the story."""
        day = when.local[:DAY_LENGTH]
        return any(not self.comments.isdisjoint(each.tokens) and each.datetime.startswith(day) for each in document.times)

    def _has_structured(self, document: Document) -> bool:
        """Whether JSON-LD or meta elements name a date of publication, or an impossible one, which no search repairs."""
        article = document.once(main_article) or {}
        named = [*strings(article.get("datePublished")), *(text for name in self.names for text in document.meta.get(name, ())[:1])]
        if any(parse_when(text) for text in named):
            return True
        stated = [text for thing in document.json_ld for text in strings(thing.get("datePublished"))]
        stated += [text for name in self.names for text in document.meta.get(name, ())]
        stated += [element.datetime for element in document.times]
        return any(_DAY.match(text) and parse_when(text) is None for text in stated)

    def _times(self, document: Document) -> Iterator[Claim]:
        if not document.times:
            return
        heading = self.lines.heading(document, ()) or 0
        order = self.lines.order(document)
        for element in document.times[:MOST_TIMES]:
            if not self.comments.isdisjoint(element.tokens):
                continue
            when = parse_when(element.datetime) or self.dates.only(element.text, order) or self.dates.only(element.datetime, order)
            if when is None:
                continue
            field, rank, evidence = self._role(element, heading, document)
            yield Claim(field, when, f"time:{evidence}", rank)

    def _role(self, element: TimeElement, heading: int, document: Document) -> tuple[Field, int, str]:
        """The field that a time element dates (publication or change), the claim's rank, and the sign that says so."""
        own = " ".join(element.tokens[:OWN_TOKENS])
        block = document.blocks[element.block] if element.block is not None and element.block < len(document.blocks) else None
        before = block.text[:MOST_BEFORE] if block is not None else ""
        if "datemodified" in element.itemprop or "modif" in own or "updat" in own or (
                self.dates.says_modified(before) and not self.dates.says_published(before)):
            return Field.DATE_MODIFIED, RANK, "modified"
        if "datepublished" in element.itemprop:
            return Field.DATE_PUBLISHED, RANK - MICRODATA, "datePublished"
        if self.lines.elsewhere & set(element.tokens):
            return Field.DATE_PUBLISHED, RANK + ELSEWHERE, "elsewhere"
        near = element.block is not None and abs(element.block - heading) <= HEAD_BLOCKS
        if "publish" in own or self.dates.says_published(before):
            return Field.DATE_PUBLISHED, RANK + (0 if near else AWAY), "published" if near else "published-away"
        return Field.DATE_PUBLISHED, RANK + (NEAR if near else AWAY), "near-headline" if near else "on-page"

    def _lines(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        dateline = self.lines.dateline(document, labels)
        for each in (*self.lines.find(document, labels), *([dateline] if dateline else [])):
            field = Field.DATE_MODIFIED if each.modified else Field.DATE_PUBLISHED
            yield Claim(field, each.when, f"text:{each.form}:{each.block}", each.rank)

    def _title(self, document: Document) -> Iterator[Claim]:
        """Claim the date that a page's title names beside the headline ("… | 02.11.2021")."""
        part = document.title.rpartition("|")[2].strip() if document.is_html and "|" in document.title else ""
        if _DIGITS.search(part) and len(part) <= MOST_TITLE_DATE:
            when = self.dates.only(part, self.lines.order(document))
            if when is not None:
                yield Claim(Field.DATE_PUBLISHED, when, "title:date", TITLE)


def _of_this_story(claims: list[Claim]) -> list[Claim]:
    """The claims without other stories' dates of publication.

    When only a date of change stands at the headline, dates of publication away from it belong to other stories.
    """
    changed = any(claim.field == Field.DATE_MODIFIED and claim.rank <= SHOWN for claim in claims)
    near = any(claim.field == Field.DATE_PUBLISHED and claim.rank < RANK + AWAY for claim in claims)
    if not changed or near:
        return claims
    return [claim for claim in claims if claim.field != Field.DATE_PUBLISHED or claim.rank < RANK + AWAY]
