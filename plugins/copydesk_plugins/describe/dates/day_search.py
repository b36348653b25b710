"""Asks htmldate to search a whole page (https://github.com/adbar/htmldate). A day counts only where it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from copydesk import Block, Document, Page, When, parse_when
from copydesk_plugins.describe.dates.dated_lines import MOST_LINE, DatedLines
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.prose.sentences import is_sentence
from copydesk_plugins.shared.structured.claim_makers import strings
from copydesk_plugins.shared.structured.json_ld_article import foreign_addresses

FALLBACK_CHARACTERS = 1_000_000
"""Characters of a page that are searched."""
BEFORE_VALUE = 60
"""Characters before a date in which its key is looked for."""
DAY_LENGTH = 10
"""Characters of a day as YYYY-MM-DD; also those of a paragraph's beginning that may name the day."""
SCRIPT_KEY = re.compile(r"""["']([\w.-]{1,40})\\?["']\s?:\s?\\?["']?$""")
"""A key in a script's data, right before its value."""
DATE_KEY = re.compile(r"date|publi|issued|posted|online|since", re.I)
"""Keys of dates."""


class DaySearch:
    """Searches a page without a stated date, as the last resort."""

    def __init__(self, lines: DatedLines) -> None:
        self.lines = lines

    def find(self, document: Document) -> When | None:
        """The day that the search finds, when the page confirms it; else None."""
        from htmldate import extractors, find_date

        extractors.get_external_parser = _parser
        page: Page = document.page
        text = document.text[:FALLBACK_CHARACTERS]
        for address in foreign_addresses(document):
            text = text.replace(address, "")
        latest = page.date_captured.date().isoformat() if page.date_captured else None
        try:
            found = find_date(text, url=page.url, original_date=True, max_date=latest)
        except Exception:  # noqa: BLE001  # a third-party parser on untrusted mark-up: any error means no date
            return None
        when = parse_when(found)
        return when if when is not None and self._stands(when, document, text) else None

    def _stands(self, when: When, document: Document, text: str) -> bool:
        """Whether a day stands outside of running text: in the address, in machine-readable form, or in a short or dated block."""
        running = [block.text for block in document.blocks if self._is_running(block)]
        day, order = when.local[:DAY_LENGTH], self.lines.order(document)
        if any(each.when.local[:DAY_LENGTH] == day for line in self._texts_that_may_date(document, running)
               for each in self.lines.dates.find(line[:MOST_LINE], order)):
            return True
        year, month, number = map(int, day.split("-"))
        machine = re.compile(rf"(?<!\d)(?:{year}(?P<cut>[-/._]?)0?{month}(?P=cut)0?{number}|{year}{month:02}{number:02}\d{{4,9}}|"
                             rf"0?{number}\.0?{month}\.{year})(?!\d)")
        inside = sum(len(machine.findall(line)) for line in running)
        stated = sum(_tells(text[max(0, match.start() - BEFORE_VALUE):match.start()]) for match in machine.finditer(text))
        return stated > inside or bool(machine.search(document.page.url or ""))

    def _texts_that_may_date(self, document: Document, running: list[str]) -> Iterator[str]:
        """Texts that may name the day: short blocks, meta elements, dates in JSON-LD, beginnings of paragraphs that open with a figure."""
        for block in document.blocks:
            if not self._is_running(block) and not self.lines.elsewhere.intersection(block.tokens):
                yield block.text
        for contents in document.meta.values():
            yield from contents
        for thing in document.json_ld:
            for key in ("datePublished", "dateCreated"):
                yield from strings(thing.get(key))
        yield from (line[:DAY_LENGTH] for line in running if line[:1].isdigit())

    def _is_running(self, block: Block) -> bool:
        return (len(block.text) > MOST_LINE or is_sentence(block.text)) and not self.lines.dated.search(" ".join(block.own_tokens))


@lru_cache(1)
def _parser() -> Any:
    """The parser that htmldate asks where its own forms fail: only for the languages of ``data/months.toml``, and without memory.

    htmldate's own parser loads 200 languages at the first question of a process, which takes 10 s. Its answers also depend on the
    languages of the pages before.
    """
    from dateparser.date import DateDataParser

    known = [code for code in load("months")["months"] if code != "nb"]
    return DateDataParser(languages=known, try_previous_locales=False, settings={
        "NORMALIZE": True, "PARSERS": ["custom-formats", "absolute-time"], "PREFER_DATES_FROM": "past",
        "PREFER_LOCALE_DATE_ORDER": True, "RETURN_AS_TIMEZONE_AWARE": False, "STRICT_PARSING": True})


def _tells(before: str) -> bool:
    """Whether a date may be the page's by what stands before it. A date in a script's data may only with a key for dates."""
    key = SCRIPT_KEY.search(before)
    return key is None or DATE_KEY.search(key[1]) is not None
