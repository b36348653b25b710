"""Quotations of English articles with their speakers, by rules; in other languages with speakers where these are certain."""

from __future__ import annotations

from collections.abc import Iterable

from copydesk import Article, Quote, hookimpl
from copydesk_plugins import _data, _quote_kind, _quote_lexicon
from copydesk_plugins._quote_marks import find_stretches
from copydesk_plugins._quote_reading import Reading
from copydesk_plugins._quote_touching import Touching, TouchingReader
from copydesk_plugins._quote_turns import with_turns

LANGUAGE = "en"


class Plugin:
    """Proposes quotes: finds the marks, reads the sentences around them, names the speakers."""

    def __init__(self) -> None:
        self.lexicon = _quote_lexicon.build(_data.load("quotes_en"))
        self.others = {language: Touching(table) for language, table in _data.load("quotes_other").items()}

    @hookimpl
    def propose_quotes(self, article: Article, indirect: bool) -> Iterable[Quote]:
        """The quotes of an article in text order; with ``indirect`` also reported clauses without marks."""
        stretches = find_stretches(article.body, article.paragraphs)
        if article.metadata.in_language not in (None, LANGUAGE):
            quotes = list(_quote_kind.marks_only(article.body, stretches))
            other = self.others.get(str(article.metadata.in_language)[:2])
            return list(TouchingReader(article.body, article.paragraphs, other).quotes(quotes, stretches)) if other and quotes else quotes
        stretches = with_turns(article.body, article.paragraphs, stretches)
        if not stretches and not indirect:
            return []
        return Reading(article.body, article.paragraphs, stretches, self.lexicon).quotes(indirect)
