"""Claims what a page's head and mark-up say: Open Graph, meta, link, microdata, the language attribute, headings, byline elements."""

from __future__ import annotations

from collections.abc import Iterator

from copydesk import Claim, Document, Field, hookimpl
from copydesk_plugins.describe.bylines.byline_elements import BylineElements
from copydesk_plugins.shared.facts.loading import load
from copydesk_plugins.shared.lines.main_heading import main_heading
from copydesk_plugins.shared.prose.person_names import authors, names_of, unique
from copydesk_plugins.shared.structured.claim_makers import (
    date_claim,
    language_code,
    list_claim,
    plain,
    publisher_claim,
    text_claim,
    url_claim,
)

RANK = 20
"""Rank of meta elements. (Of all ranks the smaller is surer.)"""
OG_TITLE = 12
"""Rank of the title in Open Graph."""
VISIBLE = 30
"""Rank of the surest selector of byline elements."""
MOST_ELEMENTS = 12
"""Meta elements of one name that are read."""
CERTAIN_DATES = 28
"""Names of dates in ``meta_names.toml`` up to this place are sure."""
MOST_BYLINE = 300
"""A byline element has fewer characters than this."""
BEFORE = 6
"""Blocks above the main heading that are near it."""
BEHIND = 25
"""Blocks below it that are near it."""
BEHIND_LINKS = 15
"""Blocks below it in which a link to an author's page counts."""
CANONICAL, OG_URL, H1, TITLE, LANGUAGE, CREDIT = 12, 14, 15, 32, 25, 25
"""Ranks of addresses, a heading of level 1, the title element, the first meta element with a language, an agency among authors."""
MOST_STEP, NAMES_A_STEP, DOUBTFUL = 9, 4, 16
"""A name's place in its list adds at most 9 to its rank; of dates one for each 4 names, and 16 for a doubtful one."""


class Plugin:
    """Makes claims of meta elements and mark-up."""

    def __init__(self) -> None:
        self.names = names_of()
        data = load("meta_names")
        self.fields: dict[str, list[str]] = data["fields"]
        self.free = data["free"]
        self.page_types: dict[str, str] = data["page_types"]
        self.elements = BylineElements()

    @hookimpl
    def propose_metadata(self, document: Document) -> Iterator[Claim]:
        """Claims of each place in the head, and of headings and byline elements."""
        if not document.is_html:
            return
        yield from self._addresses(document)
        yield from self._texts(document)
        yield from self._dates(document)
        yield from self._lists(document)
        yield from self._language(document)
        yield from self._access(document)
        yield from self._meta_authors(document)
        yield from self._visible_authors(document)

    def _addresses(self, document: Document) -> Iterator[Claim]:
        for link in document.links:
            if link.rel == "canonical":
                yield from url_claim(link.href, "link:canonical", CANONICAL)
        yield from url_claim(document.first_meta("og:url"), "meta:og:url", OG_URL)

    def _texts(self, document: Document) -> Iterator[Claim]:
        for field in (Field.HEADLINE, Field.DESCRIPTION, Field.PUBLISHER):
            for step, name in enumerate(self.fields[field]):
                rank = OG_TITLE if name == "og:title" else RANK + min(step, MOST_STEP)
                made = publisher_claim if field is Field.PUBLISHER else text_claim
                yield from made(field, document.first_meta(name), f"meta:{name}", rank)
        first = [block for block in document.headings if block.level == 1 and "hidden" not in block.tokens]
        for block in first[:1]:
            yield Claim(Field.HEADLINE, plain(block.text), "h1", H1, (block.index,))
        yield from text_claim(Field.HEADLINE, document.title, "title", TITLE)

    def _dates(self, document: Document) -> Iterator[Claim]:
        for field in (Field.DATE_PUBLISHED, Field.DATE_MODIFIED):
            for step, name in enumerate(self.fields[field]):
                for content in document.meta.get(name, ())[:1]:
                    rank = RANK + (step // NAMES_A_STEP if step < CERTAIN_DATES else DOUBTFUL)
                    yield from date_claim(field, content, f"meta:{name}", rank)

    def _lists(self, document: Document) -> Iterator[Claim]:
        for field in (Field.ARTICLE_SECTION, Field.KEYWORDS):
            for step, name in enumerate(self.fields[field]):
                contents = [part for content in document.meta.get(name, ()) for part in content.split(",")]
                yield from list_claim(field, contents, f"meta:{name}", RANK + min(step, MOST_STEP))

    def _language(self, document: Document) -> Iterator[Claim]:
        code = language_code(document.language)
        if code:
            yield Claim(Field.IN_LANGUAGE, code, "html:lang", RANK - 2)
        for step, name in enumerate(self.fields[Field.IN_LANGUAGE]):
            code = language_code(document.first_meta(name))
            if code:
                yield Claim(Field.IN_LANGUAGE, code, f"meta:{name}", LANGUAGE + step)

    def _access(self, document: Document) -> Iterator[Claim]:
        for name in self.free["names"]:
            value = (document.first_meta(name) or "").lower()
            if value in self.free["yes"] or value in self.free["no"]:
                yield Claim(Field.IS_ACCESSIBLE_FOR_FREE, value in self.free["yes"], f"meta:{name}", RANK)
        kind = self.page_types.get((document.first_meta("og:type") or "").lower())
        if kind:
            yield Claim(Field.PAGE_TYPE, kind, "meta:og:type", RANK)

    def _meta_authors(self, document: Document) -> Iterator[Claim]:
        for step, name in enumerate(self.fields[Field.AUTHORS]):
            contents = [content for content in document.meta.get(name, ()) if content.strip()][:MOST_ELEMENTS]
            found = unique(person for content in contents for person in self.names.split(content))
            if name.startswith("twitter:"):
                found = tuple(each for each in found if self.names.looks_like_person(each.name))
            if found:
                yield Claim(Field.AUTHORS, authors(found), f"meta:{name}", RANK + min(step, MOST_STEP))
                agency = next((full for full in (self.names.agencies.full_name(each.name) for each in found) if full), None)
                if agency:
                    yield Claim(Field.CREDIT_TEXT, agency, f"meta:{name}", CREDIT)

    def _visible_authors(self, document: Document) -> Iterator[Claim]:
        """Claim names in microdata, author links and elements classed as bylines. The first selector that names somebody counts.

        Names far from the main heading belong to other stories.
        """
        heading = document.once(main_heading)
        start, stop = (max(0, heading.index - BEFORE), heading.index + BEHIND) if heading else (0, len(document.blocks))
        around = _text(document, start, stop)
        beside = _text(document, start, stop - BEHIND + BEHIND_LINKS) if heading else around
        for step, selector, all_texts in self.elements.find(document, start, stop):
            near = beside if "href*=" in selector else around
            texts = [text for text in all_texts if 0 < len(text) < MOST_BYLINE and text in near]
            found = unique(person for text in dict.fromkeys(texts) for person in self.names.split(text))
            named = tuple(each for each in found if self.names.looks_like_person(each.name) or each.organization)
            if named:
                yield Claim(Field.AUTHORS, authors(named), f"css:{selector}", VISIBLE + step)
                return


def _text(document: Document, start: int, stop: int) -> str:
    return "\n".join([block.text for block in document.blocks[start:stop]])
