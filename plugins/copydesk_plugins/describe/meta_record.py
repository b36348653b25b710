"""Claims what a record states beside its page (the word of a crawler or a corpus)."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk import Claim, Document, Field, hookimpl, parse_when
from copydesk_plugins.shared.prose.person_names import authors, names_of
from copydesk_plugins.shared.prose.written_dates import text_dates
from copydesk_plugins.shared.structured.claim_makers import language_code, text_claim

HTML_RANK = 15
"""Behind the page's own structured data (10), since whoever made the record read it from there or from less."""
OWN_RANKS: dict[str, int] = {Field.BYLINE: 36, Field.PUBLISHER: 19}
"""Fields for which the page's own word has another rank: its byline and the authors in it (20, 32; in JSON-LD 35), the publisher in its
JSON-LD (18)."""
TEXT_RANK = 10
"""A plain-text page has nothing better."""
TEXTS = (Field.HEADLINE, Field.DESCRIPTION, Field.PUBLISHER)
"""Fields that are claimed as they are stated."""
CODE_LENGTH = 2
"""Letters of a language code that is claimed."""


class Plugin:
    """Makes claims of ``Page.stated``."""

    def __init__(self) -> None:
        self.names = names_of()
        self.dates = text_dates()

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """A claim of each thing stated; a byline gives one of its authors too."""
        for name, text in document.page.stated:
            evidence = f"record:{name}"
            rank = OWN_RANKS.get(name, HTML_RANK) if document.is_html else TEXT_RANK
            if name in TEXTS:
                yield from text_claim(Field(name), text, evidence, rank)
            elif name == Field.BYLINE:
                yield from self._byline(text, evidence, rank)
            elif name in (Field.DATE_PUBLISHED, Field.DATE_MODIFIED):
                when = parse_when(text) or self.dates.only(text)
                if when is not None:
                    yield Claim(name, when, evidence, rank)
            elif name == Field.IN_LANGUAGE:
                code = language_code(text)
                if code is not None and len(code) == CODE_LENGTH:
                    yield Claim(name, code, evidence, rank)

    def _byline(self, text: str, evidence: str, rank: int) -> Iterator[Claim]:
        yield from text_claim(Field.BYLINE, text, evidence, rank)
        found = authors(self.names.split(text))
        if found:
            yield Claim(Field.AUTHORS, found, evidence, rank)
