"""Proposes the quotations of articles: with speakers by rules in English, in other languages where the speakers are certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from copydesk import Article, Quote, hookimpl
from copydesk_plugins.quotes import kind
from copydesk_plugins.quotes.grammar import lexicon
from copydesk_plugins.quotes.grammar.is_english import looks_english
from copydesk_plugins.quotes.marks.dashes import with_dashes
from copydesk_plugins.quotes.marks.stretches import Stretch, find_stretches
from copydesk_plugins.quotes.other_languages import Touching, TouchingReader
from copydesk_plugins.quotes.reader import QuoteReading
from copydesk_plugins.quotes.speakers.turns import with_turns
from copydesk_plugins.shared.facts import loading

LANGUAGE = "en"
"""The language with rules of its own."""


class Plugin:
    """Proposes quotes: it finds the marks, reads the sentences around them, and names the speakers."""

    def __init__(self) -> None:
        self.lexicon = lexicon.build(loading.load("quotes_en"))
        self.others = {language: Touching(table) for language, table in loading.load("quotes_other").items()}

    @hookimpl
    def propose_quotes(self, article: Article, indirect: bool) -> Iterable[Quote]:
        """The quotes of an article in text order; with ``indirect`` also reported clauses without marks."""
        stretches = find_stretches(article.body, article.paragraphs)
        language = (article.metadata.in_language or "").partition("-")[0]
        if language not in ("", LANGUAGE) or (not language and not looks_english(article.body, self.lexicon)):
            return self._elsewhere(article, stretches, self.others.get(language))
        stretches = with_turns(article.body, article.paragraphs, stretches)
        if not stretches and not indirect:
            return []
        return QuoteReading(article.body, article.paragraphs, stretches, self.lexicon).quotes(indirect)

    def _elsewhere(self, article: Article, stretches: Sequence[Stretch], language: Touching | None) -> list[Quote]:
        """The quotes of a text in another language, or in an unknown one."""
        if language is None:
            return list(kind.marks_only(article.body, stretches))
        stretches = with_dashes(article.body, article.paragraphs, stretches, language.tag) if language.dashes else stretches
        reader = TouchingReader(article.body, article.paragraphs, language)
        return list(reader.quotes(list(kind.marks_only(article.body, stretches, reader.is_tagged)), stretches))
