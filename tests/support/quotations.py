"""Helpers of the quote tests: the plugin alone, on a text with one paragraph a line."""

import re

from copydesk import Article, MediaType, Metadata, Page, Quote, Span
from copydesk_plugins.quotes.quotes_english import Plugin

PLUGIN = Plugin()


def article(text: str, language: str | None = None) -> Article:
    spans = tuple(Span(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text) if line.group().strip())
    return Article(Page(b"", MediaType.TEXT), Metadata(in_language=language), text, spans)


def quotes(text: str, language: str | None = None, indirect: bool = False) -> list[Quote]:
    return list(PLUGIN.propose_quotes(article(text, language), indirect))


def only(text: str) -> Quote:
    found = quotes(text)
    assert len(found) == 1, [quote.text for quote in found]
    return found[0]
