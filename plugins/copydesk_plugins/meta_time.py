"""Dates that readers see: time elements, dated lines near the headline; htmldate's search where nothing else gives one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk import Block, BlockKind, Claim, Document, Field, Label, Page, PluginSettings, Reason, TimeElement, When, hookimpl, parse_when
from copydesk_plugins._articles import MainArticle, foreign_addresses
from copydesk_plugins._claims import strings
from copydesk_plugins._data import load
from copydesk_plugins._shape import is_sentence
from copydesk_plugins._textdates import TextDates

RANK = 30
LABELLED = 32
LINE = 38
FALLBACK = 60
MOST_TIMES = 40
HEAD_BLOCKS = 12
BEFORE = 6
FAR = 10
MOST_LINE = 160
BEFORE_VALUE = 60
SCRIPT_KEY = re.compile(r"""["']([\w.-]{1,40})\\?["']\s?:\s?\\?["']?$""")
DATE_KEY = re.compile(r"date|publi|issued|posted|online|since", re.I)
FALLBACK_CHARACTERS = 1_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Plugin:
    """Claims of visible dates."""

    class Settings(PluginSettings):
        """``[plugins.meta_time]``: ``fallback`` switches htmldate's search of the whole page on pages without a date."""

        fallback: bool = True

    def __init__(self, settings: Settings) -> None:
        self.fallback = settings.fallback
        self.dates = TextDates()
        self.names: list[str] = load("meta_names")["fields"][Field.DATE_PUBLISHED]
        self.main = MainArticle()
        classes = load("months")["classes"]
        self.elsewhere = frozenset(classes["elsewhere"])
        self.dated = re.compile(classes["dated"])

    @hookimpl
    def propose_metadata(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        """Claims of time elements and dated lines; of the fallback only when no other place names a date of publication."""
        claims = [*self._times(document), *self._lines(document, labels)]
        yield from claims
        named = any(claim.field == Field.DATE_PUBLISHED for claim in claims)
        if self.fallback and document.is_html and not named and not self._has_structured(document):
            yield from self._search(document)

    def _has_structured(self, document: Document) -> bool:
        """Whether JSON-LD or meta elements name a date of publication, or an impossible one: that is none, and no search repairs it."""
        article = self.main.find(document) or {}
        named = [*strings(article.get("datePublished")), *(text for name in self.names for text in document.meta.get(name, ())[:1])]
        if any(parse_when(text) for text in named):
            return True
        stated = [text for thing in document.json_ld for text in strings(thing.get("datePublished"))]
        stated += [text for name in self.names for text in document.meta.get(name, ())]
        stated += [element.datetime for element in document.times]
        return any(_DAY.match(text) and parse_when(text) is None for text in stated)

    def _order(self, document: Document) -> bool | None:
        return self.dates.day_first((document.language, document.first_meta("og:locale"), document.first_meta("content-language")))

    def _times(self, document: Document) -> Iterator[Claim]:
        heading = next((block.index for block in document.headings if block.level == 1), 0)
        order = self._order(document)
        for element in document.times[:MOST_TIMES]:
            when = parse_when(element.datetime) or self.dates.only(element.text, order) or self.dates.only(element.datetime, order)
            if when is None:
                continue
            field, rank, evidence = self._role(element, heading, document)
            yield Claim(field, when, f"time:{evidence}", rank)

    def _role(self, element: TimeElement, heading: int, document: Document) -> tuple[Field, int, str]:
        """Published or modified, how surely, and by which sign."""
        own = " ".join(element.tokens[:6])
        before = document.blocks[element.block].text[:200] if element.block is not None and element.block < len(document.blocks) else ""
        if "datemodified" in element.itemprop or "modif" in own or "updat" in own or (
                self.dates.says_modified(before) and not self.dates.says_published(before)):
            return Field.DATE_MODIFIED, RANK, "modified"
        if "datepublished" in element.itemprop:
            return Field.DATE_PUBLISHED, RANK - 4, "datePublished"
        if self.elsewhere & set(element.tokens):
            return Field.DATE_PUBLISHED, RANK + 15, "elsewhere"
        if "publish" in own or self.dates.says_published(before):
            return Field.DATE_PUBLISHED, RANK, "published"
        near = element.block is not None and abs(element.block - heading) <= HEAD_BLOCKS
        return Field.DATE_PUBLISHED, RANK + (3 if near else 9), "near-headline" if near else "on-page"

    def _lines(self, document: Document, labels: tuple[Label, ...]) -> Iterator[Claim]:
        labelled = {label.block for label in labels if label.start is None and label.reason in (Reason.DATE, Reason.BYLINE)}
        heading = next((block.index for block in document.headings if block.level == 1), 0)
        for block in self._dated_blocks(document, labelled):
            near = -BEFORE <= block.index - heading <= HEAD_BLOCKS
            rank = (LABELLED if block.index in labelled else LINE) + (0 if near else FAR)
            for each in self.dates.find(block.text, self._order(document)):
                before = block.text[max(0, each.start - 60):each.start]
                modified = self.dates.says_modified(before) and not self.dates.says_published(before[-30:])
                field = Field.DATE_MODIFIED if modified else Field.DATE_PUBLISHED
                yield Claim(field, each.when, f"text:dated-line:{block.index}", rank)

    def _dated_blocks(self, document: Document, labelled: set[int]) -> Iterator[Block]:
        """Short blocks that carry a date by label, by class, or by standing between headline and text."""
        heading = next((block.index for block in document.headings if block.level == 1), -1)
        for block in document.blocks:
            if len(block.text) > MOST_LINE or not any(char.isdigit() for char in block.text):
                continue
            if block.index in labelled or (document.is_html and self._near(block, heading)) or (
                    not document.is_html and self._is_dated_line(block)):
                yield block

    def _near(self, block: Block, heading: int) -> bool:
        if self.elsewhere & set(block.tokens) or block.kind is BlockKind.TABLE_ROW:
            return False
        classed = bool(self.dated.search(" ".join(block.own_tokens)))
        return classed and (heading < 0 or -3 <= block.index - heading <= HEAD_BLOCKS)

    def _is_dated_line(self, block: Block) -> bool:
        """In a scrape: a line near the top that is little more than its date."""
        found = next(iter(self.dates.find(block.text)), None)
        if found is None or block.index > HEAD_BLOCKS:
            return False
        rest = len(block.text) - (found.end - found.start)
        return rest <= 45 or self.dates.says_published(block.text[:30]) or self.dates.says_modified(block.text[:30])

    def _search(self, document: Document) -> Iterator[Claim]:
        """htmldate's search (https://github.com/adbar/htmldate), believed only where the day it names stands on the page."""
        from htmldate import find_date

        page: Page = document.page
        text = document.text[:FALLBACK_CHARACTERS]
        for address in foreign_addresses(document, self.main.find(document)):
            text = text.replace(address, "")
        latest = page.date_captured.date().isoformat() if page.date_captured else None
        try:
            found = find_date(text, url=page.url, original_date=True, max_date=latest)
        except Exception:  # noqa: BLE001  # a third-party parser on untrusted mark-up: any error means no date
            return
        when = parse_when(found)
        if when is not None and self._stands(when, document, text):
            yield Claim(Field.DATE_PUBLISHED, when, "htmldate", FALLBACK)

    def _stands(self, when: When, document: Document, text: str) -> bool:
        """Whether a day stands outside running text: in the address, in a machine's form in the mark-up, or in a short or dated block."""
        running = [block.text for block in document.blocks if self._is_running(block)]
        said = [block.text for block in document.blocks if not self._is_running(block) and not self.elsewhere & set(block.tokens)]
        said += [content for contents in document.meta.values() for content in contents]
        said += [text for thing in document.json_ld for key in ("datePublished", "dateCreated") for text in strings(thing.get(key))]
        said += [line[:10] for line in running if line[:1].isdigit()]
        day, order = when.local[:10], self._order(document)
        if any(each.when.local[:10] == day for line in said for each in self.dates.find(line[:MOST_LINE], order)):
            return True
        year, month, number = map(int, day.split("-"))
        machine = re.compile(rf"(?<!\d)(?:{year}(?P<cut>[-/._]?)0?{month}(?P=cut)0?{number}|{year}{month:02}{number:02}\d{{4,9}}|"
                             rf"0?{number}\.0?{month}\.{year})(?!\d)")
        inside = sum(len(machine.findall(line)) for line in running)
        stated = sum(_tells(text[max(0, match.start() - BEFORE_VALUE):match.start()]) for match in machine.finditer(text))
        return stated > inside or bool(machine.search(document.page.url or ""))

    def _is_running(self, block: Block) -> bool:
        return (len(block.text) > MOST_LINE or is_sentence(block.text)) and not self.dated.search(" ".join(block.own_tokens))


def _tells(before: str) -> bool:
    """Whether what stands before a date may say that it is the page's: of the keys of a script's data only those of dates do."""
    key = SCRIPT_KEY.search(before)
    return key is None or DATE_KEY.search(key[1]) is not None
